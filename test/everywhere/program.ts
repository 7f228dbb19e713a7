// What is run in every runtime: calls of emitted functions, one of each kind, against the stand-in for the platform.
import * as github from "../../generated/github/index.js";
import * as googledrive from "../../generated/googledrive/index.js";
import {
  type ClientOptions,
  ConnectionError,
  createClient,
  fileArgument,
  fileUploads,
  isToolbindCallError,
  NotFoundError,
  TimeoutError,
  withFileHandles,
} from "../../generated/runtime/index.js";
import type { App } from "../../runtime/direct/app.js";
import { direct } from "../../runtime/direct/executor.js";
import { createClient as createAppClient } from "../../runtime/index.js";
import { defineTool, type Tool } from "../../runtime/tool.js";
import * as z from "../../runtime/z.js";

/** Of what is uploaded. */
export const FILE_KEY = "requests/googledrive/GOOGLEDRIVE_UPLOAD_FILE/file_1";

export interface Where {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** What the calls came to, as JSON. */
export async function callEverything({ baseUrl, apiKey }: Where): Promise<string> {
  const options: ClientOptions = { baseUrl, apiKey, userId: "alice", use: [fileUploads()] };
  const client = createClient({ ...options, dangerouslyAllowBrowser: true });
  const site = { owner: "acme", repo: "site" };
  const { full_name: called } = await github.getRepository(site, { client });
  const invalid = await github.createIssue.safe({ ...site, titel: "a" } as never, { client });
  const failed = await github.mergePullRequest.safe({ ...site, pull_number: 1 }, { client });
  const read = await github.getRepository.withResponse({ ...site, repo: "busy" }, { client });
  const write = await github.createIssue.safe({ ...site, title: "busy" }, { client });
  const redirected = await github.createIssue.safe({ ...site, title: "moved" }, { client });
  const silent = await github.createIssue.safe({ ...site, title: "silent" }, { client, timeoutMs: 300 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const aborted = await github.createIssue.safe({ ...site, title: "silent" }, { client, signal: controller.signal });

  const file = new File(["grüße"], "a.txt", { type: "text/plain" });
  await googledrive.uploadFile({ file_to_upload: fileArgument(file) }, { client });
  const result = await googledrive.downloadFile({ file_id: "1" }, { client });
  const { downloaded_file_content: content } = withFileHandles(result, { client });
  const downloaded = await (await content.blob()).text();

  const storage = storageAt(baseUrl);
  const app = createAppClient({ apps: { storage: { api_key: "key-of-the-app" } }, dangerouslyAllowBrowser: true });
  const stored = await storage.get({ key: FILE_KEY }, { client: app });
  const refused = await storage.put.safe({ key: "ü/1", body: new Blob(["a"], { type: "image/png" }) }, { client: app });

  return JSON.stringify({
    called,
    direct: [stored, refused.successful || refused.error.message],
    thrown: await github.getIssue({ ...site, issue_number: 1 }, { client }).catch(describe),
    invalid: invalid.successful || invalid.error.message,
    failed: failed.successful || failed.error.message,
    read: read.attempts,
    write: write.successful || [write.error.code, write.error.attempts],
    redirected: redirected.successful || [redirected.error instanceof ConnectionError, redirected.error.attempts],
    silent: silent.successful || silent.error instanceof TimeoutError,
    aborted: aborted.successful || aborted.error.code,
    downloaded,
    keyWithoutLeave: ((): string => {
      try {
        createClient(options);
        return "taken";
      } catch (error) {
        return isToolbindCallError(error) ? error.code : "";
      }
    })(),
  });
}

function describe(error: unknown): unknown {
  if (!(error instanceof NotFoundError)) return String(error);
  const { code, status, slug, suggestedFix, requestId, message } = error;
  return { code, status, slug, suggestedFix, hasRequestId: requestId !== undefined, message };
}

/** An app that is called without the platform in between: what the stand-in keeps of files. */
function storageAt(url: string): {
  readonly put: Tool<{ key: string; body: Blob }, unknown>;
  readonly get: Tool<{ key: string }, string>;
} {
  const app: App = {
    slug: "storage",
    name: "Storage",
    servers: [{ url }],
    schemes: [{ name: "key", mode: "API_KEY", fields: [], proxy: { query: { api_key: "{{api_key}}" } } }],
  };
  const route = { path: "/storage/{key}", pathParams: [{ arg: "key", spans: true }] } as const;
  const facts = { toolkit: "storage", version: "1", description: "" };
  return {
    put: defineTool<Tool<{ key: string; body: Blob }, unknown>>("STORAGE_PUT", () => ({
      ...facts,
      executor: direct(app, () => ({ ...route, method: "PUT", body: { type: "image/jpeg", others: ["image/png"] } })),
      input: () => z.strictObject({ key: z.string(), body: z.binary() }),
      output: () => z.unknown(),
    })),
    get: defineTool<Tool<{ key: string }, string>>("STORAGE_GET", () => ({
      ...facts,
      executor: direct(app, () => ({ ...route, method: "GET", accept: ["text/plain"] })),
      input: () => z.strictObject({ key: z.string() }),
      output: () => z.string(),
    })),
  };
}
