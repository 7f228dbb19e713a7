import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import {
  ConfigurationError,
  defineTool,
  describeTools,
  HookError,
  type SchemaHook,
  schemaHooksOf,
  type ToolDescription,
  UnknownToolError,
  type ToolWithOptionalArgs,
} from "../../runtime/index.js";
import { done, scripted, toolWith } from "./fake.js";
import { type CreateIssueInput, createIssue, failureOf, type Issue, snapshot } from "./support.js";

interface Map {
  GITHUB_CREATE_AN_ISSUE: { input: CreateIssueInput; output: Issue };
}

const { onSchema, preset } = schemaHooksOf<Map>();
const thing = toolWith();
const toolkit = { createIssue, thing, oldName: createIssue, notATool: () => {}, version: "1" };
const schemas = { createIssueInputSchema: snapshot[0]!.input_parameters, thingInputSchema: true, unused: {} };
const described = (...hooks: SchemaHook[]) => describeTools(toolkit, schemas, { hooks });
const argumentsOf = async (schema: object): Promise<ToolDescription["arguments"]> =>
  (await describeTools({ thing }, { thingInputSchema: schema }))[0]!.arguments;
const SCOPE = { tools: ["GITHUB_CREATE_AN_ISSUE"] } as const;

describe("describeTools", () => {
  it("tells of each tool once, with its schema as it came", async () => {
    expect(await described()).toEqual([
      {
        slug: "GITHUB_CREATE_AN_ISSUE",
        toolkit: "github",
        description: "Creates an issue.",
        arguments: snapshot[0]!.input_parameters,
      },
      { slug: "GITHUB_THING", toolkit: "github", description: "", arguments: { type: "object" } },
    ]);
  });

  it("says of every schema that it is an object's, as SDKs ask for", async () => {
    for (const schema of [{ properties: { a: {} } }, { type: ["object", "null"], properties: { a: {} } }]) {
      const [{ arguments: args }] = (await describeTools({ thing }, { thingInputSchema: schema })) as [ToolDescription];
      expect(args).toEqual({ type: "object", properties: { a: {} } });
      // The input schema of a tool in @modelcontextprotocol/sdk.
      expectTypeOf(args).toExtend<{
        [keyword: string]: unknown;
        type: "object";
        properties?: { [name: string]: object };
        required?: string[];
      }>();
    }
  });

  it.each(["~1", "%7E1", "%2F", "~%31"])("finds a name with a slash, written %s", async (slash) => {
    const $ref = `#/definitions/a${slash}b`;
    const args = await argumentsOf({ properties: { a: { $ref } }, definitions: { "a/b": { type: "string" } } });
    expect(args).toMatchObject({ $defs: { "a/b": { type: "string" } } });
  });

  it("has what a schema refers to in $defs, and nothing else", async () => {
    const label = {
      type: "object",
      properties: { name: { type: "string" }, parent: { $ref: "#/components/schemas/Label" } },
    };
    const schemas = {
      Label: label,
      "Pull Request": { properties: { label: { $ref: "#/components/schemas/Label/properties/name" } } },
      "Not/used": { type: "string" },
    };
    const properties = {
      label: { $ref: "#/components/schemas/Label" },
      pull: { oneOf: [{ type: "null" }, { $ref: "#/components/schemas/Pull%20Request" }] },
      // Names of arguments, and values, that look like keywords.
      $ref: { type: "string", enum: ["#/components/schemas/Label"] },
      default: { $ref: "#/components/schemas/Label", default: { $ref: "#/components/schemas/Not~1used" } },
    };
    expect(await argumentsOf({ type: "object", properties, components: { schemas } })).toEqual({
      type: "object",
      properties: {
        ...properties,
        label: { $ref: "#/$defs/Label" },
        pull: { oneOf: [{ type: "null" }, { $ref: "#/$defs/Pull%20Request" }] },
        default: { ...properties.default, $ref: "#/$defs/Label" },
      },
      $defs: {
        Label: { ...label, properties: { ...label.properties, parent: { $ref: "#/$defs/Label" } } },
        "Pull Request": { properties: { label: { $ref: "#/$defs/Label/properties/name" } } },
      },
    });
    const unused = { type: "object", properties: { a: { type: "string" } } };
    expect(await argumentsOf({ ...unused, components: { schemas } })).toEqual(unused);
  });

  it("keeps apart what has the same name in several places, and leaves other references as they are", async () => {
    const refs = ["#/definitions/A", "#/$defs/A", "#/definitions/toString", "#", "#/properties/a", "other.json#/A"];
    const properties = Object.fromEntries(refs.map(($ref, at) => [`p${at}`, { $ref }]));
    const [first, second] = [{ type: "string" }, { type: "number" }];
    const args = await argumentsOf({ properties, definitions: { A: first }, $defs: { A: second } });
    const now = ["#/$defs/A", "#/$defs/A_2", ...refs.slice(2)];
    expect(Object.values(args.properties!)).toEqual(now.map(($ref) => ({ $ref })));
    expect(args).toMatchObject({ $defs: { A: first, A_2: second } });
    expect(Object.keys(args)).toEqual(["properties", "type", "$defs"]);
  });

  it("follows references over thousands of steps", async () => {
    const names = Array.from({ length: 5000 }, (_, at) => `S${at}`);
    const $defs = Object.fromEntries(names.map((name, at) => [name, { items: { $ref: `#/$defs/S${at + 1}` } }]));
    const args = { type: "object", properties: { a: { $ref: "#/$defs/S0" } }, $defs };
    expect(await argumentsOf(args)).toEqual(args);
  });

  it("keeps all definitions where some are referred to by a name of their own", async () => {
    const $defs = { A: { $anchor: "a", type: "string" }, "B/C": { type: "number" } };
    const args = { type: "object", properties: { a: { $ref: "#a" } }, $defs };
    expect(await argumentsOf(args)).toEqual(args);
  });

  it("renames the references of a discriminator", async () => {
    const mapping = { cat: "#/components/schemas/Cat", dog: "Dog" };
    const pet = { oneOf: [{ $ref: "#/components/schemas/Cat" }], discriminator: { propertyName: "kind", mapping } };
    const args = await argumentsOf({ properties: { pet }, components: { schemas: { Cat: { type: "object" } } } });
    expect(args.properties!["pet"]).toMatchObject({ discriminator: { mapping: { cat: "#/$defs/Cat", dog: "Dog" } } });
  });

  it("says limits in the way of today's JSON Schema", async () => {
    const properties = {
      above: { minimum: 1, exclusiveMinimum: true },
      below: { type: "array", items: { maximum: 9, exclusiveMaximum: true, exclusiveMinimum: false, minimum: 0 } },
      exclusiveMinimum: { type: "boolean", const: true },
    };
    expect((await argumentsOf({ properties })).properties).toEqual({
      above: { exclusiveMinimum: 1 },
      below: { type: "array", items: { exclusiveMaximum: 9, minimum: 0 } },
      exclusiveMinimum: { type: "boolean", const: true },
    });
  });

  it("takes the tools that a scope names", async () => {
    const slugs = async (scope: object) => (await describeTools(toolkit, schemas, scope)).map(({ slug }) => slug);
    expect(await slugs({ tools: ["GITHUB_THING"] })).toEqual(["GITHUB_THING"]);
    expect(await slugs({ toolkits: ["slack"] })).toEqual([]);
  });

  it("refuses a slug that the toolkit should have and has not, and passes over those of others", async () => {
    const tools = ["GITHUB_THNG", "GITHUB_SOMETHING_ELSE", "GITLAB_THING", "SLACK_SEND"];
    const failures = tools.map((slug) => () => describeTools(toolkit, schemas, { tools: ["GITHUB_THING", slug] }));
    const misspelt = await failureOf(failures[0]!());
    expect(misspelt).toBeInstanceOf(UnknownToolError);
    expect(misspelt.message).toBe("GITHUB_THNG is unknown: github has no tool of this slug. Fix: name GITHUB_THING.");
    expect((await failureOf(failures[1]!())).message).toMatch(/Fix: leave it out\.$/);
    for (const each of failures.slice(2)) expect(await each()).toHaveLength(1);
  });

  it("has its slugs typed where it is given the map of tools", async () => {
    const [tool] = await describeTools<Map>(toolkit, schemas, SCOPE);
    // What `client.execute` takes.
    expectTypeOf(tool!.slug).toEqualTypeOf<keyof Map>();
    expectTypeOf((await described())[0]!.slug).toEqualTypeOf<string>();
    // @ts-expect-error no such slug
    await failureOf(describeTools<Map>(toolkit, schemas, { tools: ["GITHUB_CREATE_ISSUE"] }));
  });

  it("needs the toolkit's schemas", async () => {
    const failure = await failureOf(describeTools(toolkit, {}));
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(failure.message).toContain("GITHUB_CREATE_AN_ISSUE");
  });
});

describe("a schema hook", () => {
  it("changes descriptions and arguments, in order, for the tools in its scope", async () => {
    const told = await described(
      onSchema({}, ({ description }) => ({ description: `${description}!` })),
      onSchema(SCOPE, async ({ description, arguments: { properties, ...rest } }) => ({
        description: description.toUpperCase(),
        arguments: { ...rest, properties: { ...properties, title: { type: "string", maxLength: 80 } } },
      })),
      onSchema({ toolkits: ["slack"] }, () => ({ description: "of another toolkit" })),
      onSchema({}, () => undefined),
    );
    expect(told.map(({ description }) => description)).toEqual(["CREATES AN ISSUE.!", "!"]);
    expect(told[0]!.arguments.properties).toMatchObject({ title: { maxLength: 80 }, owner: { type: "string" } });
    expect(snapshot[0]!.input_parameters).toMatchObject({ properties: { title: { type: "string" } } });
  });

  it("that throws ends the description with what it threw", async () => {
    const cause = new Error("not on Fridays");
    const throwing = onSchema(SCOPE, () => {
      throw cause;
    });
    const failure = await failureOf(described(throwing));
    expect(failure).toBeInstanceOf(HookError);
    expect(failure).toMatchObject({ cause, toolSlug: "GITHUB_CREATE_AN_ISSUE" });
  });

  it("is typed by the slugs in its scope", () => {
    onSchema(SCOPE, ({ arguments: { properties, required } }) => {
      expectTypeOf(properties!.owner!).toEqualTypeOf<object>();
      expectTypeOf(required!).toEqualTypeOf<(keyof CreateIssueInput & string)[]>();
    });
    // @ts-expect-error no such argument
    onSchema(SCOPE, () => ({ arguments: { type: "object", required: ["onwer"] } }));
    // @ts-expect-error an argument of the wrong type
    preset(SCOPE, { owner: 1 });
    // @ts-expect-error no such slug
    preset({ tools: ["GITHUB_CREATE_AN_ISUE"] }, {});
  });
});

describe("preset arguments", () => {
  const site = preset(SCOPE, { owner: "acme", repo: "site" });

  it("are hidden from the model and filled in at the call, whatever the model says", async () => {
    const [told, other] = await described(site.schema);
    expect(Object.keys(told!.arguments.properties!)).toEqual(["title", "labels", "milestone", "per_page"]);
    expect(told!.arguments.required).toEqual(["title"]);
    expect(other!.arguments).toEqual({ type: "object" });
    const { client, requests } = scripted([() => done({ number: 1, state: "open" })], { use: [site.call] });
    await createIssue({ title: "a", owner: "evil" } as never, { client });
    await thing({ a: 1 }, { client });
    const sent = requests.map(([, { body }]) => (JSON.parse(body as string) as { arguments: unknown }).arguments);
    expect(sent).toEqual([{ owner: "acme", repo: "site", title: "a" }, { a: 1 }]);
  });

  it("are hidden with what only they refer to", async () => {
    const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` });
    const components = { schemas: { Site: { properties: { owner: ref("Owner") } }, Owner: {}, Label: {} } };
    const schema = { type: "object", properties: { site: ref("Site"), label: ref("Label") }, components };
    const { schema: hidden } = preset({ toolkits: ["github"] }, { site: {} });
    const [told] = await describeTools({ thing }, { thingInputSchema: schema }, { hooks: [hidden] });
    expect(told!.arguments).toEqual({
      type: "object",
      properties: { label: { $ref: "#/$defs/Label" } },
      $defs: { Label: {} },
    });
  });

  it("leave a call by a sentence alone", async () => {
    const { client, requests } = scripted([() => done({ number: 1, state: "open" })], { use: [site.call] });
    await createIssue.fromText("file it", { client });
    expect(requests[0]![1].body).not.toContain("acme");
  });

  it("are held against the tool's schema", async () => {
    const tool = defineTool<ToolWithOptionalArgs<{ a: number }, unknown>>("DEMO_A", () => ({
      toolkit: "demo",
      version: "20250906_01",
      description: "",
      input: () => z.looseObject({ a: z.number() }) as never,
      output: () => z.unknown() as never,
    }));
    const { client } = scripted([() => done()], { use: [preset({ toolkits: ["demo"] }, { a: "text" }).call] });
    expect((await failureOf(tool({ a: 1 }, { client }))).code).toBe("TB5010");
  });
});
