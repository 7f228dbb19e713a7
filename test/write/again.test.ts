import { chmodSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { digestOf, sha256OfFile } from "../../generator/catalogue/canonical.js";
import type { Inputs } from "../../generator/fingerprint.js";
import { createFolder, generateFrom, generateOf, put, tool } from "../support/project.js";

vi.mock("../../generator/catalogue/canonical.js", { spy: true });
vi.mock("../../generator/fingerprint.js", async (importOriginal) => ({
  ...(await importOriginal<typeof import("../../generator/fingerprint.js")>()),
  // There is none where the program runs from its source.
  fingerprintInputs: ({ files, digests }: Inputs) => {
    const all = files.map((file) => digests.of(file.path!, () => digestOf(file.content)));
    return () => all.join();
  },
}));

/** An output that the next run finds as it was written, without a look into its files. */
async function createKnown() {
  const folder = createFolder();
  const catalogue = put(folder, "catalogue.json", [tool("A_B"), tool("B_C")]);
  const run = async (check = false) => {
    vi.mocked(sha256OfFile).mockClear();
    vi.mocked(digestOf).mockClear();
    const result = await generateFrom(folder, "catalogue.json", { check });
    const calls = [...vi.mocked(sha256OfFile).mock.calls, ...vi.mocked(digestOf).mock.calls];
    return { ...result, read: calls.length };
  };
  await run();
  // The clock that files are stamped by has to tick.
  await wait(100);
  await run();
  return { catalogue, run, file: join(folder.path, "out/a/index.ts") };
}

describe("a run over an output that is there", () => {
  it("reads what was written since, and once what the last run wrote", async () => {
    const { run, file } = await createKnown();
    expect(await run()).toMatchObject({ upToDate: true, read: 0 });
    writeFileSync(file, readFileSync(file));
    await wait(100);
    expect(await run()).toMatchObject({ upToDate: true, read: 1 });
    expect(await run()).toMatchObject({ upToDate: true, read: 0 });
  });

  it("finds a change that left the size and the date of a file as they were", async () => {
    const { run, file } = await createKnown();
    const { atime, mtime } = statSync(file);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("export", "exqort"));
    utimesSync(file, atime, mtime);
    expect(await run()).toMatchObject({ upToDate: false, written: ["a/index.ts"] });
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("finds a change of the catalogue that left its size and date as they were", async () => {
    const { run, catalogue } = await createKnown();
    const { atime, mtime } = statSync(catalogue);
    writeFileSync(catalogue, readFileSync(catalogue, "utf8").replace("B_C", "B_D"));
    utimesSync(catalogue, atime, mtime);
    expect((await run()).written).toContain("b/index.ts");
    await wait(100);
    expect((await run()).upToDate).toBe(true);
    writeFileSync(catalogue, readFileSync(catalogue, "utf8").replace("B_D", "B_C"));
    expect((await run()).written).toContain("b/index.ts");
  });

  it("finds a change that was made right after the output was written", async () => {
    const folder = createFolder();
    const file = join(folder.path, "out/a/index.ts");
    for (let round = 0; round < 10; round++) {
      await generateOf(folder, [tool("A_B")]);
      await generateOf(folder, [tool("A_B")]);
      writeFileSync(file, readFileSync(file, "utf8").replace("export", "exqort"));
      expect((await generateOf(folder, [tool("A_B")])).written).toEqual(["a/index.ts"]);
    }
  });

  it("is not misled by other permissions", async () => {
    const { run, file } = await createKnown();
    chmodSync(file, 0o600);
    expect(await run()).toMatchObject({ upToDate: true });
  });

  it("reads everything where it is only to check", async () => {
    const { run } = await createKnown();
    const { upToDate, files, read } = await run(true);
    expect({ upToDate, read }).toEqual({ upToDate: true, read: files + 2 });
  });
});
