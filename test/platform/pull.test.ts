import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import type { Fault } from "../../testing/index.js";
import { loadReleases } from "../../testing/snapshot.js";
import { createFolder, generateProject, put, tree } from "../support/project.js";
import { KEY, NEW, OLD, release, stage } from "./support.js";

const acmeOld = release("acme", OLD, ["GET", "LIST"]);
const acmeNew = release("acme", NEW, ["GET", "LIST", "SEND"]);
const zoo = release("zoo", NEW, ["FEED"]);

function read(path: string): Record<string, never> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, never>;
}

describe("a pull", () => {
  it("of the starter toolkits gives the very files that are bundled", async () => {
    const folder = createFolder();
    const specs = fileURLToPath(new URL("../../specs/composio", import.meta.url));
    const { pull } = await stage(folder, await loadReleases(specs));
    const { toolkits, diagnostics } = await pull({ all: true });
    expect(diagnostics).toEqual([]);
    expect(toolkits.map(({ slug }) => slug)).toEqual(["composio", "github", "gmail", "googledrive", "notion", "slack"]);
    for (const { slug } of toolkits) {
      expect(readFileSync(join(folder.path, "specs", `${slug}.json`), "utf8"), slug).toBe(
        readFileSync(join(specs, `${slug}.json`), "utf8"),
      );
    }
    expect(await generateProject(folder, {}, { frozen: true })).toMatchObject({ toolkits: 6 });
  });
});

describe("a toolkit that is gone from the platform", () => {
  it("keeps its snapshot, and does not stop the others", async () => {
    const folder = createFolder();
    await (await stage(folder, [acmeOld, zoo])).pull({ all: true });
    const kept = tree(folder.path)["specs/zoo.json"];
    const later = await stage(folder, [acmeOld, acmeNew]);
    const gone = { code: "TB2013", severity: "warning", message: expect.stringContaining("no longer has") as string };
    for (const latest of [false, true]) {
      const { toolkits, diagnostics } = await later.pull({ latest });
      expect(toolkits).toMatchObject([{ slug: "acme", version: latest ? NEW : OLD }]);
      expect(diagnostics).toMatchObject([gone]);
    }
    expect(tree(folder.path)["specs/zoo.json"]).toBe(kept);
    expect(await later.pull({ strict: true })).toMatchObject({ refused: true });
    await expect(later.pull({ toolkits: ["zoo"] })).rejects.toMatchObject({
      code: "TB2013",
      message: expect.stringContaining("delete that file and run `toolbind generate --update-lock`") as string,
    });
    expect(await generateProject(folder, {}, { frozen: true })).toMatchObject({
      toolkits: 2,
    });
    rmSync(join(folder.path, "specs/zoo.json"));
    await expect(later.pull()).rejects.toMatchObject({ code: "TB2013" });
  });
});

describe("a version that is gone from the platform", () => {
  it("stays in the snapshot where the lock pins it, and does not stop other toolkits", async () => {
    const folder = createFolder();
    await (await stage(folder, [acmeOld, zoo])).pull({ all: true });
    const kept = tree(folder.path)["specs/acme.json"];
    const later = await stage(folder, [acmeNew, zoo]);
    const { toolkits, diagnostics } = await later.pull();
    expect(toolkits).toMatchObject([{ slug: "zoo" }]);
    expect(diagnostics).toMatchObject([
      { code: "TB2014", severity: "warning", message: expect.stringMatching(/its snapshot stays.*pull acme --latest/) },
    ]);
    expect(tree(folder.path)["specs/acme.json"]).toBe(kept);
    await expect(later.pull({ toolkits: ["acme"] })).rejects.toMatchObject({ code: "TB2014" });
    const settings = { toolkits: { acme: { version: OLD }, zoo: true as const } };
    await expect(later.pull({ settings })).rejects.toMatchObject({ code: "TB2014" });
    rmSync(join(folder.path, "specs/acme.json"));
    await expect(later.pull()).rejects.toMatchObject({ code: "TB2014" });
  });
});

describe("the version of a toolkit", () => {
  it("is the newest, resolved once to its date, and then stays", async () => {
    const folder = createFolder();
    const first = await stage(folder, [acmeOld, acmeNew]);
    expect(await first.pull({ toolkits: ["acme"] })).toMatchObject({
      toolkits: [{ slug: "acme", version: NEW, previous: undefined, tools: 3, change: "new" }],
      lockChanged: true,
      diagnostics: [],
    });
    for (const query of first.asked("/tools")) {
      expect(query).toContain(`toolkit_versions[acme]=${NEW}`);
      expect(query).toContain("limit=1000");
      expect(query).toContain("include_deprecated=true");
      expect(query).toContain("important=false");
    }
    expect(first.asked("/triggers_types")).toEqual([expect.stringContaining(`toolkit_versions[acme]=${NEW}`)]);
    const files = tree(folder.path);
    expect(files["toolbind.lock.json"]).toContain(`"version": "${NEW}"`);

    const newer = release("acme", "20260101_00", ["GET", "LIST", "SEND", "WAIT"]);
    const later = await stage(folder, [acmeOld, acmeNew, newer]);
    expect(await later.pull({ toolkits: ["acme"] })).toMatchObject({
      toolkits: [{ version: NEW, previous: NEW, change: "unchanged" }],
      lockChanged: false,
    });
    expect(tree(folder.path)).toEqual(files);

    expect(await later.pull({ toolkits: ["acme"], latest: true })).toMatchObject({
      toolkits: [{ version: "20260101_00", previous: NEW, tools: 4, change: "changed" }],
      lockChanged: true,
    });
    expect(read(join(folder.path, "toolbind.lock.json"))).toMatchObject({
      toolkits: { acme: { version: "20260101_00", source: "specs/acme.json", names: { ACME_WAIT: "wait" } } },
    });
  });

  it("is the one that the configuration pins, before the lock's", async () => {
    const folder = createFolder();
    const { pull, asked } = await stage(folder, [acmeOld, acmeNew]);
    await pull({ toolkits: ["acme"] });
    const settings = { toolkits: { acme: { version: OLD, names: { ACME_GET: "fetchOne" } } } };
    await expect(generateProject(folder, settings)).rejects.toThrow(/toolbind pull acme/);
    expect(await pull({ settings, latest: true })).toMatchObject({ toolkits: [{ version: OLD, tools: 2 }] });
    expect(asked("/tools").at(-1)).toContain(`toolkit_versions[acme]=${OLD}`);
    expect(read(join(folder.path, "toolbind.lock.json"))).toMatchObject({
      toolkits: { acme: { names: { ACME_GET: "fetchOne", ACME_LIST: "list" } } },
    });
    expect(await generateProject(folder, settings, { frozen: true })).toMatchObject({ tools: 2 });
  });

  it("that the platform does not have is refused, and nothing is written", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [acmeOld, acmeNew]);
    const settings = { toolkits: { acme: { version: "20240101_00" } } };
    await expect(pull({ settings })).rejects.toMatchObject({
      code: "TB2014",
      message: expect.stringContaining(`one of ${NEW}, ${OLD}`),
    });
    expect(Object.keys(tree(folder.path)).filter((path) => path.startsWith("specs"))).toEqual([]);
  });

  it("may be none, and then the toolkit is unpinned", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [release("acme", "00000000_00", ["GET"])]);
    expect(await pull({ toolkits: ["acme"] })).toMatchObject({ toolkits: [{ version: null, tools: 1 }] });
  });
});

describe("what is pulled", () => {
  it("is what is named, what the configuration names, what the lock holds, or everything", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [acmeNew, zoo]);
    const slugs = async (options: Parameters<typeof pull>[0]): Promise<string[]> =>
      (await pull(options)).toolkits.map(({ slug }) => slug);
    await expect(pull()).rejects.toMatchObject({ code: "TB1007" });
    expect(await slugs({ toolkits: ["ZOO", "zoo"] })).toEqual(["zoo"]);
    expect(await slugs({})).toEqual(["zoo"]);
    expect(await slugs({ settings: { toolkits: { acme: true } } })).toEqual(["acme"]);
    expect(await slugs({ all: true })).toEqual(["acme", "zoo"]);
    await expect(pull({ toolkits: ["acmee"] })).rejects.toThrow(/did you mean `acme`/);
    await expect(pull({ toolkits: ["../../etc"] })).rejects.toMatchObject({ code: "TB2013" });
  });

  it("is not what the lock holds of custom apps", async () => {
    const folder = createFolder();
    const { pull, asked } = await stage(folder, [acmeNew]);
    await pull({ toolkits: ["acme"] });
    const file = join(folder.path, "toolbind.lock.json");
    const lock = read(file) as unknown as { toolkits: Record<string, object> };
    const app = { version: null, source: "specs/apps/mine/openapi.json", hash: "sha256-0", names: {} };
    put(folder, "toolbind.lock.json", { ...lock, toolkits: { ...lock.toolkits, mine: app } });
    expect((await pull()).toolkits.map(({ slug }) => slug)).toEqual(["acme"]);
    expect(asked("/toolkits/mine")).toEqual([]);
    expect(read(file)).toMatchObject({ toolkits: { mine: app } });
  });

  it("changes nothing of other toolkits, in the snapshot or the lock", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [acmeOld, zoo]);
    await pull({ all: true });
    put(folder, "specs/zoo.json", tree(folder.path)["specs/zoo.json"]?.replace("Does FEED", "Feeds") ?? "");
    const before = tree(folder.path);
    const later = await stage(folder, [acmeNew, zoo]);
    await later.pull({ toolkits: ["acme"], latest: true });
    const after = tree(folder.path);
    expect(after["specs/zoo.json"]).toBe(before["specs/zoo.json"]);
    await expect(generateProject(folder)).rejects.toThrow(/Snapshot of zoo disagrees.*toolbind pull zoo/);
    await later.pull({ toolkits: ["zoo"] });
    expect(await generateProject(folder)).toMatchObject({ toolkits: 2 });
  });

  it("is not written again where it says the same, whatever its formatting", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [acmeNew, zoo]);
    await pull({ all: true });
    const file = join(folder.path, "specs/acme.json");
    writeFileSync(file, `\ufeff${readFileSync(file, "utf8").replaceAll("\n", "\r\n")}`);
    const facts = (): unknown[] =>
      ["specs/acme.json", "specs/zoo.json", "toolbind.lock.json"].map((path) => {
        const { ino, mtimeMs } = statSync(join(folder.path, path));
        return [ino, mtimeMs];
      });
    const before = facts();
    expect(await pull({ all: true })).toMatchObject({
      lockChanged: false,
      toolkits: [{ change: "unchanged" }, { change: "unchanged" }],
    });
    expect(facts()).toEqual(before);
  });

  it("moves no line of a tool that did not change", async () => {
    const folder = createFolder();
    const file = join(folder.path, "specs/acme.json");
    await (await stage(folder, [acmeOld])).pull({ toolkits: ["acme"] });
    const before = readFileSync(file, "utf8").split("\n");
    const shuffled = release("acme", OLD, ["LIST", "ADD", "GET"]);
    const tools = shuffled.tools.map((tool) => Object.fromEntries(Object.entries(tool).reverse()));
    await (await stage(folder, [{ ...shuffled, tools: tools as never }])).pull();
    const after = readFileSync(file, "utf8").split("\n");
    const added = after.filter((line) => !before.includes(line));
    expect(added.every((line) => /ADD|tools_count/.test(line))).toBe(true);
    let position = -1;
    for (const line of before.filter((each) => !each.includes("tools_count"))) {
      position = after.indexOf(line, position + 1);
      expect(position, line).toBeGreaterThan(-1);
    }
  });

  it("has a tool at least, or is left out, which is worth a warning where it was named", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [acmeNew, release("bare", NEW, [])]);
    expect(await pull({ all: true, strict: true })).toMatchObject({ empty: ["bare"], diagnostics: [], refused: false });
    expect(Object.keys(tree(join(folder.path, "specs")))).toEqual(["acme.json"]);
    expect(await pull({ toolkits: ["bare"] })).toMatchObject({
      toolkits: [],
      lockChanged: false,
      diagnostics: [{ code: "TB2016", message: "Toolkit bare left out: it has no tools." }],
    });
  });

  it("keeps keys that mean something to JavaScript, and leaves out what nests without end", async () => {
    const folder = createFolder();
    const odd = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"10":{},"9":{}}}') as object;
    const tools = [{ ...acmeNew.tools[0], slug: "ACME_GET", input_parameters: odd }];
    await (await stage(folder, [{ ...acmeNew, tools }])).pull({ toolkits: ["acme"] });
    const text = readFileSync(join(folder.path, "specs/acme.json"), "utf8");
    expect(text).toContain('"__proto__": {');
    const deep = JSON.parse(`${'{"items":'.repeat(1500)}{}${"}".repeat(1500)}`) as object;
    const bottomless = [...tools, { ...acmeNew.tools[1], slug: "ACME_LIST", input_parameters: deep }];
    const { pull } = await stage(folder, [{ ...acmeNew, tools: bottomless }]);
    const { toolkits, diagnostics } = await pull();
    expect(toolkits).toMatchObject([{ tools: 1 }]);
    expect(diagnostics).toMatchObject([{ code: "TB3004", message: expect.stringContaining("ACME_LIST left out") }]);
  });

  it("does not come beside another file of the same toolkit", async () => {
    const folder = createFolder();
    put(folder, "specs/mine.json", acmeNew);
    await generateProject(folder);
    const { pull } = await stage(folder, [acmeNew]);
    await expect(pull()).rejects.toThrow(/acme is already in another file at specs\/mine\.json/);
    expect(Object.keys(tree(join(folder.path, "specs")))).toEqual(["mine.json"]);
  });

  it("never takes the place of another file", async () => {
    const folder = createFolder();
    const { pull } = await stage(folder, [acmeNew, zoo, release("openapi", NEW, ["GET"])]);
    const file = put(folder, "specs/zoo.json", { mine: true });
    await expect(pull({ all: true })).rejects.toMatchObject({ code: "TB4002" });
    expect(Object.keys(tree(join(folder.path, "specs")))).toEqual(["zoo.json"]);
    expect(readFileSync(file, "utf8")).toBe('{"mine":true}');
    await pull({ toolkits: ["openapi"] });
    expect(Object.keys(tree(join(folder.path, "specs")))).toEqual(["openapi_.json", "zoo.json"]);
  });
});

describe("a listing", () => {
  it("that names fewer tools than there are is reported, and refused under strict", async () => {
    const folder = createFolder();
    const short = { ...acmeNew, toolkit: { ...acmeNew.toolkit, meta: { version: NEW, tools_count: 5 } } };
    const { pull } = await stage(folder, [short]);
    expect(await pull({ toolkits: ["acme"], strict: true })).toMatchObject({ refused: true, lockChanged: false });
    expect(Object.keys(tree(folder.path)).filter((path) => path.startsWith("specs"))).toEqual([]);
    const { diagnostics } = await pull({ toolkits: ["acme"] });
    expect(diagnostics).toMatchObject([
      { code: "TB2016", severity: "warning", message: expect.stringContaining("Listed 3 of 5 tools of acme") },
    ]);
  });

  it("is completed by name with what the platform's list of slugs has", async () => {
    const folder = createFolder();
    const other = release("acme_pro", NEW, ["GET"]);
    const { pull, asked } = await stage(folder, [acmeNew, other], ({ path, query }) => {
      if (path === "/tools/enum") return Response.json("ACME_GET,ACME_LIST,ACME_SEND,ACME_LOST,ACME_PRO_GET");
      if (path === "/toolkits")
        return (body) => ({ ...(body as object), items: (body as { items: object[] }).items.slice(0, 1) });
      if (path !== "/tools" || query.get("tool_slugs") !== null) return undefined;
      return (body) => ({
        ...(body as object),
        items: (body as { items: { slug: string }[] }).items.slice(1),
        total_items: 2,
      });
    });
    const { toolkits, diagnostics } = await pull({ toolkits: ["acme"] });
    expect(toolkits).toMatchObject([{ tools: 3 }]);
    expect(asked("/tools").some((query) => query.includes("tool_slugs=ACME_GET,ACME_LOST,ACME_PRO_GET"))).toBe(true);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining("Listed 3 of 4 tools of acme; missing: ACME_LOST"),
    ]);
  });

  it("is pulled although the list of slugs cannot be had, and that is said", async () => {
    const { pull } = await stage(createFolder(), [acmeNew], ({ path }) =>
      path === "/tools/enum" ? new Response("no", { status: 500 }) : undefined,
    );
    const { toolkits, diagnostics } = await pull({ toolkits: ["acme"] });
    expect(toolkits).toMatchObject([{ tools: 3 }]);
    expect(diagnostics).toMatchObject([{ code: "TB2016", message: expect.stringContaining("/tools/enum") }]);
  });

  it("of several pages is read to its end, each tool once", async () => {
    const names = Array.from({ length: 2500 }, (_, index) => `T${index}`);
    const folder = createFolder();
    const { pull, asked } = await stage(folder, [release("acme", NEW, names)], ({ path, query }) => {
      if (path !== "/tools" || query.get("cursor") === null) return undefined;
      return (body) => {
        const page = body as { items: object[] };
        return { ...page, items: [page.items[0], ...page.items] };
      };
    });
    expect(await pull({ toolkits: ["acme"] })).toMatchObject({ toolkits: [{ tools: 2500 }], diagnostics: [] });
    expect(asked("/tools")).toHaveLength(3);
    const { tools } = read(join(folder.path, "specs/acme.json")) as unknown as { tools: { slug: string }[] };
    const slugs = tools.map(({ slug }) => slug);
    expect(slugs).toEqual([...new Set(slugs)].sort());
  });

  it.each([
    ["leads back to itself", "again"],
    ["is another one each time", undefined],
  ])("whose cursor %s ends in an error", async (_what, cursor) => {
    let count = 0;
    const { pull } = await stage(createFolder(), [acmeNew], ({ path }) => {
      if (path !== "/tools") return undefined;
      const page = { ...acmeNew, items: acmeNew.tools, total_pages: 1, current_page: 1, total_items: 3 };
      return Response.json({ ...page, next_cursor: cursor ?? `c${count++}` });
    });
    await expect(pull({ toolkits: ["acme"] })).rejects.toMatchObject({ code: "TB2017" });
  });
});

const HOPELESS: readonly (readonly [what: string, code: string, fault: () => Fault])[] = [
  ["429 for ever", "TB2015", () => new Response("{}", { status: 429 })],
  ["429 with an hour to wait", "TB2015", () => new Response("{}", { status: 429, headers: { "retry-after": "3600" } })],
  ["a dropped connection for ever", "TB2010", () => "drop"],
  ["500 for ever", "TB2018", () => Response.json({ error: { message: `leaks ${KEY}` } }, { status: 500 })],
  ["cut JSON for ever", "TB2012", () => "cut"],
  ["a login page", "TB2012", () => new Response("<!doctype html><title>Sign in</title>", { status: 200 })],
  ["a redirect", "TB2012", () => new Response(null, { status: 302, headers: { location: "https://example.com" } })],
  ["other JSON", "TB2012", () => Response.json({ hello: 1 })],
  ["items without slugs", "TB2012", () => Response.json({ items: [{}] })],
  ["403", "TB2011", () => Response.json({ error: { message: `No rights for ${KEY}` } }, { status: 403 })],
  ["400", "TB2018", () => Response.json({ error: { message: "Bad", suggested_fix: "Do this" } }, { status: 400 })],
  [
    "404 of a router",
    "TB2012",
    () => Response.json({ error: { message: "Route not found", slug: "Route_NotFound" } }, { status: 404 }),
  ],
];

describe("an answer", () => {
  it.each<readonly [string, () => Fault]>([
    ["a dropped connection", () => "drop"],
    ["a connection that breaks off", () => "break"],
    ["JSON that is cut short", () => "cut"],
    ["502", () => new Response("Bad gateway", { status: 502 })],
    ["503 as HTML", () => new Response("<html><title>Down</title>", { status: 503 })],
  ])("of %s is asked for again", async (_what, fault) => {
    const { pull, waits } = await stage(createFolder(), [acmeNew], ({ path, attempt }) =>
      path === "/tools" && attempt < 3 ? fault() : undefined,
    );
    expect(await pull({ toolkits: ["acme"] })).toMatchObject({ toolkits: [{ tools: 3 }] });
    expect(waits).toHaveLength(2);
    expect(waits[1]).toBeGreaterThan(waits[0] as number);
  });

  it.each([
    ["with Retry-After", { "retry-after": "7" }, 7000],
    ["without Retry-After", {}, undefined],
  ])("of 429 %s holds the requests back", async (_what, headers, waited) => {
    const { pull, waits } = await stage(createFolder(), [acmeNew], ({ path, attempt }) =>
      path === "/tools" && attempt === 1 ? new Response("{}", { status: 429, headers }) : undefined,
    );
    expect(await pull({ toolkits: ["acme"] })).toMatchObject({ toolkits: [{ tools: 3 }] });
    expect(waits).toEqual([waited ?? expect.any(Number)]);
  });

  it.each(HOPELESS)("of %s is explained (%s), and nothing is written", async (what, code, fault) => {
    const folder = createFolder();
    const { pull, platform } = await stage(folder, [acmeNew, zoo], ({ path, query }) =>
      path === "/tools" && query.get("toolkit_slug") === "zoo" ? fault() : undefined,
    );
    const error = await pull({ all: true }).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ name: "ToolbindError", code });
    expect((error as Error).message).toContain(what === "400" ? "Do this" : platform.url);
    expect(`${(error as Error).message}${(error as Error).stack}`).not.toContain(KEY);
    expect(tree(folder.path)).not.toHaveProperty("toolbind.lock.json");
    expect(Object.keys(tree(join(folder.path, "specs"))).filter((path) => path !== "")).toEqual([]);
  });
});

describe("the request", () => {
  it("needs a key, which a message names and never shows", async () => {
    const { pull, platform } = await stage(createFolder(), [acmeNew]);
    delete process.env["COMPOSIO_API_KEY"];
    await expect(pull({ toolkits: ["acme"] })).rejects.toThrow(/COMPOSIO_API_KEY/);
    process.env["COMPOSIO_API_KEY"] = "ak_wrong0123";
    const error = await pull({ toolkits: ["acme"] }).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ code: "TB2011", message: expect.stringContaining("Invalid API key") });
    expect(String(error)).not.toContain("ak_wrong0123");
    expect(platform.requests.length).toBeLessThanOrEqual(2);
  });

  it("has the configured headers, with values from the environment that nothing written holds", async () => {
    const folder = createFolder();
    const { pull, platform } = await stage(folder, [acmeNew], ({ path }) =>
      path === "/tools/enum" ? Response.json({ error: { message: "leaks hush-hush-1" } }, { status: 500 }) : undefined,
    );
    process.env["TEST_GATEWAY_TOKEN"] = "hush-hush-1";
    const headers = { "x-gateway": "Bearer ${TEST_GATEWAY_TOKEN}", "x-plain": "a", "X-Api-Key": "other" };
    const { diagnostics } = await pull({ toolkits: ["acme"], settings: { platform: { headers } } });
    delete process.env["TEST_GATEWAY_TOKEN"];
    expect(platform.requests.at(-1)?.headers).toMatchObject({
      "x-gateway": "Bearer hush-hush-1",
      "x-plain": "a",
      "x-api-key": KEY,
    });
    const written = JSON.stringify([
      tree(join(folder.path, "specs")),
      tree(folder.path)["toolbind.lock.json"],
      diagnostics,
    ]);
    expect(written).not.toContain("hush-hush-1");
    expect(written).not.toContain(KEY);
    const missing = pull({ toolkits: ["acme"], settings: { platform: { headers } } });
    await expect(missing).rejects.toMatchObject({
      code: "TB2019",
      message: expect.stringContaining("TEST_GATEWAY_TOKEN"),
    });
    const broken = pull({ toolkits: ["acme"], settings: { platform: { headers: { "x y": "secret\nvalue" } } } });
    await expect(broken).rejects.toMatchObject({ code: "TB2019", message: expect.not.stringContaining("secret") });
  });

  it("is one of as many at once as are configured", async () => {
    let open = 0;
    let most = 0;
    const many = Array.from({ length: 12 }, (_, index) => release(`kit${index}`, NEW, ["GET"]));
    const { pull } = await stage(createFolder(), many, async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open--;
      return undefined;
    });
    await pull({ all: true, settings: { platform: { concurrency: 3 } } });
    expect(most).toBe(3);
  });
});
