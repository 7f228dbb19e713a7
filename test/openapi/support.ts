import type { CatalogueTool, CatalogueToolkit } from "../../generator/catalogue/types.js";
import type { Diagnostic } from "../../generator/errors.js";
import { readDescription } from "../../generator/openapi/document.js";
import { toolkitOf, type AppFacts } from "../../generator/openapi/toolkit.js";

export interface Read {
  readonly toolkit: CatalogueToolkit;
  readonly diagnostics: readonly Diagnostic[];
  readonly slugs: readonly string[];
  tool(slug: string): CatalogueTool;
  /** The schema of a tool's arguments or data, as the description's document holds it. */
  schema(slug: string, side?: "input" | "output"): unknown;
}

const OPEN_INFO = { info: { title: "Acme", version: "1.0" } };

/** Reads a description given as an object, with `openapi: 3.1.0` and `info` unless it says otherwise. */
export function read(description: object, facts: Partial<AppFacts> = {}): Read {
  const edition = "swagger" in description ? {} : { openapi: "3.1.0" };
  const text = JSON.stringify({ ...edition, ...OPEN_INFO, ...description }, null, 2);
  const file = { name: "api.json", content: Buffer.from(text) };
  const read = readDescription(
    file,
    "toolbind-app:/api.json",
    () => undefined,
    () => undefined,
  );
  const { toolkit, diagnostics } = toolkitOf(read, {
    slug: "acme",
    name: undefined,
    description: undefined,
    app: { schemes: [] },
    leftOut: new Set(),
    contentHash: "",
    given: new Map(),
    ...facts,
  });
  const tool = (slug: string): CatalogueTool => {
    const found = toolkit.tools.find((each) => each.slug === slug);
    if (found === undefined) throw new Error(`${slug} is not among ${toolkit.tools.map((each) => each.slug).join()}`);
    return found;
  };
  return {
    toolkit,
    diagnostics,
    slugs: toolkit.tools.map(({ slug }) => slug),
    tool,
    schema(slug, side = "input") {
      const schema = tool(slug)[side];
      const keys = schema?.pointer.split("/").slice(1) ?? [];
      return keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], schema?.document);
    },
  };
}

/** A description with one operation, `POST /things`. */
export function operation(parts: object, root: object = {}): Read {
  return read({ paths: { "/things": { post: { operationId: "make", responses: {}, ...parts } } }, ...root });
}

export const json = (schema: object): object => ({ content: { "application/json": { schema } } });
