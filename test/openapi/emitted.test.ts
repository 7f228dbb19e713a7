import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { COMPILERS, LIBRARIES, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import { corpusPath, noCorpus } from "../support/corpus.js";
import { loadTools, TestFolder, type LoadedTools } from "../support/generated.js";

const DESCRIPTION = {
  openapi: "3.1.0",
  info: { title: "Acme", version: "2026-01" },
  paths: {
    "/notes": {
      post: {
        operationId: "createNote",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Note" } } },
        },
        responses: {
          201: { content: { "application/json": { schema: { $ref: "#/components/schemas/Note" } } } },
          422: { content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Error" } } } },
        },
      },
      get: {
        operationId: "listNotes",
        parameters: [
          { name: "tags", in: "query", schema: { type: "array", items: { $ref: "#/components/schemas/Tag" } } },
        ],
        responses: {
          200: {
            content: {
              "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Note" } } },
            },
          },
          204: {},
        },
      },
    },
    "/files": {
      post: {
        operationId: "uploadFile",
        requestBody: {
          required: true,
          content: {
            "multipart/form-data": {
              schema: {
                type: "object",
                required: ["file"],
                properties: {
                  file: { type: "string", format: "binary", description: "What to keep." },
                  more: { type: "array", items: { type: "string", format: "binary" } },
                  note: { type: "string" },
                },
              },
            },
          },
        },
        responses: { 200: { content: { "image/png": {} } } },
      },
      get: { operationId: "watchFiles", responses: { 200: { content: { "text/event-stream": {} } } } },
    },
    "/unused": { get: { operationId: "Promise", responses: { 200: { content: { "text/plain": {} } } } } },
  },
  components: {
    schemas: {
      Tag: { type: "string", minLength: 2 },
      Note: {
        type: "object",
        required: ["id", "text", "secret"],
        properties: {
          id: { type: "integer", readOnly: true },
          text: { type: "string" },
          secret: { type: "string", writeOnly: true },
          replies: { type: "array", items: { $ref: "#/components/schemas/Note" } },
          author: { $ref: "#/components/schemas/Author" },
        },
        additionalProperties: false,
      },
      Author: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, notes: { $ref: "#/components/schemas/Note" } },
      },
      Error: { type: "object", properties: { title: { type: "string" } } },
    },
  },
};

const RUNTIME = fileURLToPath(new URL("../../runtime", import.meta.url));

let folder: TestFolder;

beforeAll(() => {
  folder = new TestFolder();
});

afterAll(() => {
  folder.remove();
});

async function emit(
  out: string,
  description: object,
  settings: Parameters<typeof emitSettings>[0] = {},
): Promise<void> {
  const path = folder.write(`${out}.json`, JSON.stringify(description));
  await generate({
    source: { kind: "app", path, slug: "acme", out: join(folder.path, out), settings: emitSettings(settings) },
  });
}

describe("the toolkit of a description", () => {
  let loaded: LoadedTools;
  const accepts = (slug: string, side: "input" | "output", value: unknown): boolean =>
    (loaded.tools.get(slug) ?? expect.fail(slug))[side].safeParse(value).success;

  beforeAll(async () => {
    await emit("own", DESCRIPTION);
    loaded = await loadTools(folder, { out: "own" });
  });

  test("takes what is for requests, and gives what is for answers", () => {
    expect(accepts("ACME_CREATE_NOTE", "input", { text: "a", secret: "b" })).toBe(true);
    expect(accepts("ACME_CREATE_NOTE", "input", { text: "a", secret: "b", id: 1 })).toBe(false);
    expect(accepts("ACME_CREATE_NOTE", "input", { text: "a" })).toBe(false);
    expect(accepts("ACME_CREATE_NOTE", "output", { id: 1, text: "a" })).toBe(true);
    expect(accepts("ACME_CREATE_NOTE", "output", { text: "a", secret: "b" })).toBe(false);
  });

  test("does so at every depth, through references that lead back", () => {
    const reply = { text: "b", secret: "c" };
    expect(accepts("ACME_CREATE_NOTE", "input", { text: "a", secret: "b", replies: [reply] })).toBe(true);
    expect(accepts("ACME_CREATE_NOTE", "input", { text: "a", secret: "b", replies: [{ ...reply, id: 1 }] })).toBe(
      false,
    );
    const author = { name: "x", notes: { id: 2, text: "b" } };
    expect(accepts("ACME_CREATE_NOTE", "output", { id: 1, text: "a", author })).toBe(true);
    expect(accepts("ACME_CREATE_NOTE", "output", { id: 1, text: "a", author: { name: 1 } })).toBe(false);
  });

  test("takes bytes where files go, and gives them where they come", () => {
    const file = new Blob(["x"]);
    for (const bytes of [file, new Uint8Array(1), new ArrayBuffer(1), new ReadableStream()]) {
      expect(accepts("ACME_UPLOAD_FILE", "input", { file: bytes, more: [bytes] })).toBe(true);
    }
    expect(accepts("ACME_UPLOAD_FILE", "input", { file: "path/to/file" })).toBe(false);
    expect(accepts("ACME_UPLOAD_FILE", "output", file)).toBe(true);
    expect(accepts("ACME_UPLOAD_FILE", "output", "text")).toBe(false);
  });

  test("gives each kind of success", () => {
    expect(accepts("ACME_LIST_NOTES", "output", [{ id: 1, text: "a" }])).toBe(true);
    expect(accepts("ACME_LIST_NOTES", "output", null)).toBe(true);
    expect(accepts("ACME_LIST_NOTES", "output", {})).toBe(false);
    expect(accepts("ACME_LIST_NOTES", "input", { tags: ["ab"] })).toBe(true);
    expect(accepts("ACME_LIST_NOTES", "input", { tags: ["a"] })).toBe(false);
    expect(accepts("ACME_LIST_NOTES", "input", { tag: ["ab"] })).toBe(false);
  });

  test("has types that a person would have written", async () => {
    folder.write(
      "own.use.ts",
      `import * as acme from "./own/acme/index.js";
      const note: acme.CreateNoteInput = { text: "a", secret: "b", replies: [{ text: "c", secret: "d" }] };
      // @ts-expect-error read only
      acme.createNote({ text: "a", secret: "b", id: 1 });
      // @ts-expect-error required
      acme.createNote({ text: "a" });
      // @ts-expect-error misspelt
      acme.listNotes({ tag: [] });
      // @ts-expect-error a path is no file
      acme.uploadFile({ file: "x" });
      const { id }: acme.Note = await acme.createNote(note);
      const list: acme.Note[] | null = await acme.listNotes();
      const image: Blob = await acme.uploadFile({ file: new Uint8Array(1) });
      const events: ReadableStream<Uint8Array> = await acme.watchFiles();
      const title: string | undefined = ({} as acme.CreateNoteFailures)[422].title;
      export const all = [id, list, image, events, title, await acme.promise(), await acme.promise.withResponse()];`,
    );
    for (const compiler of COMPILERS) {
      const { isolatedDeclarations: _, declaration: __, ...strict } = STRICTEST;
      const options = { ...strict, ...MODULES.nodenext, ...LIBRARIES["es2023 and dom"], skipLibCheck: true };
      expect(await typeCheck(folder, compiler, ["own.use.ts"], options), compiler).toEqual([]);
    }
  });

  test("wants nothing of a request that every description of the member leaves to answers", async () => {
    const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
    const id = { type: "string", readOnly: true };
    const one = (key: string, members: object): object => ({
      type: "object",
      required: [key],
      properties: { ...members, [key]: { type: "string" } },
    });
    const schemas = {
      Id: { allOf: [id] },
      Card: one("number", { id }),
      Account: { allOf: [one("iban", { id: ref("Id") })] },
      Voucher: one("code", { id: { type: "string" } }),
      Referred: { type: "object", required: ["id"], properties: { id: { allOf: [ref("Id")], description: "Ours." } } },
      Base: { type: "object", properties: { id } },
      Needed: { required: ["id"] },
      Nested: { allOf: [ref("Needed")] },
      Built: { allOf: [ref("Base"), ref("Nested")] },
      Bare: { allOf: [{ type: "object", properties: { id: { type: "string" } } }, ref("Needed")] },
      Chosen: { type: "object", required: ["id"], oneOf: [ref("Card"), ref("Account")] },
      Given: { type: "object", required: ["id"], anyOf: [ref("Card"), ref("Voucher")] },
    };
    const contentOf = (schema: object): object => ({ content: { "application/json": { schema } } });
    const paths = Object.fromEntries(
      ["Referred", "Chosen", "Given", "Built", "Bare"].map((name) => [
        `/${name}`,
        {
          post: {
            operationId: name,
            requestBody: contentOf({ type: "array", items: ref(name) }),
            responses: { 200: contentOf(ref(name)) },
          },
        },
      ]),
    );
    await emit("hidden", { openapi: "3.1.0", info: DESCRIPTION.info, paths, components: { schemas } });
    const { tools } = await loadTools(folder, { out: "hidden" });
    const takes = (slug: string, value: object): boolean | undefined =>
      tools.get(slug)?.input.safeParse({ body: [value] }).success;
    const gives = (slug: string, value: object): boolean | undefined =>
      tools.get(slug)?.output.safeParse(value).success;
    expect(takes("ACME_REFERRED", {})).toBe(true);
    expect(gives("ACME_REFERRED", {})).toBe(false);
    expect(takes("ACME_BUILT", {})).toBe(true);
    expect(gives("ACME_BUILT", {})).toBe(false);
    expect(takes("ACME_BARE", {})).toBe(false);
    expect(takes("ACME_CHOSEN", { number: "1" })).toBe(true);
    expect(takes("ACME_CHOSEN", { iban: "1" })).toBe(true);
    expect(takes("ACME_CHOSEN", {})).toBe(false);
    expect(gives("ACME_CHOSEN", { number: "1" })).toBe(false);
    expect(takes("ACME_GIVEN", { code: "1" })).toBe(false);
    expect(takes("ACME_GIVEN", { code: "1", id: "1" })).toBe(true);
  });

  test("asks for nothing that is null or else of answers alone", async () => {
    const ref = { $ref: "#/components/schemas/State" };
    const schemas = {
      State: { type: "string", readOnly: true },
      Job: {
        type: "object",
        required: ["state", "name"],
        properties: { state: { anyOf: [ref, { type: "null" }] }, name: { type: "string" } },
      },
    };
    const job = { $ref: "#/components/schemas/Job" };
    const post = (operationId: string, schema: object): object => ({
      post: {
        operationId,
        requestBody: { content: { "application/json": { schema } } },
        responses: { 200: { content: { "application/json": { schema } } } },
      },
    });
    const paths = { "/a": post("one", job), "/b": post("all", { type: "array", items: job }) };
    await emit("or-null", { openapi: "3.1.0", info: DESCRIPTION.info, paths, components: { schemas } });
    const { tools } = await loadTools(folder, { out: "or-null" });
    expect(tools.get("ACME_ONE")?.input.safeParse({ name: "n" }).success).toBe(true);
    expect(tools.get("ACME_ONE")?.input.safeParse({ name: "n", state: 1 }).success).toBe(true);
    expect(tools.get("ACME_ALL")?.input.safeParse({ body: [{ name: "n" }] }).success).toBe(true);
    expect(tools.get("ACME_ALL")?.output.safeParse([{ name: "n" }]).success).toBe(false);
  });

  test("takes a schema with members and no type for what has them, in its types alone", async () => {
    const link = { properties: { href: { type: "string" }, hints: { items: { type: "integer" } } } };
    const answers = (schema: object): object => ({
      responses: { 200: { content: { "application/json": { schema } } } },
    });
    const paths = {
      "/link": { get: { operationId: "getLink", ...answers({ $ref: "#/components/schemas/Link" }) } },
      "/map": { get: { operationId: "getMap", ...answers({ additionalProperties: { type: "integer" } }) } },
      "/part": { get: { operationId: "getPart", ...answers({ required: ["a"] }) } },
      "/either": { get: { operationId: "getEither", ...answers({ ...link, anyOf: [{ required: ["href"] }, {}] }) } },
      "/any": { get: { operationId: "getAny", ...answers({ anyOf: [{ type: "string" }, { required: ["a"] }] }) } },
    };
    const components = { schemas: { Link: { ...link, nullable: true } } };
    await emit("meant", { openapi: "3.0.3", info: { title: "Acme", version: "1" }, paths, components });
    folder.write(
      "meant.use.ts",
      `import * as acme from "./meant/acme/index.js";
      const link = await acme.getLink();
      export const href: string | undefined = link?.href;
      export const hint: number | undefined = link?.hints?.[0];
      export const count: number | undefined = (await acme.getMap())["a"];
      export const part: unknown = (await acme.getPart()).a;
      export const either: string | undefined = (await acme.getEither()).href;
      // @ts-expect-error may be a string
      (await acme.getAny()).a;`,
    );
    const options = {
      ...MODULES.nodenext,
      ...LIBRARIES["es2023 and dom"],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    };
    expect(await typeCheck(folder, "TypeScript 7", ["meant.use.ts"], options)).toEqual([]);
    const { tools } = await loadTools(folder, { out: "meant" });
    const { output } = tools.get("ACME_GET_LINK") ?? expect.fail("it is left out");
    for (const value of [{ href: "a" }, null, 5]) expect(output.safeParse(value).success).toBe(true);
    expect(output.safeParse({ href: 5 }).success).toBe(false);
  });

  test.each([
    ["as TypeScript", {}],
    ["as JavaScript", { emit: "js" }],
    ["with .ts in its imports", { importExtension: ".ts" }],
  ] as const)("compiles under every flag: %s", async (name, settings) => {
    const out = `flags${name.length}`;
    await emit(out, DESCRIPTION, settings);
    for (const compiler of COMPILERS) {
      for (const library of Object.values(LIBRARIES)) {
        const options = { ...STRICTEST, ...MODULES.bundler, ...library, allowImportingTsExtensions: true };
        expect(await typeCheck(folder, compiler, [out], options), compiler).toEqual([]);
      }
    }
  });

  test("compiles with OAuth 2.0 beside the types of a page and those of Node.js", async () => {
    const flow = { tokenUrl: "https://acme.test/token", scopes: {} };
    const securitySchemes = { login: { type: "oauth2", flows: { clientCredentials: flow } } };
    await emit("oauth", { ...DESCRIPTION, components: { ...DESCRIPTION.components, securitySchemes } });
    // As Vite and Next.js set projects up.
    const library = { lib: ["es2022", "dom", "dom.iterable"], target: "es2022", types: ["node"], skipLibCheck: true };
    for (const compiler of COMPILERS) {
      expect(await typeCheck(folder, compiler, ["oauth"], { ...STRICTEST, ...MODULES.bundler, ...library })).toEqual(
        [],
      );
    }
  });

  test("has JSON Schemas that say what the validators say", async () => {
    const module = (await import(join(folder.path, "own/acme/schemas.ts"))) as Record<string, object>;
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const output = ajv.compile(module["createNoteOutputSchema"]!);
    expect(output({ id: 1, text: "a", secret: "b" })).toBe(true);
    expect(output({ id: "1", text: "a", secret: "b" })).toBe(false);
    expect(ajv.compile(module["listNotesInputSchema"]!)({ tags: ["a"] })).toBe(false);
  });
});

test("schemas that hold each other in a long chain are built without a deep stack", async () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [
      `S${index}`,
      {
        type: "object",
        properties: {
          next: { $ref: `#/components/schemas/S${index + 1}` },
          twice: { $ref: `#/components/schemas/S${index + 1}` },
        },
      },
    ]),
  );
  const content = { "application/json": { schema: { $ref: "#/components/schemas/S0" } } };
  const paths = { "/a": { get: { operationId: "get", responses: { 200: { content } } } } };
  await emit("chain", { ...DESCRIPTION, paths, components: { schemas: { ...schemas, S3000: { type: "integer" } } } });
  const { tools } = await loadTools(folder, { out: "chain" });
  expect(tools.get("ACME_GET")?.output.safeParse({ next: { twice: {} } }).success).toBe(true);
  expect(tools.get("ACME_GET")?.output.safeParse({ next: { twice: 1 } }).success).toBe(false);
});

test("schemas that fork again and again look at each value once", async () => {
  const next = (index: number): object => ({ $ref: `#/components/schemas/S${index + 1}` });
  const inPlace = Array.from({ length: 40 }, (_, index) => [`S${index}`, { allOf: [next(index), next(index)] }]);
  const below = Array.from({ length: 40 }, (_, index) => [
    `M${index}`,
    {
      properties: {
        a: {
          anyOf: [
            { $ref: `#/components/schemas/M${index + 1}` },
            { allOf: [{ $ref: `#/components/schemas/M${index + 1}` }] },
          ],
        },
      },
    },
  ]);
  const schemas = { ...Object.fromEntries([...inPlace, ...below]), S40: { required: ["x"] }, M40: { type: "integer" } };
  const content = (name: string): object => ({
    "application/json": { schema: { $ref: `#/components/schemas/${name}` } },
  });
  const get = (operationId: string, name: string): object => ({
    get: { operationId, responses: { 200: { content: content(name) } } },
  });
  await emit("laughs", {
    ...DESCRIPTION,
    paths: { "/a": get("a", "S0"), "/b": get("b", "M0") },
    components: { schemas },
  });
  const { tools } = await loadTools(folder, { out: "laughs" });
  const deep = (value: unknown, levels: number): unknown => (levels === 0 ? value : { a: deep(value, levels - 1) });
  for (const [slug, value, expected] of [
    ["ACME_A", { x: 1 }, true],
    ["ACME_A", {}, false],
    ["ACME_B", deep(1, 40), true],
    ["ACME_B", deep("1", 40), false],
  ] as const) {
    expect([slug, tools.get(slug)?.output.safeParse(value).success]).toEqual([slug, expected]);
  }
});

test("a fault in a shared schema leaves out the tools that reach it, and no other", async () => {
  const content = (name: string): object => ({
    responses: { 200: { content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } } } },
  });
  const schemas = {
    Bad: { type: "strange" },
    Holder: { properties: { bad: { $ref: "#/components/schemas/Bad" } } },
    Good: {},
  };
  const path = folder.write(
    "bad.json",
    JSON.stringify(
      {
        ...DESCRIPTION,
        paths: {
          "/a": { get: { operationId: "a", ...content("Holder") }, post: { operationId: "b", ...content("Good") } },
        },
        components: { schemas },
      },
      null,
      1,
    ),
  );
  const out = join(folder.path, "bad");
  const result = await generate({ source: { kind: "app", path, slug: "acme", out, settings: emitSettings({}) } });
  expect(result.tools).toBe(1);
  expect(result.diagnostics).toMatchObject([
    {
      code: "TB3001",
      message: expect.stringContaining("ACME_A left out") as string,
      at: { line: expect.any(Number) as number },
    },
  ]);
});

test("a fault in a resource with a dynamic anchor leaves out the tools that enter it, and no other", async () => {
  const answer = (name: string): object => ({
    responses: { 200: { content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } } } },
  });
  const node = (id: string, more: object = {}): object => ({
    $id: `https://example.com/${id}`,
    $dynamicAnchor: "node",
    type: "object",
    properties: { next: { $dynamicRef: "#node" }, ...more },
  });
  const schemas = {
    Tree: node("tree"),
    Strict: { ...node("strict", { size: { type: "number" } }), allOf: [{ $ref: "tree" }], required: ["size"] },
    Bad: { ...node("bad", { size: { type: "strange" } }), allOf: [{ $ref: "tree" }] },
  };
  const path = folder.write(
    "bad-anchor.json",
    JSON.stringify({
      ...DESCRIPTION,
      openapi: "3.1.0",
      paths: Object.fromEntries(
        Object.keys(schemas).map((name) => [`/${name}`, { get: { operationId: name, ...answer(name) } }]),
      ),
      components: { schemas },
    }),
  );
  const out = join(folder.path, "bad-anchor");
  const { diagnostics } = await generate({
    source: { kind: "app", path, slug: "acme", out, settings: emitSettings({}) },
  });
  expect(diagnostics.map(({ message }) => message.replace(/ at .*/, ""))).toEqual(["ACME_BAD left out"]);
  const { tools } = await loadTools(folder, { out: "bad-anchor" });
  const verdicts = (slug: string): unknown[] =>
    [{ next: {} }, { size: 1, next: { size: 2 } }, { size: 1, next: {} }].map(
      (value) => tools.get(slug)?.output.safeParse(value).success,
    );
  expect(verdicts("ACME_TREE")).toEqual([true, true, true]);
  expect(verdicts("ACME_STRICT")).toEqual([false, true, false]);
});

test("schemas are found by the ids and anchors that they have, and a fault of an answer has its line", async () => {
  const answer = (ref: string): object => ({ 200: { content: { "application/json": { schema: { $ref: ref } } } } });
  const get = (operationId: string, ref: string): object => ({ get: { operationId, responses: answer(ref) } });
  const schemas = {
    Money: { $anchor: "money", required: ["amount"] },
    Coin: {
      $id: "https://ids.test/coin",
      properties: { side: { $ref: "#/$defs/Side" } },
      $defs: { Side: { enum: ["heads", "tails"] } },
    },
  };
  const toss = { requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/Coin" } } } } };
  const paths = {
    "/a": get("a", "#money"),
    "/b": { ...get("b", "https://ids.test/coin"), post: { operationId: "toss", ...toss, responses: {} } },
    "/c": get("c", "#gone"),
  };
  const description = { ...DESCRIPTION, openapi: "3.1.0", paths, components: { schemas } };
  const text = JSON.stringify(description, null, 1);
  const path = folder.write("named.json", text);
  const out = join(folder.path, "named");
  const { diagnostics } = await generate({
    source: { kind: "app", path, slug: "acme", out, settings: emitSettings({}) },
  });
  const { tools } = await loadTools(folder, { out: "named" });
  const fits = (slug: string, side: "input" | "output", value: unknown): boolean | undefined =>
    tools.get(slug)?.[side].safeParse(value).success;
  expect([fits("ACME_A", "output", { amount: 1 }), fits("ACME_A", "output", {})]).toEqual([true, false]);
  expect([fits("ACME_B", "output", { side: "heads" }), fits("ACME_B", "output", { side: 1 })]).toEqual([true, false]);
  expect(fits("ACME_TOSS", "input", { body: { side: "tails" } })).toBe(true);
  const line = text.slice(0, text.indexOf('"#gone"')).split("\n").length;
  expect(diagnostics).toMatchObject([{ code: "TB3002", at: { line } }]);
});

describe("references between files", () => {
  test("lead to files beside the description, and nowhere else", async () => {
    mkdirSync(join(folder.path, "many/api/common"), { recursive: true });
    const content = (ref: string): string =>
      `{ "200": { content: { application/json: { schema: { $ref: "${ref}" } } } } }`;
    folder.write(
      "many/api/openapi.yaml",
      `openapi: 3.0.3
info: { title: Many, version: "1" }
paths:
  /a: { get: { operationId: a, responses: ${content("common/pet.yaml#/Pet")} } }
  /b: { get: { operationId: b, responses: ${content("../secret.json")} } }
  /c: { get: { operationId: c, responses: ${content("https://example.com/pet.yaml")} } }
  /d: { $ref: "common/paths.yaml#/d" }
`,
    );
    folder.write("many/secret.json", '{ "type": "string", "description": "hidden" }');
    folder.write(
      "many/api/common/pet.yaml",
      "Pet:\n  properties:\n    owner: { $ref: 'owner.yaml' }\n    self: { $ref: '#/Pet' }\n",
    );
    folder.write(
      "many/api/common/owner.yaml",
      "type: object\nrequired: [name]\nproperties: { name: { type: string } }\n",
    );
    folder.write(
      "many/api/common/paths.yaml",
      `d: { get: { operationId: d, responses: ${content("pet.yaml#/Pet")} } }`,
    );
    const out = join(folder.path, "many-out");
    const source = { kind: "app", path: join(folder.path, "many/api"), out, settings: emitSettings({}) } as const;
    const result = await generate({ source });
    const { tools } = await loadTools(folder, { out: "many-out" });
    expect([...tools.keys()]).toEqual(["MANY_A", "MANY_D"]);
    for (const { output } of tools.values()) {
      expect(output.safeParse({ self: { owner: { name: "x" } } }).success).toBe(true);
      expect(output.safeParse({ self: { owner: {} } }).success).toBe(false);
    }
    expect(result.diagnostics.map(({ message }) => message.replace(/ at .*?: /, ": ").slice(0, 90))).toEqual([
      expect.stringContaining("MANY_B left out") as string,
      expect.stringContaining("MANY_C left out") as string,
    ]);
    expect(result.diagnostics.map(({ message }) => /Fix: (.*)$/.exec(message)?.[1])).toEqual([
      "put the file into the app's folder, or correct the reference.",
      expect.stringContaining(
        'name the file in the configuration: schemaMap: { "https://example.com/pet.yaml"',
      ) as string,
    ]);
  });
});

describe.skipIf(noCorpus)("real descriptions (needs TOOLBIND_CORPUS)", () => {
  const kinds = noCorpus ? [] : ["openapi", "tricky"];

  test("generate, or say what is wrong where; what they give compiles", { timeout: 300_000 }, async () => {
    const out = join(folder.path, "real");
    const refused: string[] = [];
    let tools = 0;
    for (const kind of kinds) {
      for (const name of readdirSync(corpusPath(kind)).sort()) {
        const inFolder = {
          "apidev-circular-external": "circular.yaml",
          "oai-20-petstore-separate": "spec/swagger.yaml",
        };
        const path = corpusPath(kind, name, inFolder[name as keyof typeof inFolder] ?? "");
        const slug = `t_${name.toLowerCase().replace(/[^a-z0-9]/g, "_")}`;
        const settings = emitSettings({ runtime: "package" });
        try {
          const source = { kind: "app", path, slug, out: join(out, slug), settings } as const;
          const result = await generate({ source });
          tools += result.tools;
          for (const { code, at } of result.diagnostics) expect([code, at?.line]).toEqual([code, expect.any(Number)]);
        } catch (error) {
          expect(error).toMatchObject({ code: "TB2030", details: { at: { line: expect.any(Number) as number } } });
          refused.push(name);
        }
      }
    }
    // The first ends in the midst of a string, and the other says nothing of OpenAPI.
    expect(refused).toEqual(["dracoon.public.yaml", "hey-circular-ref-with-description.json"]);
    console.log(`${tools} tools of real descriptions`);
    const runtime = {
      "toolbind/runtime": [`${RUNTIME}/index.ts`],
      "toolbind/runtime/*": [`${RUNTIME}/*.ts`, `${RUNTIME}/*/index.ts`],
    };
    const library = { ...LIBRARIES["es2023 and dom"], skipLibCheck: true, paths: runtime };
    const options = { ...STRICTEST, ...MODULES.bundler, ...library };
    expect((await typeCheck(folder, "TypeScript 7", ["real/*/*/*.ts"], options)).slice(0, 20)).toEqual([]);
  });
});
