import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type FaultSource, type Platform, type PlatformRelease, startPlatform } from "../../testing/index.js";
import { KEY, NEW, OLD, release } from "../platform/support.js";
import type { TestFolder } from "../support/generated.js";
import { createFolder, put, tree } from "../support/project.js";
import { parse, toolbind, type Run } from "./run.js";

interface Project {
  readonly folder: TestFolder;
  readonly platform: Platform;
  readonly pull: (args?: readonly string[], onStart?: (child: ChildProcess) => void) => Promise<Run>;
  readonly run: (args: readonly string[]) => Promise<Run>;
}

async function project(
  snapshot: readonly PlatformRelease[],
  fault?: FaultSource,
  folder: TestFolder = createFolder(),
): Promise<Project> {
  const platform = await startPlatform({ snapshot, apiKey: KEY, ...(fault !== undefined && { fault }) });
  onTestFinished(() => platform.close());
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
  const env = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url };
  const run = (args: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Run> =>
    toolbind([...args, "--cwd", folder.path], { env, ...(onStart !== undefined && { onStart }) });
  return { folder, platform, run, pull: (args = [], onStart) => run(["pull", ...args], onStart) };
}

const acmeOld = release("acme", OLD, ["GET"]);
const acmeNew = release("acme", NEW, ["GET", "SEND"]);

/** The snapshot and the lock, without what waits. */
function written({ folder }: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree(folder.path)).filter(([path]) =>
      /^(?:specs\/[^.][^/]*\.json|toolbind\.lock\.json)$/.test(path),
    ),
  );
}

it("says of a toolkit that the configuration does not select that it is not generated yet", async () => {
  const made = await project([acmeOld, acmeNew, release("zoo", NEW, ["FEED"])]);
  put(made.folder, "toolbind.config.json", { snapshot: "specs", output: "out", toolkits: { acme: true } });
  expect(await made.pull()).toMatchObject({ code: 0, stderr: "" });
  expect((await made.pull(["zoo"])).stderr).toBe(
    "Not generated until `toolkits` in the configuration names them: zoo\n",
  );
});

it("pulls, says so, and the rest of the commands go on from there", async () => {
  const made = await project([acmeOld, acmeNew, release("zoo", NEW, ["FEED"])]);
  expect(await made.pull(["acme", "zoo"])).toEqual({
    code: 0,
    stderr: "",
    stdout: [
      "Pulled 3 tools of 2 toolkits into specs (2 files written, 0 unchanged, lock updated)",
      `  acme  ${NEW}  2 tools  new`,
      `  zoo   ${NEW}  1 tool   new`,
      "Next: `toolbind generate`",
      "",
    ].join("\n"),
  });
  expect(await made.run(["generate", "--frozen"])).toMatchObject({ code: 0 });
  expect(await made.run(["check"])).toMatchObject({ code: 0 });
  expect((await made.pull()).stdout).toMatch(/^Up to date: 3 tools of 2 toolkits in specs\n/);
  const { code, stdout } = await made.pull(["acme", "--json"]);
  expect(code).toBe(0);
  expect(parse(stdout)).toEqual({
    toolkits: [
      {
        slug: "acme",
        version: NEW,
        previous: NEW,
        tools: 2,
        triggers: 0,
        file: "specs/acme.json",
        change: "unchanged",
      },
    ],
    diagnostics: [],
    empty: [],
    lockChanged: false,
    refused: false,
  });
});

it("exits 1 with a message and no key in it where the platform refuses", async () => {
  const made = await project([acmeNew], () =>
    Response.json({ error: { message: `Not you, ${KEY}` } }, { status: 401 }),
  );
  const { code, stdout, stderr } = await made.pull(["acme"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("error TB2011: The platform at ");
  expect(stderr).toContain("Not you, [redacted]");
  expect(stderr).not.toContain(KEY);
  expect(written(made)).toEqual({});
});

it("says what does not add up, and under --strict writes nothing", async () => {
  const short = { ...acmeNew, toolkit: { ...acmeNew.toolkit, meta: { version: NEW, tools_count: 9 } } };
  const made = await project([short]);
  const strict = await made.pull(["acme", "--strict"]);
  expect(strict).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("Listed 2 of 9 tools of acme") });
  expect(written(made)).toEqual({});
  expect(await made.pull(["acme"])).toMatchObject({ code: 0, stderr: expect.stringContaining("Listed 2 of 9") });
});

it.each(["SIGINT", "SIGTERM"] as const)("stops at %s and leaves everything as it was", async (signal) => {
  let child: ChildProcess | undefined;
  let isSlow = false;
  const folder = createFolder();
  const made = await project(
    [acmeOld, acmeNew],
    async ({ path }) => {
      if (!isSlow || path !== "/tools") return undefined;
      child?.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 30_000).unref());
      return undefined;
    },
    folder,
  );
  await made.pull(["acme"]);
  const before = tree(folder.path);
  isSlow = true;
  const { code, stdout, stderr } = await made.pull(["acme", "--latest"], (started) => (child = started));
  expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: "", stderr: "Interrupted; nothing was written.\n" });
  expect(tree(folder.path)).toEqual(before);
});

it("killed at any moment leaves the old snapshot and lock, or the new ones", async () => {
  const kits = Array.from({ length: 40 }, (_, index) => `kit${index}`);
  const at = (version: string): PlatformRelease[] =>
    kits.map((slug) => release(slug, version, version === OLD ? ["GET"] : ["GET", "SEND"]));
  let child: ChildProcess | undefined;
  let countdown = Infinity;
  const kill: FaultSource = () => {
    if (--countdown === 0) child?.kill("SIGKILL");
    return undefined;
  };
  const folder = createFolder();
  const made = await project([...at(OLD)], undefined, folder);
  expect(await made.pull(["--all"])).toMatchObject({ code: 0 });
  const old = written(made);
  const later = await project([...at(OLD), ...at(NEW)], kill, folder);

  for (const requests of [1, 60, 120, 122]) {
    countdown = requests;
    const { code } = await later.pull(["--all", "--latest"], (started) => (child = started));
    expect(code).not.toBe(0);
    expect(written(later)).toEqual(old);
  }
  // After the last answer there is only the writing left, which is over in a moment.
  for (const delay of [1, 15, 25, 40]) {
    countdown = Infinity;
    let answered = 0;
    await later.pull(["--all", "--latest"], (started) => {
      const timer = setInterval(() => {
        const asked = later.platform.requests.length;
        if (asked > 0 && asked === answered) {
          clearInterval(timer);
          started.kill("SIGKILL");
        }
        answered = asked;
      }, delay);
      timer.unref();
      started.once("exit", () => clearInterval(timer));
    });
    const { code: generated, stderr } = await later.run(["generate"]);
    expect({ generated, stderr }, `killed after ${delay} ms`).toEqual({ generated: 0, stderr: "" });
    const now = written(later);
    const lock = parse(now["toolbind.lock.json"] ?? "") as { toolkits: Record<string, { version: string }> };
    const versions = new Set(Object.values(lock.toolkits).map(({ version }) => version));
    expect(versions.size, `killed after ${delay} ms`).toBe(1);
    expect(now, `killed after ${delay} ms`).toEqual(versions.has(OLD) ? old : now);
  }
  expect(await later.pull(["--all"])).toMatchObject({ code: 0 });
  expect(Object.keys(tree(join(folder.path, "specs"))).filter((path) => path.startsWith("."))).toEqual([]);
});

it("compares the platform's own description with the one it goes by, and writes nothing", async () => {
  const folder = createFolder();
  const description = (required: boolean): object => ({
    openapi: "3.0.0",
    info: { title: "Platform", version: "3.1.0" },
    paths: {
      "/api/v3.1/tools": {
        get: {
          parameters: [{ name: "limit", in: "query", required, schema: { type: "integer" } }],
          responses: { 200: { description: "Tools." } },
        },
      },
      "/api/v3.1/mcp": { get: { responses: { 200: { description: "Servers." } } } },
    },
  });
  put(folder, "specs/openapi.json", description(false));
  put(folder, "toolbind.config.json", { snapshot: "specs", output: "out", runtime: "package" });
  const before = tree(folder.path);
  const pull = async (openapi: object | undefined, args: readonly string[] = []): Promise<Run> => {
    const platform = await startPlatform({ snapshot: [acmeNew], apiKey: KEY, ...(openapi && { openapi }) });
    onTestFinished(() => platform.close());
    const env = { COMPOSIO_API_KEY: KEY, COMPOSIO_BASE_URL: platform.url };
    const { stdout, ...run } = await toolbind(["pull", "--openapi", "--cwd", folder.path, ...args], { env });
    return { ...run, stdout: stdout.replaceAll(platform.url, "PLATFORM") };
  };
  const beside = "PLATFORM/api/v3.1/openapi.json beside specs/openapi.json";
  expect(await pull(description(false))).toEqual({ code: 0, stderr: "", stdout: `Nothing moved: ${beside}\n` });
  expect(await pull(description(true))).toEqual({
    code: 3,
    stderr: "",
    stdout: [
      `${beside}: 1 breaking`,
      "  breaking changed GET /api/v3.1/tools",
      "           breaking: query:limit is now required",
      "",
    ].join("\n"),
  });
  const json = await pull(description(true), ["--json"]);
  expect(parse(json.stdout)).toMatchObject({ class: "breaking", known: "specs/openapi.json", others: 0 });
  expect(await pull(undefined)).toMatchObject({ code: 1, stderr: expect.stringContaining("error TB2012") });
  expect(await pull({ openapi: "3.0.0" })).toMatchObject({ code: 3, stdout: expect.stringContaining("removed") });
  expect(await pull(description(false), ["--latest"])).toMatchObject({ code: 2 });
  expect(tree(folder.path)).toEqual(before);
});
