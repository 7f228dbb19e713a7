import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type FaultSource,
  type Platform,
  PlatformHttpError,
  type PlatformRelease,
  startPlatform,
} from "../../testing/index.js";
import { toJsonSchema } from "../../generator/schema/ajv.js";
import { corpusPath, noCorpus } from "../support/corpus.js";

interface Page {
  readonly items: readonly { readonly slug: string; readonly version?: string }[];
  readonly next_cursor: string | null;
  readonly total_items: number;
  readonly total_pages: number;
}
interface Answer<Body = Page> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

const OLD = "20250101_00";
const NEW = "20250906_01";

/** A toolkit with 25 tools, of which the newer version has one more; one is deprecated and one important. */
function release(version: string, count: number): PlatformRelease {
  const tools = Array.from({ length: count }, (_, index) => ({
    slug: `ACME_TOOL_${String(index).padStart(2, "0")}`,
    tags: index === 3 ? ["important", "readOnlyHint"] : ["readOnlyHint"],
    is_deprecated: index === 4,
  }));
  const trigger_types = [{ slug: "ACME_FIRED", config: { type: "object" } }];
  return { toolkit: { slug: "acme", name: "Acme", no_auth: true, meta: { version } }, tools, trigger_types };
}

const starters = fileURLToPath(new URL("../../specs/composio", import.meta.url));
let fault: FaultSource | undefined;
let platform: Platform;

async function get<Body = Page>(path: string, at: Platform = platform): Promise<Answer<Body>> {
  const response = await fetch(`${at.url}/api/v3.1${path}`, { headers: { "x-api-key": at.apiKey } });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

beforeAll(async () => {
  platform = await startPlatform({
    snapshot: [release(NEW, 26), release(OLD, 25)],
    fault: (request) => fault?.(request),
  });
});
afterAll(() => platform.close());

describe("listings", () => {
  it("list tools page by page", async () => {
    const slugs: string[] = [];
    let cursor = "";
    const sizes: number[] = [];
    do {
      const { body } = await get(`/tools?toolkit_slug=acme&toolkit_versions=latest&limit=10${cursor}`);
      slugs.push(...body.items.map(({ slug }) => slug));
      sizes.push(body.items.length);
      expect(body).toMatchObject({ total_items: 26, total_pages: 3 });
      cursor = body.next_cursor === null ? "" : `&cursor=${encodeURIComponent(body.next_cursor)}`;
    } while (cursor !== "");
    expect(sizes).toEqual([10, 10, 6]);
    expect(new Set(slugs).size).toBe(26);
  });

  it.each([
    ["toolkit_versions=latest", 26, NEW],
    [`toolkit_versions[acme]=${NEW}`, 26, NEW],
    [`toolkit_versions[acme]=${OLD}`, 25, OLD],
    ["", 25, "00000000_00"],
    [`toolkit_versions[acme]=${NEW}&important=true`, 1, NEW],
    [`toolkit_versions[acme]=${NEW}&tags=important&tags=none`, 1, NEW],
    [`toolkit_versions[acme]=${NEW}&include_deprecated=false`, 25, NEW],
    [`toolkit_versions[acme]=${NEW}&tool_slugs=ACME_TOOL_25,ACME_TOOL_01&important=true`, 2, NEW],
  ])("give with `%s` %i tools of %s", async (query, count, version) => {
    const { body } = await get(`/tools?toolkit_slug=acme&limit=1000&${query}`);
    expect(body.items).toHaveLength(count);
    expect(new Set(body.items.map((item) => item.version))).toEqual(new Set([version]));
  });

  it("give nothing for a version or toolkit that is not there", async () => {
    expect((await get("/tools?toolkit_versions[acme]=20990101_00")).body.items).toEqual([]);
    expect((await get("/tools?toolkit_slug=nothing")).body.items).toEqual([]);
    expect((await get("/triggers_types?toolkit_slugs=nothing")).body.items).toEqual([]);
  });

  it("show a toolkit at a version, one tool, all slugs and the changelog", async () => {
    type Toolkit = { readonly meta: object };
    expect((await get<Toolkit>("/toolkits/acme")).body.meta).toMatchObject({
      version: NEW,
      available_versions: [OLD, NEW],
      tools_count: 26,
    });
    expect((await get<Toolkit>(`/toolkits/acme?version=${OLD}`)).body.meta).toMatchObject({
      version: OLD,
      tools_count: 25,
    });
    expect((await get("/tools/ACME_TOOL_25?version=latest")).body).toMatchObject({
      slug: "ACME_TOOL_25",
      version: NEW,
    });
    expect((await get("/tools/enum")).body).toHaveLength(26);
    expect((await get("/triggers_types?toolkit_slugs=acme")).body.items).toMatchObject([{ slug: "ACME_FIRED" }]);
    expect((await get<object>("/toolkits/changelog")).body).toMatchObject({
      items: [{ slug: "acme", versions: [{ version: NEW }, { version: OLD }] }],
    });
  });

  it.each([
    ["/tools?limit=1001", 400],
    ["/tools?limit=0", 400],
    ["/tools?cursor=%7B", 400],
    ["/toolkits/nothing", 404],
    ["/toolkits/acme?version=20990101_00", 404],
    [`/tools/ACME_TOOL_25?version=${OLD}`, 404],
    ["/elsewhere", 404],
  ])("refuse %s with %i", async (path, status) => {
    const answer = await get<{ error: object }>(path);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ status, request_id: expect.any(String) });
  });

  it("refuse a wrong key and record what was asked", async () => {
    const response = await fetch(`${platform.url}/api/v3.1/tools?limit=5`, { headers: { "x-api-key": "nope" } });
    expect(response.status).toBe(401);
    expect(platform.requests.at(-1)).toMatchObject({ method: "GET", path: "/api/v3.1/tools", search: "?limit=5" });
  });

  it("go wrong as requested", async () => {
    fault = ({ path, query, attempt }) => {
      if (path !== "/tools") return undefined;
      if (query.get("tags") === "limited") {
        throw new PlatformHttpError(429, { message: "Slow down", headers: { "retry-after": "2" } });
      }
      if (query.get("tags") === "html") return new Response("<html>", { status: 502 });
      if (query.get("tags") === "loop") return (body) => ({ ...(body as Page), next_cursor: "again" });
      const broken = (["drop", "break", "cut"] as const).find((kind) => kind === query.get("tags"));
      return attempt === 1 ? broken : undefined;
    };
    const limited = await get("/tools?tags=limited");
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "2"]);
    expect((await get("/tools?tags=loop")).body.next_cursor).toBe("again");
    await expect(get("/tools?tags=html")).rejects.toThrow(SyntaxError);
    await expect(get("/tools?tags=drop")).rejects.toThrow(TypeError);
    await expect(get("/tools?tags=break")).rejects.toThrow(TypeError);
    await expect(get("/tools?tags=cut")).rejects.toThrow(SyntaxError);
    expect((await get("/tools?tags=cut")).status).toBe(200);
    expect((await get("/toolkits")).status).toBe(200);
    fault = undefined;
  });
});

const ENDPOINTS = [
  ["/toolkits?limit=1000", "/toolkits"],
  ["/toolkits/github", "/toolkits/{slug}"],
  ["/toolkits/acme", "/toolkits/{slug}"],
  ["/toolkits/changelog", "/toolkits/changelog"],
  ["/tools?limit=1000", "/tools"],
  ["/tools?limit=1000&toolkit_versions=latest", "/tools"],
  ["/tools/GITHUB_CREATE_AN_ISSUE?version=latest", "/tools/{tool_slug}"],
  ["/tools/enum", "/tools/enum"],
  ["/triggers_types?limit=1000", "/triggers_types"],
] as const;

const own = fileURLToPath(new URL("../../specs/composio/openapi.json", import.meta.url));

describe.each([
  ["our description of the platform", own, false],
  ["the platform's own description (skipped unless TOOLBIND_CORPUS names the real data)", undefined, noCorpus],
])("every listing fits %s", (_name, file, skipped) => {
  it.skipIf(skipped).each(ENDPOINTS)("%s", async (path, described) => {
    const text = readFileSync(file ?? corpusPath("composio", "openapi-v3.1.json"), "utf8");
    const ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false, logger: false });
    ajv.addSchema(withNulls(JSON.parse(text)) as object, "platform:api");
    const operation = `/paths/~1api~1v3.1${described.replaceAll("/", "~1")}/get`
      .replaceAll("{", "%7B")
      .replaceAll("}", "%7D");
    const validate = ajv.compile({
      $ref: `platform:api#${operation}/responses/200/content/application~1json/schema`,
    });
    const whole = await startPlatform({ snapshot: starters });
    const at = path.includes("acme") ? platform : whole;
    const { status, body } = await get(path, at);
    await whole.close();
    expect(status).toBe(200);
    expect(validate(body), ajv.errorsText(validate.errors)).toBe(true);
  });
});

const REFUSALS = [
  ["/toolkits/nothing", "/toolkits/{slug}", 404],
  ["/tools/NOTHING_AT_ALL", "/tools/{tool_slug}", 404],
  ["/tools?limit=0", "/tools", 400],
  ["/toolkits?limit=1001", "/toolkits", 400],
  ["/triggers_types", "/triggers_types", 401],
  ["/tools/enum", "/tools/enum", 401],
] as const;

describe.each([
  ["our description of the platform", own, false],
  ["the platform's own description (skipped unless TOOLBIND_CORPUS names the real data)", undefined, noCorpus],
])("every refusal fits %s", (_name, file, skipped) => {
  it.skipIf(skipped).each(REFUSALS)("%s", async (path, described, status) => {
    const text = readFileSync(file ?? corpusPath("composio", "openapi-v3.1.json"), "utf8");
    const description = withNulls(JSON.parse(text)) as Described;
    const answers = description.paths[`/api/v3.1${described}`]?.get.responses;
    const key = status === 401 ? "wrong" : platform.apiKey;
    const response = await fetch(`${platform.url}/api/v3.1${path}`, { headers: { "x-api-key": key } });
    expect(response.status).toBe(status);
    expect(Object.keys(answers ?? {})).toContain(String(status));
    const ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false, logger: false });
    ajv.addSchema(description, "platform:api");
    const pointer = `/paths/~1api~1v3.1${described.replaceAll("/", "~1")}/get/responses/${status}`
      .replaceAll("{", "%7B")
      .replaceAll("}", "%7D");
    const referred = answers?.[status]?.$ref?.replace("#", "");
    const validate = ajv.compile({ $ref: `platform:api#${referred ?? pointer}/content/application~1json/schema` });
    expect(validate(await response.json()), ajv.errorsText(validate.errors)).toBe(true);
  });
});

interface Described {
  readonly paths: Readonly<
    Record<string, { readonly get: { readonly responses: Readonly<Record<string, { readonly $ref?: string }>> } }>
  >;
}

/** OpenAPI 3.0 as JSON Schema: `nullable` also lets null pass. */
function withNulls(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNulls);
  if (typeof node !== "object" || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withNulls(value)]));
  return copy["nullable"] === true ? toJsonSchema(copy) : copy;
}
