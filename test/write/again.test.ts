import { chmodSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { sha256OfFile } from "../../generator/catalogue/canonical.js";
import { createFolder, generateOf, tool } from "../support/project.js";

vi.mock("../../generator/catalogue/canonical.js", { spy: true });
vi.mock("../../generator/fingerprint.js", async (importOriginal) => ({
  ...(await importOriginal<typeof import("../../generator/fingerprint.js")>()),
  // There is none where the program runs from its source.
  fingerprintInputs: () => () => "the same",
}));

/** An output that the next run finds as it was written, without a look into its files. */
async function createKnown() {
  const folder = createFolder();
  const run = async (check = false) => {
    vi.mocked(sha256OfFile).mockClear();
    const result = await generateOf(folder, [tool("A_B"), tool("B_C")], { check });
    return { ...result, read: vi.mocked(sha256OfFile).mock.calls.length };
  };
  await run();
  // The clock that files are stamped by has to tick.
  await wait(100);
  await run();
  return { folder, run, file: join(folder.path, "out/a/index.ts") };
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
    expect({ upToDate, read }).toEqual({ upToDate: true, read: files + 1 });
  });
});
