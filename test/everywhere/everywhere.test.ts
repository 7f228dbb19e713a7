import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type TestContext } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { generate } from "../../generator/run.js";
import { type Platform, PlatformFailure, PlatformHttpError, startPlatform } from "../../testing/index.js";
import { TestFolder } from "../support/generated.js";
import { toolbind } from "../cli/run.js";
import { installPinned } from "../support/installed.js";
import { createFolder, put, tool } from "../support/project.js";
import { FILE_KEY } from "./program.js";
import { chromium, runBun, runChromium, runCommandInBun, runDeno, runNode, runWorker } from "./runtimes.js";

const HERE = import.meta.dirname;
const CLI = join(HERE, "../../generator/cli.ts");
const SNAPSHOT = join(HERE, "../../specs/composio");

const EXPECTED = {
  called: "acme/site",
  direct: ["grüße", expect.stringMatching(/STORAGE_PUT failed with 400: not the file that was announced/) as string],
  thrown: {
    code: "TB5404",
    status: 404,
    slug: "Tool_NoIssue",
    suggestedFix: "Look at the list",
    hasRequestId: true,
    message: "GITHUB_GET_AN_ISSUE failed with 404: No such issue. Fix: Look at the list.",
  },
  invalid: expect.stringContaining('/title: expected string, received missing (rename "titel"?)') as string,
  failed: expect.stringContaining("GITHUB_MERGE_A_PULL_REQUEST failed: Not mergeable") as string,
  read: 2,
  write: ["TB5503", 1],
  redirected: [true, 1],
  silent: true,
  aborted: "TB5022",
  downloaded: "grüße",
  keyWithoutLeave: "taken",
};

const APP = { "/a": { get: { operationId: "a", responses: { 200: { description: "" } } } } };

const folder = new TestFolder();
let platform: Platform;
let isInstalled = false;

beforeAll(async () => {
  isInstalled = await installPinned(HERE);
}, 300_000);

beforeEach(async () => {
  const busy = new Set<string>();
  platform = await startPlatform({
    snapshot: SNAPSHOT,
    handlers: {
      GITHUB_GET_A_REPOSITORY: ({ sample }) => ({ ...(sample() as object), full_name: "acme/site" }),
      GITHUB_GET_AN_ISSUE: () => {
        throw new PlatformHttpError(404, {
          message: "No such issue",
          slug: "Tool_NoIssue",
          suggestedFix: "Look at the list",
        });
      },
      GITHUB_MERGE_A_PULL_REQUEST: () => {
        throw new PlatformFailure("Not mergeable");
      },
      GOOGLEDRIVE_DOWNLOAD_FILE: ({ request, sample }) => {
        const s3url = `${new URL(request.url).origin}/storage/${FILE_KEY}`;
        const content = { name: "a.txt", mimetype: "text/plain", s3url };
        return { ...(sample() as object), downloaded_file_content: content };
      },
    },
    faults: ({ slug, body }) => {
      const { title, repo } = (body as { arguments: { title?: string; repo?: string } }).arguments;
      if (title === "moved") return "redirect";
      if (title === "silent") return "silence";
      if (title === "busy") return { status: 503 };
      if (repo !== "busy" || busy.has(slug)) return undefined;
      busy.add(slug);
      return { status: 503 };
    },
  });
});
afterEach(() => platform.close());
afterAll(() => folder.remove());

async function bundled(entry: string, conditions: string[]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(HERE, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions,
    logLevel: "error",
  });
  return outputFiles[0]!.text;
}

/** Emits TypeScript that imports files by their own names, and puts the program beside it. */
async function emitForDeno(): Promise<string> {
  const settings = emitSettings({ importExtension: ".ts" });
  await generate({ source: { kind: "catalogue", path: SNAPSHOT, out: join(folder.path, "generated"), settings } });
  // For the part of the runtime that only apps have.
  const app = folder.write(
    "app.json",
    JSON.stringify({ openapi: "3.1.0", info: { title: "A", version: "1" }, paths: APP }),
  );
  await generate({
    source: { kind: "app", path: app, slug: "a", out: join(folder.path, "of-app"), settings, schemaMap: {} },
  });
  for (const name of ["program.ts", "command.ts"]) {
    const text = readFileSync(join(HERE, name), "utf8")
      .replaceAll("../../generated/", "./generated/")
      .replaceAll("../../runtime/", "./of-app/runtime/");
    folder.write(name, text.replaceAll('.js"', '.ts"'));
  }
  return join(folder.path, "command.ts");
}

function needInstallation({ skip }: TestContext): void {
  skip(!isInstalled, "npm's registry cannot be reached");
}

async function expectOutcome(run: (where: Platform) => Promise<string>, expected: object = EXPECTED): Promise<void> {
  expect(JSON.parse(await run(platform))).toEqual(expected);
  const writes = platform.requests.filter(({ path }) => path.endsWith("GITHUB_CREATE_AN_ISSUE"));
  expect(writes).toHaveLength(4);
  expect([...platform.files.keys()]).toEqual([FILE_KEY]);
}

const where = ({ url, apiKey }: Platform) => ({ baseUrl: url, apiKey });

it("emitted code runs in Node.js", async () => {
  const file = folder.write("command.mjs", await bundled("command.ts", ["node"]));
  await expectOutcome((of) => runNode(file, where(of)));
});

it("emitted code runs in Bun, as TypeScript", async (context) => {
  needInstallation(context);
  await expectOutcome((of) => runBun(join(HERE, "command.ts"), where(of)));
});

it("the command line runs in Bun, with a configuration in TypeScript", async (context) => {
  needInstallation(context);
  const project = createFolder();
  put(project, "specs/composio/acme.json", [tool("ACME_PING")]);
  put(project, "output.ts", "export const output: string = `emitted`;");
  put(
    project,
    "toolbind.config.ts",
    'import { output } from "./output.js";\nexport default { output: output as string };',
  );
  const command = (...args: readonly string[]) => runCommandInBun(CLI, args, project.path);
  expect((await command("generate")).stdout).toMatch(/^Generated 1 tool of 1 toolkit into emitted /);
  expect((await toolbind(["check"], { cwd: project.path })).stdout, "in Node.js").toMatch(/^Everything agrees/);

  put(project, "output.ts", "\nexport const output: string = ;");
  expect((await command("check")).stderr).toMatch(/^error TB1002: .* does not parse \(.+\) at output\.ts:2:31\./);
});

it("emitted code runs in Deno, as TypeScript, allowed nothing but to connect", async (context) => {
  needInstallation(context);
  const file = await emitForDeno();
  await expectOutcome((of) => runDeno(file, where(of)));
});

it("emitted code runs in a Cloudflare worker", async (context) => {
  needInstallation(context);
  const script = await bundled("worker.ts", ["workerd", "worker", "browser"]);
  await expectOutcome((of) => runWorker(script, where(of)));
});

describe.skipIf(chromium === undefined)("in a browser (skipped where Chromium is not installed)", () => {
  it.each([
    ["a page", "/"],
    ["a worker of a page", "/worker"],
  ])("emitted code runs in %s, under a strict policy, and takes no key there unasked", async (_, path) => {
    const script = await bundled("page.ts", ["browser"]);
    await expectOutcome((of) => runChromium(script, path, where(of)), { ...EXPECTED, keyWithoutLeave: "TB5001" });
  });
});
