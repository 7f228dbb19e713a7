import { configure, TOOLKIT_VERSIONS } from "../generated/index.js";
import * as github from "../generated/github/index.js";
import * as gmail from "../generated/gmail/index.js";
import { InputValidationError, isToolbindCallError } from "../generated/runtime/index.js";
import { PlatformHttpError, startPlatform } from "toolbind/testing";

// A stand-in for the platform on this machine: no key and no network are needed. For the real one, leave it out and
// set COMPOSIO_API_KEY and COMPOSIO_USER_ID.
const platform = await startPlatform({
  snapshot: "specs/composio",
  handlers: {
    GITHUB_CREATE_AN_ISSUE: ({ arguments: { title }, sample }) => ({ ...(sample() as object), number: 1347, title }),
    GMAIL_SEND_EMAIL: () => {
      throw new PlatformHttpError(429, {
        message: "Too many messages in a minute",
        suggestedFix: "Wait for a minute.",
      });
    },
  },
});
configure({ baseUrl: platform.url, apiKey: platform.apiKey, userId: "quickstart" });

try {
  console.log("1. A typed call, pinned to github@%s", TOOLKIT_VERSIONS.github);
  const issue = await github.createIssue({ owner: "acme", repo: "site", title: "Broken link" });
  console.log("   issue #%d is %s: %s\n", issue.number, issue.state, issue.title);

  console.log("2. A misspelt key: the compiler refuses it, and so does the validator, before anything is sent");
  try {
    // @ts-expect-error: `titel` is not a key of CreateIssueInput
    await github.createIssue({ owner: "acme", repo: "site", titel: "Broken link" });
  } catch (error) {
    if (!(error instanceof InputValidationError)) throw error;
    console.log("   %s\n", error.message.replaceAll("\n", "\n   "));
  }

  console.log("3. A call that the platform refuses, as a value");
  const sent = await gmail.sendEmail.safe({ to: "ada@example.com", subject: "Hello", body: "Hello, Ada." });
  if (!sent.successful && isToolbindCallError(sent.error)) {
    console.log("   %s (%s, retryable: %s)\n", sent.error.message, sent.error.code, sent.error.retryable);
  }

  console.log("The stand-in received %d requests for 3 calls:", platform.requests.length);
  for (const { method, path, body } of platform.requests)
    console.log("   %s %s %s", method, path, JSON.stringify(body));
} finally {
  await platform.close();
}
