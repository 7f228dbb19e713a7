import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { discriminate } from "../../generator/openapi/discriminate.js";
import { generate } from "../../generator/run.js";
import { COMPILERS, LIBRARIES, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import { loadTools, TestFolder, type LoadedTools } from "../support/generated.js";

const string = { type: "string" };
const shape = (kind: object, more: object = {}, required: readonly string[] = ["kind"]): object => ({
  type: "object",
  required,
  properties: { kind, ...more },
});
const refs = (...names: string[]): object[] => names.map((name) => ({ $ref: `#/components/schemas/${name}` }));

/** What becomes of a choice of these schemas. */
function choice(schemas: object, parts: object): unknown {
  const root = { components: { schemas: { ...schemas, Choice: parts } } };
  discriminate(root);
  return root.components.schemas.Choice;
}

describe("a discriminator", () => {
  const discriminator = {
    propertyName: "kind",
    mapping: { cat: "Cat", kitten: "Cat", dog: "#/components/schemas/Dog" },
  };
  const only = (name: string, ...values: string[]): object => ({
    allOf: [...refs(name), { type: "object", properties: { kind: { enum: values } }, required: ["kind"] }],
  });

  test("gives each alternative the values that mean it", () => {
    const schemas = { Cat: shape(string), Dog: { allOf: [...refs("Pet")] }, Pet: shape(string) };
    const oneOf = refs("Cat", "Dog");
    expect(choice(schemas, { oneOf, discriminator })).toEqual({
      oneOf: [only("Cat", "cat", "kitten"), only("Dog", "dog")],
      discriminator,
    });
    expect(choice(schemas, { anyOf: oneOf, discriminator })).toMatchObject({
      anyOf: [only("Cat", "cat", "kitten"), {}],
    });
  });

  test("says nothing more of alternatives that say it themselves, or have no such member", () => {
    const schemas = { Cat: shape({ enum: ["cat"] }), Dog: shape({ const: "dog" }), List: { type: "array" } };
    const parts = { oneOf: [...refs("Cat", "Dog", "List"), { type: "null" }], discriminator };
    expect(choice(schemas, parts)).toEqual(parts);
  });

  test("without values lets several alternatives fit", () => {
    const schemas = { Cat: shape(string), Dog: shape(string), Cow: shape(string, {}, []) };
    const oneOf = refs("Cat", "Dog");
    expect(choice(schemas, { oneOf, discriminator: { propertyName: "kind" } })).toEqual({
      anyOf: oneOf,
      discriminator: { propertyName: "kind" },
    });
    const mapping = { cat: "Cat", cow: "Cow" };
    expect(
      choice(schemas, { oneOf: refs("Cat", "Cow"), discriminator: { propertyName: "kind", mapping } }),
    ).toMatchObject({
      anyOf: [only("Cat", "cat"), { allOf: [...refs("Cow"), { properties: { kind: { enum: ["cow"] } } }] }],
    });
    const fallback = { propertyName: "kind", mapping, defaultMapping: "Dog" };
    expect(choice(schemas, { oneOf: refs("Cat", "Dog"), discriminator: fallback })).toMatchObject({
      anyOf: [only("Cat", "cat"), ...refs("Dog")],
    });
  });

  test("reaches the alternatives of a choice in it that has none of its own", () => {
    const schemas = {
      Cat: shape(string),
      Lion: shape(string),
      Dog: shape(string),
      Feline: { oneOf: refs("Cat", "Lion") },
    };
    const mapping = { cat: "Cat", lion: "Lion", dog: "Dog" };
    const parts = { propertyName: "kind", mapping };
    const felines = { description: "Big or small.", oneOf: refs("Cat", "Lion") };
    expect(choice({ ...schemas, Feline: felines }, { oneOf: refs("Feline", "Dog"), discriminator: parts })).toEqual({
      oneOf: [{ description: "Big or small.", oneOf: [only("Cat", "cat"), only("Lion", "lion")] }, only("Dog", "dog")],
      discriminator: parts,
    });
    // What names the choice as a whole says nothing of what is in it.
    const whole = { propertyName: "kind", mapping: { feline: "Feline", dog: "Dog" } };
    expect(choice(schemas, { oneOf: refs("Feline", "Dog"), discriminator: whole })).toEqual({
      oneOf: [...refs("Feline"), only("Dog", "dog")],
      discriminator: whole,
    });
    const one = { propertyName: "kind", mapping: { cat: "Cat", dog: "Dog" } };
    expect(choice(schemas, { oneOf: [{ oneOf: refs("Cat", "Lion") }, ...refs("Dog")], discriminator: one })).toEqual({
      anyOf: [{ anyOf: [only("Cat", "cat"), ...refs("Lion")] }, only("Dog", "dog")],
      discriminator: one,
    });
    const own = { Feline: { oneOf: refs("Cat", "Lion"), discriminator: { propertyName: "kind", mapping } } };
    expect(choice({ ...schemas, ...own }, { oneOf: refs("Feline", "Dog"), discriminator: parts })).toMatchObject({
      oneOf: [...refs("Feline"), only("Dog", "dog")],
    });
    const loop = { Feline: { oneOf: refs("Cat", "Feline", "Choice") } };
    expect(choice({ ...schemas, ...loop }, { oneOf: refs("Feline", "Dog"), discriminator: parts })).toMatchObject({
      oneOf: [{ oneOf: [only("Cat", "cat"), ...refs("Feline", "Choice")] }, only("Dog", "dog")],
    });
  });

  test("that leads back to itself ends", () => {
    const schemas = { Cat: { allOf: refs("Choice") } };
    const parts = { oneOf: refs("Cat"), discriminator };
    expect(choice(schemas, parts)).toEqual(parts);
  });
});

describe("tools of a description with discriminators", () => {
  const folder = new TestFolder();
  let loaded: LoadedTools;
  afterAll(() => folder.remove());

  beforeAll(async () => {
    const Scope = {
      oneOf: refs("Everybody", "Administrators"),
      discriminator: { propertyName: "kind", mapping: { all: "Everybody", admins: "Administrators" } },
    };
    const schemas = { Scope, Everybody: shape(string), Administrators: shape(string) };
    const content = { "application/json": { schema: shape(string, { scope: refs("Scope")[0]! }, ["scope"]) } };
    const path = folder.write(
      "scopes.json",
      JSON.stringify({
        openapi: "3.0.3",
        info: { title: "Scopes", version: "1" },
        paths: { "/a": { post: { operationId: "set", requestBody: { content }, responses: { 200: { content } } } } },
        components: { schemas },
      }),
    );
    const out = join(folder.path, "scopes");
    await generate({ source: { kind: "app", path, slug: "acme", out, settings: emitSettings({}) } });
    loaded = await loadTools(folder, { out: "scopes" });
  });

  test("take each alternative by its value, and nothing of another", () => {
    const takes = (scope: object): boolean | undefined =>
      loaded.tools.get("ACME_SET")?.input.safeParse({ scope }).success;
    expect([{ kind: "all" }, { kind: "admins" }, { kind: "others" }, {}].map(takes)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test("have types that the value narrows", async () => {
    folder.write(
      "narrow.ts",
      `import type * as acme from "./scopes/acme/index.js";
export const of = ({ scope }: acme.SetInput): "all" | "admins" => scope.kind;
// @ts-expect-error there is no such scope
export const none: acme.SetInput["scope"] = { kind: "others" };
`,
    );
    for (const compiler of COMPILERS) {
      const { isolatedDeclarations: _, declaration: __, ...strict } = STRICTEST;
      const options = { ...strict, ...MODULES.nodenext, ...LIBRARIES["es2023 and dom"], skipLibCheck: true };
      expect(await typeCheck(folder, compiler, ["narrow.ts"], options), compiler).toEqual([]);
    }
  });
});
