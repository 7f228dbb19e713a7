import type { CallErrorCode } from "./errors.js";

export interface CallErrorEntry {
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
}

/** Every error of a call. The page of errors in the docs is made from it; the core does not import it. */
export const CALL_ERROR_CATALOGUE: Readonly<Record<CallErrorCode, CallErrorEntry>> = {
  TB5000: {
    title: "Call failed unexpectedly",
    cause: "Something threw that should not have, such as a validator; `cause` holds it.",
    fix: "Look at `cause`, and report it if it comes from toolbind.",
  },
  TB5001: {
    title: "Client is set up wrongly",
    cause: "An option cannot work: two keys, an unusable base URL, an invalid header, a key in a browser.",
    fix: "Correct the option that the message names.",
  },
  TB5002: {
    title: "No API key",
    cause: "Neither the client nor the environment gives a key, or the key function returned none, or threw `cause`.",
    fix: "Set COMPOSIO_API_KEY, or pass `createClient({ apiKey })`; see to what the key function threw.",
  },
  TB5003: {
    title: "No user or account",
    cause: "The tool acts on a connected account, but the call names neither a user nor an account.",
    fix: "Use `client.forUser(id)` or `client.forAccount(id)`, or set COMPOSIO_USER_ID.",
  },
  TB5004: {
    title: "No fixed version",
    cause: "The tool was generated without a version, or the version is `latest` or `00000000_00`.",
    fix: "Pass a dated `version`, pin it with `toolkitVersions`, or set `dangerouslySkipVersionCheck`.",
  },
  TB5005: {
    title: "Unknown tool",
    cause: "`execute` or `describeTools` was asked for a slug that is in none of the toolkits given to it.",
    fix: "Correct the slug, pass its toolkit along, or use `executeUntyped` with a version.",
  },
  TB5006: {
    title: "No credentials for an app",
    cause: "A field that the app's scheme needs is given by nobody: no call, no connection, no client, no environment.",
    fix: "Set the variable that the message names, pass `createClient({ apps })`, or run `toolbind connect`.",
  },
  TB5010: {
    title: "Invalid arguments",
    cause: "The arguments do not fit the tool's input schema; nothing was sent.",
    fix: "Correct the arguments at the paths the message names.",
  },
  TB5011: {
    title: "Unexpected data",
    cause: "The tool ran, but its data does not fit the output schema and `validate.output` is `strict`.",
    fix: "Generate from a newer version of the toolkit, or set `validate.output` to `warn`.",
  },
  TB5012: {
    title: "Stopped by a hook",
    cause: "A hook threw; `cause` holds what. Or it returned what is no change of a call.",
    fix: "Look at `cause`, and correct the call or the hook.",
  },
  TB5020: {
    title: "Connection failed",
    cause: "The platform could not be reached, the connection broke, or it answered with a redirect.",
    fix: "Check the network and `baseUrl`; look whether the tool ran before you repeat a write.",
  },
  TB5021: {
    title: "No answer in time",
    cause: "The answer was not complete within `timeoutMs`.",
    fix: "Raise `timeoutMs`; look whether the tool ran before you repeat a write.",
  },
  TB5022: {
    title: "Call aborted",
    cause: "The signal passed with the call was aborted.",
    fix: "Nothing, if it was meant; look whether the tool ran before you repeat a write.",
  },
  TB5023: {
    title: "Unexpected answer",
    cause: "The answer is no JSON, or lacks `successful`; often a proxy or a wrong base URL answers.",
    fix: "Check `baseUrl`; look whether the tool ran before you repeat a write.",
  },
  TB5024: {
    title: "Pages repeat",
    cause: "A page named a cursor that was already followed, so the pages would never end.",
    fix: "Check what `next` takes the cursor from.",
  },
  TB5030: {
    title: "Tool failed",
    cause: "The tool ran and says that it failed (`successful: false`).",
    fix: "Follow what the tool says; `logId` finds the execution in the platform's logs.",
  },
  TB5040: {
    title: "File refused",
    cause: "A file could not be taken, sent or fetched, or its path or address is not allowed.",
    fix: "Correct what the message names; nothing was read from a path or address that was refused.",
  },
  TB5050: {
    title: "No access to the app",
    cause: "An app that is called directly gives no tokens: refused, expired for good, or its servers do not answer.",
    fix: "Do what the message says; `toolbind connect APP` makes a new connection.",
  },
  TB5051: {
    title: "Connections cannot be kept",
    cause: "The file of connections cannot be read, decrypted or written, or others may read it.",
    fix: "Do what the message says.",
  },
  TB5400: {
    title: "Bad request (400)",
    cause: "The platform refused the request: invalid, missing or conflicting parameters, or no usable account.",
    fix: "Correct what the message names.",
  },
  TB5401: {
    title: "Unauthorized (401)",
    cause: "The key is missing or not valid.",
    fix: "Check COMPOSIO_API_KEY, or the key given to `createClient`.",
  },
  TB5403: {
    title: "Forbidden (403)",
    cause: "The connected account has no permission for this tool or resource.",
    fix: "Grant the scopes the tool needs (`tool.scopes`), or use another account.",
  },
  TB5404: {
    title: "Not found (404)",
    cause: "The toolkit version has no such tool, or the connected account does not exist.",
    fix: "Check that the version has the tool, and the account's id.",
  },
  TB5408: {
    title: "Tool took too long (408)",
    cause: "The tool ran longer than the platform allows.",
    fix: "Ask for less at once; look whether the tool ran before you repeat a write.",
  },
  TB5410: {
    title: "Tool is gone (410)",
    cause: "The tool was deprecated and is no longer available.",
    fix: "Move to its replacement, and generate from a newer version of the toolkit.",
  },
  TB5413: {
    title: "Payload too large (413)",
    cause: "The request or the answer exceeds the platform's limits.",
    fix: "Send or ask for less at once.",
  },
  TB5422: {
    title: "Unprocessable (422)",
    cause: "The connected account is in no state to be used, or the arguments cannot be processed.",
    fix: "Read the error's `slug`; reconnect the account or correct the arguments.",
  },
  TB5429: {
    title: "Rate limited (429)",
    cause: "Too many requests to the platform or to the app.",
    fix: "Wait `retryAfterMs`, and call less often.",
  },
  TB5500: {
    title: "Platform failed (500)",
    cause: "Something went wrong on the platform.",
    fix: "Try later, and give the platform the request id if it stays.",
  },
  TB5501: {
    title: "Not implemented (501)",
    cause: "The platform does not offer this.",
    fix: "Use another tool or version.",
  },
  TB5502: {
    title: "Bad gateway (502)",
    cause: "The platform could not talk to the app.",
    fix: "Try later; look whether the tool ran before you repeat a write.",
  },
  TB5503: {
    title: "App unavailable (503)",
    cause: "The app is down.",
    fix: "Try later.",
  },
  TB5599: {
    title: "Other HTTP status",
    cause: "The platform, or a proxy before it, answered with a status it does not document.",
    fix: "Check `baseUrl`, and look at `status`.",
  },
};
