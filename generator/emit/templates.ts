import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import type { TemplateDelegate } from "handlebars";
import { nearest } from "../../runtime/nearest.js";
import { ToolbindError } from "../errors.js";
import { packageRoot } from "../package.js";
import { withSlashes } from "../paths.js";

/** Renders an emitted file from the template of the given name, such as `toolkit.ts`. */
export type Render = (template: string, view: object) => string;

const require = createRequire(import.meta.url);

/**
 * Loads templates: the user's own where the folder has one of the name, else the built-in ones,
 * which a build has compiled.
 */
export function loadTemplates(overrides: string | null): Render {
  if (overrides !== null) checkNames(overrides);
  const loaded = new Map<string, TemplateDelegate>();
  return (name, view) => {
    let template = loaded.get(name);
    if (template === undefined) loaded.set(name, (template = load(name, overrides)));
    try {
      return template(view);
    } catch (cause) {
      throw unusable(name, cause);
    }
  };
}

/** A folder or file with a wrong name would silently have no effect. */
function checkNames(folder: string): void {
  const source = withSlashes(relative("", folder));
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith(".hbs"));
  } catch (cause) {
    const what = "The folder of templates cannot be read";
    throw new ToolbindError("TB4004", { what, at: { source }, fix: "correct `templates` in the configuration", cause });
  }
  const known = readdirSync(join(packageRoot(), "templates"));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  throw new ToolbindError("TB4004", {
    what: "Template replaces nothing: no built-in template has its name",
    at: { source: `${source}/${unknown}` },
    fix: meant === undefined ? `use the name of a built-in one: ${known.join(", ")}` : `did you mean \`${meant}\`?`,
  });
}

function load(name: string, overrides: string | null): TemplateDelegate {
  const file = `${name}.hbs`;
  if (overrides !== null && readdirSync(overrides).includes(file)) {
    return compile(name, readTemplate(overrides, file).toString("utf8"));
  }
  const precompiled = precompiledTemplates();
  if (precompiled === undefined) return compile(name, readFileSync(join(packageRoot(), "templates", file), "utf8"));
  const { template } = require("handlebars/runtime.js") as { template: (spec: unknown) => TemplateDelegate };
  return template(precompiled[name]);
}

function precompiledTemplates(): Readonly<Record<string, unknown>> | undefined {
  try {
    return require("./templates.precompiled.cjs") as Readonly<Record<string, unknown>>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Handlebars' own escaping is for HTML: every value is code already when it gets here. */
export const COMPILE_OPTIONS = { noEscape: true, strict: false, knownHelpersOnly: true } as const;

function compile(name: string, source: string): TemplateDelegate {
  const { compile: compileTemplate, parse } = require("handlebars") as typeof import("handlebars");
  try {
    return compileTemplate(parse(source), COMPILE_OPTIONS);
  } catch (cause) {
    throw unusable(name, cause);
  }
}

/** One of the user's own, which the folder has. */
export function readTemplate(folder: string, file: string): Buffer {
  const path = join(folder, file);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ToolbindError("TB4004", {
      what: "Template cannot be read",
      at: { source: withSlashes(relative("", path)) },
      expected: "a readable file",
      received: (cause as NodeJS.ErrnoException).code ?? String(cause),
      fix: "correct its permissions or what it links to, or remove it to use the built-in one",
      cause,
    });
  }
}

function unusable(name: string, cause: unknown): ToolbindError {
  return new ToolbindError("TB4004", {
    what: `Template cannot be used: ${cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause)}`,
    at: { source: `${name}.hbs` },
    fix: "correct the template, or remove it to use the built-in one",
    cause,
  });
}
