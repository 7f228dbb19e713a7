import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import * as classes from "../../runtime/error-classes.js";
import { CALL_ERROR_CATALOGUE } from "../../runtime/error-catalogue.js";
import { type CallErrorCode, isToolbindCallError, ToolbindCallError } from "../../runtime/errors.js";

const CODES = Object.keys(CALL_ERROR_CATALOGUE) as CallErrorCode[];
const errorOf = (code: CallErrorCode) =>
  new ToolbindCallError(code, ["failed", "a reason", "a remedy"], { toolSlug: "A_B" });

afterEach(() => {
  vi.resetModules();
});

describe("the classes", () => {
  it("stand for every code but the unforeseen one", () => {
    for (const code of CODES) {
      const matching = Object.entries(classes).filter(([, Class]) => errorOf(code) instanceof Class);
      const names = matching.map(([name]) => name).filter((name) => name !== "StatusError");
      expect(names.length, code).toBe(code === "TB5000" || code === "TB5599" ? 0 : 1);
    }
  });

  it("know their errors from another copy of the runtime", async () => {
    vi.resetModules();
    const other = await import("../../runtime/index.js");
    expect(other.ToolbindCallError).not.toBe(ToolbindCallError);
    const foreign = new other.ToolbindCallError("TB5429", ["failed", "a", "b"]);
    expect(foreign).toBeInstanceOf(ToolbindCallError);
    expect(foreign).toBeInstanceOf(classes.RateLimitError);
    expect(foreign).not.toBeInstanceOf(classes.NotFoundError);
    expect(isToolbindCallError(foreign)).toBe(true);
  });

  it("know nothing else", () => {
    for (const value of [undefined, null, 1, "TB5429", {}, { code: "TB5429" }, new Error("TB5429")]) {
      expect(value instanceof classes.RateLimitError).toBe(false);
      expect(isToolbindCallError(value)).toBe(false);
    }
  });

  it("are not stood for by a class that a program derives", () => {
    class Throttled extends classes.RateLimitError {}
    const text = ["failed with 429", "slow down", "wait"] as const;
    const own = new Throttled("TB5429", text);
    expect(own).toBeInstanceOf(Throttled);
    expect(own).toBeInstanceOf(classes.RateLimitError);
    expect(own).toBeInstanceOf(ToolbindCallError);
    expect(errorOf("TB5429")).not.toBeInstanceOf(Throttled);
    expect(new (class extends ToolbindCallError {})("TB5000", text)).not.toBeInstanceOf(Throttled);
  });

  it("can be made for a test's own use", () => {
    const error = new classes.RateLimitError("TB5429", ["failed with 429", "slow down", "wait"], { retryAfterMs: 5 });
    expect(error).toBeInstanceOf(classes.RateLimitError);
    expect(error.retryAfterMs).toBe(5);
  });
});

describe("an error", () => {
  it("shows only what is known", () => {
    expect({ ...errorOf("TB5429") }).toEqual({
      name: "ToolbindCallError",
      code: "TB5429",
      retryable: false,
      toolSlug: "A_B",
    });
    expect(inspect(errorOf("TB5429"))).not.toContain("undefined");
  });

  it("keeps its message in JSON, and its cause out of it", () => {
    const error = new ToolbindCallError("TB5020", ["failed", "because", "do"], { toolSlug: "A_B", cause: "a secret" });
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        name: "ToolbindCallError",
        code: "TB5020",
        retryable: false,
        toolSlug: "A_B",
        message: "A_B failed: because. Fix: do.",
      },
    });
  });

  it("ends its sentences once", () => {
    const error = new ToolbindCallError("TB5400", ["failed", "Is it so?", "Do it."]);
    expect(error.message).toBe("toolbind failed: Is it so? Fix: Do it.");
  });

  it("keeps the dots within what was said", () => {
    const error = new ToolbindCallError("TB5422", ["failed", "nothing between v1...v2, see ../a", "wait..."]);
    expect(error.message).toBe("toolbind failed: nothing between v1...v2, see ../a. Fix: wait...");
  });
});

describe("the catalogue", () => {
  it.each(CODES)("%s says what, why and what to do", (code) => {
    const { title, cause, fix } = CALL_ERROR_CATALOGUE[code];
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(cause).toMatch(/\.$/);
    expect(fix).toMatch(/\.$/);
  });
});

describe("a bundle", () => {
  // A copy, as users have it: without the package.json that says there are no side effects.
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "toolbind-runtime-"));
    await cp(join(import.meta.dirname, "../../runtime"), join(folder, "runtime"), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function bundle(contents: string, target: string): Promise<string> {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: folder, loader: "ts" },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      target,
      external: ["zod", "zod/*"],
    });
    return outputFiles[0]!.text;
  }

  it.each(["esnext", "es2020"])("for %s holds only the classes that are named", async (target) => {
    const without = await bundle(
      `import { createClient } from "./runtime/index.js"; console.log(createClient());`,
      target,
    );
    expect(without).not.toContain("TB5429");
    const source = `import { RateLimitError } from "./runtime/index.js"; console.log({} instanceof RateLimitError);`;
    const one = await bundle(source, target);
    expect(one).toContain("TB5429");
    expect(one).not.toContain("TB5503");
  });

  it.each(["call", "client", "errors", "error-classes"])(
    "of ./%s.js whose exports nobody uses holds nothing",
    async (name) => {
      const text = await bundle(`import "./runtime/${name}.js";`, "esnext");
      expect(text.replace(/import(?:\{[^}]*\}from)?"[^"]+";/g, "").trim()).toBe("");
    },
  );
});
