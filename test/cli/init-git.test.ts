import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProject, type Project } from "../config/project.js";
import { toolbind } from "./run.js";

const LINE = "generated/** linguist-generated text eol=lf";

interface Initialised extends Project {
  readonly init: () => Promise<string>;
  readonly attributes: () => string;
  /** What Git makes of a path: values of the attributes that matter here. */
  readonly check: (path: string) => string;
}

/** A project in a Git repository. */
function repository(files: Readonly<Record<string, string>>, below = "."): Initialised {
  const project = createProject({ "node_modules/x": "", ...files });
  const cwd = join(project.folder, below);
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: readonly string[]): string => execFileSync("git", args, { cwd, env, encoding: "utf8" });
  git("init", "--quiet", project.folder);
  return {
    ...project,
    init: async () => (await toolbind(["init", "--yes"], { cwd })).stdout,
    attributes: () => readFileSync(join(cwd, ".gitattributes"), "utf8"),
    check: (path) =>
      git("check-attr", "-z", "linguist-generated", "eol", "--", path)
        .split("\0")
        .filter((_, index) => index % 3 === 2)
        .join(" "),
  };
}

describe("toolbind init in a Git repository", () => {
  it("tells Git that the output is generated and keeps its line ends", async () => {
    const { init, attributes, check } = repository({});
    expect(await init()).toMatch(/^written {2}\.gitattributes: /m);
    expect(attributes()).toBe(`${LINE}\n`);
    expect(check("generated/github/index.ts")).toBe("set lf");
    expect(check("main.ts")).toBe("unspecified unspecified");
    expect(await init()).toMatch(/^kept {5}\.gitattributes$/m);
    expect(attributes()).toBe(`${LINE}\n`);
  });

  it.each([
    ["*.png binary\n", `*.png binary\n${LINE}\n`],
    ["*.png binary", `*.png binary\n${LINE}\n`],
    ["* text=auto\r\n*.png binary\r\n", `* text=auto\r\n*.png binary\r\n${LINE}\r\n`],
    ["", `${LINE}\n`],
  ])("adds to %j", async (before, after) => {
    const { init, attributes, check } = repository({ ".gitattributes": before });
    expect(await init()).toMatch(/^changed {2}\.gitattributes: /m);
    expect(attributes()).toBe(after);
    expect(check("generated/index.ts")).toBe("set lf");
  });

  it.each(["/generated/** -text\n", "generated/* eol=crlf\n", "# x\n  generated/**\tlinguist-generated=false\n"])(
    "leaves what %j says of the output",
    async (before) => {
      const { init, attributes } = repository({ ".gitattributes": before });
      expect(await init()).toMatch(/^kept {5}\.gitattributes$/m);
      expect(attributes()).toBe(before);
    },
  );

  it("does so in a package of a monorepo, for the output that its configuration names", async () => {
    const { init, check, folder, attributes } = repository(
      {
        "packages/a/package.json": '{"type":"module"}',
        "packages/a/toolbind.config.json": '{"output":"src/my tools (größe)"}',
      },
      "packages/a",
    );
    await init();
    expect(attributes()).toBe("src/my?tools??größe?/** linguist-generated text eol=lf\n");
    expect(check("src/my tools (größe)/github/index.ts")).toBe("set lf");
    expect(existsSync(join(folder, ".gitattributes"))).toBe(false);
  });

  it("leaves an output outside the project alone, and a project without Git", async () => {
    const outside = repository(
      { "a/package.json": "{}", "a/toolbind.config.json": '{"output":"../out","snapshot":"../specs"}' },
      "a",
    );
    expect(await outside.init()).not.toContain(".gitattributes");
    const { folder } = createProject({});
    expect((await toolbind(["init", "--yes"], { cwd: folder })).stdout).not.toContain(".gitattributes");
    expect(existsSync(join(folder, ".gitattributes"))).toBe(false);
  });
});
