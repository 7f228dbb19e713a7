import { join } from "node:path";
import fc from "../support/fast-check.js";
import { describe, expect, it } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { LIBRARIES, listErrors, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import { emitted, findCode, loadOutput, PAYLOADS, traces, type LoadedOutput } from "../support/hostile.js";
import { setOwn } from "../support/json.js";
import { createFolder, generateOf, tool, tree } from "../support/project.js";

function object(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made = {};
  for (const [key, value] of entries) setOwn(made, key, value);
  return made;
}

const LONE_SURROGATES = /\p{Surrogate}/gu;

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function pointer(text: string): string {
  return encodeURIComponent(text.replace(LONE_SURROGATES, "\ufffd")).replaceAll("~", "~0").replaceAll("%2F", "~1");
}

/** A tool with the text in every place that takes text. */
function toolOf(slug: string, text: string, key: string = text): Record<string, unknown> {
  const annotations = {
    title: text,
    description: text,
    $comment: text,
    default: text,
    examples: [text, object([[key, text]])],
    "x-other": text,
  };
  const definition = { type: "object", properties: { self: { $ref: `#/$defs/${pointer(key)}` } }, ...annotations };
  const isPointer = key.search(LONE_SURROGATES) === -1;
  const input = {
    ...annotations,
    type: "object",
    $defs: isPointer ? object([[key, definition]]) : {},
    properties: object([
      [key, { type: "string", format: text, ...annotations }],
      ["enumerated", { enum: [text, `${text}.`, 1, null], ...annotations }],
      ["compared", { enum: [object([[key, text]]), [text]] }],
      ["constant", { const: text }],
      ["matched", { type: "string", pattern: escaped(text) }],
      [
        "mapped",
        {
          type: "object",
          patternProperties: object([[`^${escaped(text)}$`, { const: text }]]),
          additionalProperties: false,
        },
      ],
      ["dependent", { dependencies: object([[key, [text]]]) }],
      ["conditional", { if: { properties: object([[key, { const: text }]]) }, then: { required: [key] } }],
      ["referring", isPointer ? { $ref: `#/$defs/${pointer(key)}` } : {}],
    ]),
    required: [key],
  };
  const identified = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://example.com/${pointer(text)}`,
    $defs: { inner: { $id: text, $dynamicAnchor: "node", properties: { next: { $dynamicRef: "#node" } } } },
    $ref: "#/$defs/inner",
    properties: object([[key, { type: "string" }]]),
    dependentSchemas: object([[key, { required: [key] }]]),
    unevaluatedProperties: { description: text },
    ...annotations,
  };
  return tool(slug, {
    name: text,
    description: text,
    tags: [text],
    scopes: [text],
    input_parameters: input,
    output_parameters: identified,
  });
}

function toolkitOf(text: string): Record<string, unknown> {
  return {
    slug: "x",
    name: text,
    auth_schemes: [text],
    meta: { description: text, version: text, available_versions: [text], app_url: text },
  };
}

/** Every fact and every verdict comes through as it went in. */
function expectRoundTrip(loaded: LoadedOutput, slug: string, text: string, key: string = text): void {
  const found = loaded.tools.get(slug);
  expect(found?.description).toBe(text);
  expect(found?.tags).toEqual([text]);
  expect(found?.scopes).toEqual([text]);
  const accepts = (more: readonly (readonly [string, unknown])[]): boolean =>
    found?.input.safeParse(object([[key, "v"], ...more])).success === true;
  expect(found?.input.safeParse({}).success).toBe(false);
  expect(accepts([])).toBe(true);
  if (["enumerated", "compared", "constant", "matched", "mapped"].includes(key)) return;
  expect(accepts([["enumerated", text]])).toBe(true);
  expect(accepts([["enumerated", `${text}?`]])).toBe(false);
  expect(accepts([["constant", text]])).toBe(true);
  expect(accepts([["constant", `${text} `]])).toBe(false);
  expect(accepts([["compared", object([[key, text]])]])).toBe(true);
  expect(accepts([["compared", object([[`${key}?`, text]])]])).toBe(false);
  expect(accepts([["matched", `<${text}>`]])).toBe(true);
  expect(accepts([["mapped", object([[text, text]])]])).toBe(true);
  expect(accepts([["mapped", object([[text, `${text}?`]])]])).toBe(false);
  expect(accepts([["mapped", object([[`${text}?`, text]])]])).toBe(false);
  expect(found?.output.safeParse(object([[key, "v"]])).success).toBe(true);
  expect(found?.output.safeParse(object([[key, 5]])).success).toBe(false);
}

describe("text of a catalogue", () => {
  const catalogue = PAYLOADS.map((text, index) => toolOf(`X_T${index}`, text));

  it.each(["ts", "js"] as const)("stays text in the emitted %s", async (emit) => {
    const folder = createFolder();
    const result = await generateOf(folder, [...catalogue, toolkitOf(PAYLOADS[0] as string)], { settings: { emit } });
    expect(result.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([]);
    expect(result.tools).toBe(PAYLOADS.length);
    expect(findCode(emitted(folder))).toEqual([]);
  });

  it("does not run when the output is compiled, loaded and used, and comes through as it was", async () => {
    const folder = createFolder();
    await generateOf(folder, catalogue, { settings: { runtime: "copy" } });
    const errors = await typeCheck(folder, "TypeScript 7", ["out"], {
      ...STRICTEST,
      ...MODULES.nodenext,
      ...LIBRARIES["es2023 and dom"],
    });
    expect(listErrors(errors)).toEqual([]);
    const loaded = await loadOutput(folder, ["x"]);
    for (const [index, text] of PAYLOADS.entries()) expectRoundTrip(loaded, `X_T${index}`, text);
    for (const [index, each] of catalogue.entries()) {
      expect(JSON.stringify(loaded.schemas[`t${index}InputSchema`])).toBe(
        JSON.stringify(sorted(each["input_parameters"])),
      );
      expect(JSON.stringify(loaded.schemas[`t${index}OutputSchema`])).toBe(
        JSON.stringify(sorted(each["output_parameters"])),
      );
    }
    expect(traces()).toBeUndefined();
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it("in a toolkit's facts stays text", async () => {
    for (const text of PAYLOADS) {
      const folder = createFolder();
      await generateOf(folder, [tool("X_A", { version: undefined, available_versions: [text] }), toolkitOf(text)]);
      expect(findCode(emitted(folder))).toEqual([]);
    }
  });

  it("in a description of an app stays text", async () => {
    for (const text of PAYLOADS) {
      const folder = createFolder();
      const answer = { description: text, content: { [`application/json; ${text}`]: { schema: { const: text } } } };
      const operation = {
        operationId: text,
        summary: text,
        description: text,
        tags: [text],
        deprecated: true,
        security: [object([[text, [text]]])],
        parameters: ["query", "header", "cookie"].map((place) => ({ in: place, name: text, description: text })),
        requestBody: {
          content: { "multipart/form-data": { schema: { properties: object([[text, { type: "string" }]]) } } },
        },
        responses: object([
          ["200", answer],
          [text, answer],
        ]),
      };
      const description = {
        openapi: "3.1.0",
        info: { title: `A${text}`, version: `1${text}`, description: text },
        servers: [{ url: `https://acme.test/{${text}}`, variables: object([[text, { default: text, enum: [text] }]]) }],
        paths: object([
          ["/a", { post: operation }],
          [`/${text}`, { get: { operationId: "b" } }],
        ]),
        components: { securitySchemes: object([[text, { type: "http", scheme: "bearer", description: text }]]) },
      };
      const path = folder.write("openapi.json", JSON.stringify(description));
      const out = join(folder.path, "out");
      await generate({ source: { kind: "app", path, slug: "x", out, settings: emitSettings({}) } });
      const { tools } = await loadOutput(folder, ["x"]);
      expect(tools.size, text).toBeGreaterThan(0);
      expect(traces(), text).toBeUndefined();
    }
  });

  it("in a slug is refused, and nothing is written outside of the output", async () => {
    const folder = createFolder();
    const slugs = [
      ...PAYLOADS,
      "../../X_A",
      "X_A/../../B",
      "X_A\n",
      "X\u0000A",
      "C:\\X",
      "X_Ａ",
      ".",
      "..",
      "con",
      "CON.txt",
    ];
    const named = slugs.map((slug) => tool("X_A", { toolkit: { slug } }));
    const result = await generateOf(folder, [...slugs.map((slug) => tool(slug)), tool("Y_OK")]);
    expect(result.tools).toBe(1);
    expect(result.diagnostics).toHaveLength(slugs.length);
    for (const [index, each] of named.entries()) {
      const out = `out${index}`;
      const own = await generateOf(folder, [each, tool("Y_OK")], { out });
      expect(own.tools + own.diagnostics.length).toBe(2);
      const folders = Object.keys(tree(join(folder.path, out))).map((path) => path.split("/")[0] ?? "");
      expect(folders.filter((name) => /^(?:con|__proto__)?$|[^\w.-]/i.test(name))).toEqual([]);
    }
    expect(
      Object.keys(tree(folder.path)).filter(
        (path) => !/^(?:out\d*\/|catalogue\.json$|package\.json$|node_modules$)/.test(path),
      ),
    ).toEqual([]);
  });

  it("of any kind, drawn at random, stays text and comes through", async () => {
    const fragment = fc.oneof(
      fc.constantFrom(...PAYLOADS.filter((text) => text.length < 100)),
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.string({ maxLength: 12 }),
    );
    const text = fc.array(fragment, { maxLength: 4 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 20, maxLength: 40 }), async (pairs) => {
        const folder = createFolder();
        const result = await generateOf(
          folder,
          pairs.map(([value, key], index) => toolOf(`X_T${index}`, value, key)),
        );
        expect(result.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual(
          [],
        );
        expect(findCode(emitted(folder))).toEqual([]);
        await generateOf(
          folder,
          pairs.map(([value, key], index) => toolOf(`X_T${index}`, value, key)),
          { settings: { runtime: "copy" } },
        );
        const loaded = await loadOutput(folder, ["x"]);
        for (const [index, [value, key]] of pairs.entries()) expectRoundTrip(loaded, `X_T${index}`, value, key);
        expect(traces()).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return object(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted((value as Record<string, unknown>)[key])]),
  );
}
