import { describe, expect, expectTypeOf, it } from "vitest";
import type { ToolMap } from "../../generated/tool-map.js";
import { UnknownToolError, VersionError, withTools } from "../../runtime/index.js";
import { done, scripted } from "./fake.js";
import { type CreateIssueInput, createIssue, failureOf, type Issue, VERSION, weather } from "./support.js";

interface Map {
  GITHUB_CREATE_AN_ISSUE: { input: CreateIssueInput; output: Issue };
  WEATHER_NOW: { input: Record<string, unknown>; output: unknown };
  ELSEWHERE_THING: { input: { a: string }; output: string };
}

const github = { createIssue, helper: () => 1, NAMES: ["a"] };
const generated = { github, weather: { weather }, createClient: () => 1 };
const ARGS = { owner: "acme", repo: "site", title: "Broken link" };
const ISSUE = { number: 7, state: "open" };

function client(data: unknown = ISSUE) {
  const fake = scripted([() => done(data)]);
  return { ...fake, client: withTools<Map>(fake.client, generated) };
}

describe("execute", () => {
  it("is the call of the tool's function: same request, same types", async () => {
    const { client: tools, requests } = client();
    const issue = await tools.execute("GITHUB_CREATE_AN_ISSUE", ARGS);
    expectTypeOf(issue).toEqualTypeOf<Issue>();
    expect(issue).toEqual(ISSUE);
    await createIssue(ARGS, { client: tools });
    expect(requests[0]![0]).toBe(requests[1]![0]);
    expect(requests[0]![1].body).toBe(requests[1]![1].body);
  });

  it("does not compile with a wrong slug or wrong arguments", async () => {
    const { client: tools } = client();
    // @ts-expect-error no such slug
    expect(await failureOf(tools.execute("GITHUB_CREATE_AN_ISUE", ARGS))).toBeInstanceOf(UnknownToolError);
    // @ts-expect-error no such argument
    await tools.execute("GITHUB_CREATE_AN_ISSUE", { ...ARGS, titel: "a" });
    // @ts-expect-error an argument of the wrong type
    expect((await failureOf(tools.execute("GITHUB_CREATE_AN_ISSUE", { ...ARGS, title: 5 }))).code).toBe("TB5010");
  });

  it("is typed in functions that take any slug", async () => {
    const { client: tools } = client({ number: 7, state: "open" });
    async function run<Slug extends keyof Map & string>(
      slug: Slug,
      args: Map[Slug]["input"],
    ): Promise<Map[Slug]["output"]> {
      return tools.execute(slug, args);
    }
    expect((await run("GITHUB_CREATE_AN_ISSUE", ARGS)).number).toBe(7);
  });

  it("takes the emitted map of all tools", () => {
    const tools = withTools<ToolMap>(client().client);
    expectTypeOf(tools.execute<"GITHUB_CREATE_AN_ISSUE">)
      .parameter(1)
      .toHaveProperty("owner");
    expectTypeOf(tools.execute).parameter(0).not.toEqualTypeOf<string>();
  });

  it("says what is wrong with a slug, and which was probably meant", async () => {
    const { client: tools, requests } = client();
    const error = await failureOf(tools.execute("GITHUB_CREATE_A_ISSUE" as never, {} as never));
    expect(error).toMatchObject({ code: "TB5005", toolSlug: "GITHUB_CREATE_A_ISSUE" });
    expect(error.message).toContain("Fix: call GITHUB_CREATE_AN_ISSUE.");
    const other = await failureOf(tools.execute("ELSEWHERE_THING", { a: "b" }));
    expect(other.message).toMatch(/none of the 2 tools.*pass its toolkit to withTools/);
    expect(requests).toHaveLength(0);
  });

  it("finds the tools of a client that has some already", async () => {
    const { client: fake, requests } = scripted([() => done(ISSUE)]);
    const both = withTools<Map>(withTools<Map>(fake, { createIssue }), { weather });
    expect(await both.forUser("u_2").execute("GITHUB_CREATE_AN_ISSUE", ARGS)).toEqual(ISSUE);
    expect(JSON.parse(requests[0]![1].body as string)).toMatchObject({ user_id: "u_2" });
    expect((await failureOf(both.execute("ELSEWHERE_THING", { a: "b" }))).code).toBe("TB5005");
  });

  it("goes by the scope and the options of its client", async () => {
    const { client: tools, requests } = client();
    const sent = (): unknown => JSON.parse(requests.at(-1)![1].body as string);
    await tools.forUser("bob").execute("GITHUB_CREATE_AN_ISSUE", ARGS);
    expect(sent()).toMatchObject({ user_id: "bob" });
    await tools.forUser("bob").forAccount("ca_1").execute("GITHUB_CREATE_AN_ISSUE", ARGS);
    expect(sent()).not.toHaveProperty("user_id");
    await tools.execute("GITHUB_CREATE_AN_ISSUE", ARGS, { userId: "carol", version: "20250101_00" });
    expect(sent()).toMatchObject({ user_id: "carol", version: "20250101_00" });
    const other = scripted([() => done(ISSUE)]);
    await tools.execute("GITHUB_CREATE_AN_ISSUE", ARGS, { client: other.client });
    expect(other.requests).toHaveLength(1);
  });

  it("takes a client that is frozen", async () => {
    const { client: given, requests } = scripted([() => done(ISSUE)]);
    const tools = withTools<Map>(Object.freeze(given), generated);
    expect(await tools.forUser("bob").execute("GITHUB_CREATE_AN_ISSUE", ARGS)).toEqual(ISSUE);
    expect(JSON.parse(requests[0]![1].body as string)).toMatchObject({ user_id: "bob" });
  });

  it("returns tools that call through it", async () => {
    const { client: tools, requests } = client();
    const tool = tools.forUser("bob").tool("GITHUB_CREATE_AN_ISSUE");
    expect([tool.slug, tool.version]).toEqual(["GITHUB_CREATE_AN_ISSUE", VERSION]);
    expect(await tool(ARGS)).toEqual(ISSUE);
    expect(await tool.safe(ARGS)).toMatchObject({ successful: true, data: ISSUE });
    expect((await tool.withResponse(ARGS)).data).toEqual(ISSUE);
    expect(await tool.fromText("do it")).toEqual(ISSUE);
    expect(tool.input.safeParse({}).success).toBe(false);
    expect(requests.every(([, { body }]) => (body as string).includes('"user_id":"bob"'))).toBe(true);
  });
});

describe("executeUntyped", () => {
  it("calls any slug at a version, unchecked", async () => {
    const { client: tools, requests } = client("anything");
    expect(await tools.executeUntyped("NEW_TOOL", { a: 1 }, { version: VERSION })).toBe("anything");
    expect(requests[0]![0]).toMatch(/\/tools\/execute\/NEW_TOOL$/);
    expect(JSON.parse(requests[0]![1].body as string)).toEqual({
      user_id: "alice",
      version: VERSION,
      arguments: { a: 1 },
    });
  });

  it("sends nothing for an invalid slug, such as a path to another endpoint", async () => {
    const { client: tools, requests } = client();
    for (const slug of ["..", ".", "proxy", "GITHUB_A/../B", "GITHUB_A?b", "github_a", ""]) {
      expect(await failureOf(tools.executeUntyped(slug, {}, { version: VERSION }))).toBeInstanceOf(UnknownToolError);
    }
    expect(requests).toHaveLength(0);
  });

  it("needs a version", async () => {
    const { client: tools } = client();
    // @ts-expect-error no options
    expect(await failureOf(tools.executeUntyped("NEW_TOOL", {}))).toBeInstanceOf(VersionError);
    // @ts-expect-error no version
    expect(await failureOf(tools.executeUntyped("NEW_TOOL", {}, {}))).toBeInstanceOf(VersionError);
  });
});
