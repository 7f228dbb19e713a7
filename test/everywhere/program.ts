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

  return JSON.stringify({
    called,
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
