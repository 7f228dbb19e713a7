import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../generator/catalogue/canonical.js";
import { isHalfWritten, recoverWrite } from "../../generator/write/recover.js";
import { StagedWrite } from "../../generator/write/stage.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, put, tree } from "../support/project.js";

const never = (): boolean => false;

interface Place {
  readonly folder: TestFolder;
  readonly dir: string;
  readonly lock: string;
  readonly files: () => Record<string, string>;
}

/** A folder with two files and a lock beside it. */
function place(): Place {
  const folder = createFolder();
  const dir = join(folder.path, "specs");
  put(folder, "specs/a.json", "a1");
  put(folder, "specs/b.json", "b1");
  const lock = put(folder, "lock.json", "l1");
  const files = (): Record<string, string> =>
    Object.fromEntries(Object.entries(tree(folder.path)).filter(([path]) => /^(?:specs|lock)/.test(path)));
  return { folder, dir, lock, files };
}

const BEFORE = { "specs/a.json": "a1", "specs/b.json": "b1", "lock.json": "l1" };
const AFTER = { "specs/a.json": "a2", "specs/b.json": "b2", "specs/c.json": "c2", "lock.json": "l2" };

function add(staged: StagedWrite): void {
  for (const name of ["a", "b", "c"]) staged.add(`${name}.json`, `${name}2`, never);
}

describe("a staged write", () => {
  it("moves its files and the lock into place together", () => {
    const { dir, lock, files } = place();
    const staged = new StagedWrite(dir, lock);
    expect(staged.add("a.json", "a2", never)).toBe("changed");
    expect(staged.add("b.json", "b2", never)).toBe("changed");
    expect(staged.add("c.json", "c2", never)).toBe("new");
    staged.commit({ before: "l1", text: "l2" });
    staged.drop();
    expect(files()).toEqual(AFTER);
  });

  it("leaves alone what is the same, and what its caller calls the same", () => {
    const { dir, lock, files } = place();
    const staged = new StagedWrite(dir, lock);
    expect(staged.add("a.json", "a1", never)).toBe("unchanged");
    expect(staged.add("b.json", "b2", () => true)).toBe("unchanged");
    staged.commit(null);
    staged.drop();
    expect(files()).toEqual(BEFORE);
  });

  it("that is dropped leaves nothing, not even the folder it made", () => {
    const folder = createFolder();
    const staged = new StagedWrite(join(folder.path, "deep/specs"), join(folder.path, "lock.json"));
    expect(staged.add("a.json", "a1", never)).toBe("new");
    staged.drop();
    expect(existsSync(join(folder.path, "deep"))).toBe(false);
  });

  it("is undone where the lock has changed in the meantime", () => {
    const { folder, dir, lock, files } = place();
    const staged = new StagedWrite(dir, lock);
    add(staged);
    put(folder, "lock.json", "theirs");
    expect(() => staged.commit({ before: "l1", text: "l2" })).toThrow(
      /the lock has changed in the meantime.*it is unchanged.*Fix: run it again/,
    );
    staged.drop();
    expect(files()).toEqual({ ...BEFORE, "lock.json": "theirs" });
  });

  it("refuses a folder or a link in a file's place", () => {
    const { folder, dir, lock } = place();
    put(folder, "specs/d.json/inside", "x");
    const staged = new StagedWrite(dir, lock);
    expect(() => staged.add("d.json", "d2", never)).toThrow(/in the way/);
    staged.drop();
  });

  it("removes what killed runs left, and nothing of those that still run", () => {
    const { folder, dir, lock } = place();
    put(folder, "specs/.toolbind-pull-999999999-abc/new-0", "x");
    put(folder, `specs/.toolbind-pull-${process.pid}-abc/new-0`, "x");
    new StagedWrite(dir, lock).drop();
    expect(Object.keys(tree(dir)).filter((path) => path.startsWith("."))).toEqual([
      `.toolbind-pull-${process.pid}-abc/new-0`,
    ]);
  });
});

describe("a staged write that was killed while its files moved", () => {
  /** The state after `moved` of three files, and the lock or not, had moved. */
  function killed(moved: number, lockMoved: boolean): Place {
    const made = place();
    const staging = join(made.dir, ".toolbind-staging");
    const moves = ["a", "b", "c"].map((name) => {
      return { path: `${name}.json`, before: name === "c" ? null : sha256(`${name}1`), after: sha256(`${name}2`) };
    });
    for (const [index, { path, before }] of moves.entries()) {
      const name = path.slice(0, 1);
      if (index >= moved) put(made.folder, `specs/.toolbind-staging/new-${index}`, `${name}2`);
      else {
        if (before !== null) cpSync(join(made.dir, path), put(made.folder, `specs/.toolbind-staging/old-${index}`, ""));
        writeFileSync(join(made.dir, path), `${name}2`);
      }
    }
    put(made.folder, "specs/.toolbind-staging/new-lock", "l2");
    if (lockMoved) writeFileSync(made.lock, "l2");
    const journal = { moves, removals: [], lock: { before: sha256("l1"), after: sha256("l2") } };
    writeFileSync(join(staging, "journal.json"), JSON.stringify(journal));
    return made;
  }

  it.each([
    [0, false],
    [1, false],
    [3, false],
    [3, true],
  ])("after %i files (lock moved: %s) is completed", (moved, lockMoved) => {
    const { dir, lock, files } = killed(moved, lockMoved);
    expect(isHalfWritten(dir)).toBe(true);
    recoverWrite(dir, lock);
    expect(files()).toEqual(AFTER);
    expect(isHalfWritten(dir)).toBe(false);
  });

  it("is undone if the lock has changed since", () => {
    const { folder, dir, lock, files } = killed(2, false);
    put(folder, "lock.json", "theirs");
    recoverWrite(dir, lock);
    expect(files()).toEqual({ ...BEFORE, "lock.json": "theirs" });
  });

  it("without its journal is dropped", () => {
    const { dir, lock, files } = killed(0, false);
    rmSync(join(dir, ".toolbind-staging/journal.json"));
    recoverWrite(dir, lock);
    expect(files()).toEqual(BEFORE);
    expect(readFileSync(lock, "utf8")).toBe("l1");
  });
});
