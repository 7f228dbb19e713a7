import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { createFolder, generateOf, put, tool, tree } from "../support/project.js";

const run = new URL("../../generator/run.ts", import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** Generates from two catalogues in turn, for as long as it lives. */
const PROGRAM = `
const { generate } = await import(${JSON.stringify(run.href)});
const settings = ${JSON.stringify(emitSettings({ runtime: "package" }))};
const [, , first, second, out] = process.argv;
for (let round = 0; ; round++) {
  const path = round % 2 === 0 ? first : second;
  await generate({ source: { kind: "catalogue", path, out, settings } });
  if (round === 1) process.stdout.write("started");
}`;

it("a process killed at any moment leaves what the next run makes whole", async () => {
  const folder = createFolder();
  const first = Array.from({ length: 12 }, (_, index) => tool(`KIT${index}_GET`));
  const second = Array.from({ length: 12 }, (_, index) => tool(`KIT${index + 6}_GET`, { description: "other" }));
  const program = put(folder, "program.mjs", PROGRAM);
  const paths = [put(folder, "first.json", first), put(folder, "second.json", second), join(folder.path, "out")];
  await generateOf(folder, second, { out: "expected" });
  const expected = tree(join(folder.path, "expected"));
  put(folder, "out/kit3/mine.txt", "mine");
  for (let round = 0; round < 12; round++) {
    const child = spawn(process.execPath, ["--import", "tsx", program, ...paths], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 80));
    child.kill("SIGKILL");
    expect(await closed).toBe("SIGKILL");
    await generateOf(folder, second);
    const { "kit3/mine.txt": mine, ...output } = tree(join(folder.path, "out"));
    expect(mine).toBe("mine");
    expect(Object.keys(output)).toEqual(Object.keys(expected));
    expect(output).toEqual(expected);
  }
});

it("a process killed before it removes the first emptied folder leaves the folder to the next run", async () => {
  const folder = createFolder();
  const first = put(folder, "first.json", [tool("KIT1_GET"), tool("KIT2_GET")]);
  const second = [tool("KIT2_GET")];
  await generateOf(folder, second, { out: "expected" });
  const program = put(
    folder,
    "program.mjs",
    `import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    const { generate } = await import(${JSON.stringify(run.href)});
    const settings = ${JSON.stringify(emitSettings({ runtime: "package" }))};
    const [, , first, second, out] = process.argv;
    await generate({ source: { kind: "catalogue", path: first, out, settings } });
    fs.rmdirSync = () => process.kill(process.pid, "SIGKILL");
    syncBuiltinESMExports();
    await generate({ source: { kind: "catalogue", path: second, out, settings } });`,
  );
  const paths = [first, put(folder, "second.json", second), join(folder.path, "out")];
  const child = spawn(process.execPath, ["--import", "tsx", program, ...paths], { cwd: root, stdio: "inherit" });
  expect(await new Promise((resolve) => child.once("close", (_, signal) => resolve(signal)))).toBe("SIGKILL");
  await generateOf(folder, second);
  expect(tree(join(folder.path, "out"))).toEqual(tree(join(folder.path, "expected")));
});
