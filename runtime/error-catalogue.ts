import type { CallErrorCode } from "./errors.js";

export interface CallErrorEntry {
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
}

/** Every error of a call. The errors page of the docs is generated from it; the core does not import it. */
export const CALL_ERROR_CATALOGUE: Readonly<Record<CallErrorCode, CallErrorEntry>> = {
  TB5000: {
    title: "Call failed unexpectedly",
    cause: "Something threw that should not have, such as a validator; see `cause`.",
    fix: "Check `cause`, and report it if it comes from toolbind.",
  },
  TB5001: {
    title: "Client is misconfigured",
    cause: "An option is invalid: two keys, an unusable base URL, an invalid header, or a key in a browser.",
    fix: "Correct the option that the message names.",
  },
  TB5002: {
    title: "No API key",
    cause:
      "Neither the client nor the environment provides a key, or the key function returned none or threw (`cause`).",
    fix: "Set COMPOSIO_API_KEY, or pass `createClient({ apiKey })`; if the key function threw, fix it.",
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
    cause: "`execute` or `describeTools` received a slug that is not in any of the toolkits passed to it.",
    fix: "Correct the slug, pass its toolkit too, or use `executeUntyped` with a version.",
  },
  TB5006: {
    title: "No credentials for an app",
    cause:
      "A field that the app's scheme requires is not set in the call, the connection, the client or the environment.",
    fix: "Set the variable that the message names, pass `createClient({ apps })`, or run `toolbind connect`.",
  },
  TB5010: {
    title: "Invalid arguments",
    cause: "The arguments do not match the tool's input schema; nothing was sent.",
    fix: "Correct the arguments at the paths the message names.",
  },
  TB5011: {
    title: "Unexpected data",
    cause: "The tool ran, but its data does not match the output schema and `validate.output` is `strict`.",
    fix: "Generate from a newer version of the toolkit, or set `validate.output` to `warn`.",
  },
  TB5012: {
    title: "Stopped by a hook",
    cause: "A hook threw (see `cause`), or returned something that is not a valid change to the call.",
    fix: "Check `cause`, and correct the call or the hook.",
  },
  TB5020: {
    title: "Connection failed",
    cause: "The platform could not be reached, the connection broke, or the response was a redirect.",
    fix: "Check the network and `baseUrl`; check whether the tool ran before you repeat a write.",
  },
  TB5021: {
    title: "No answer in time",
    cause: "The response was not complete within `timeoutMs`.",
    fix: "Increase `timeoutMs`; check whether the tool ran before you repeat a write.",
  },
  TB5022: {
    title: "Call aborted",
    cause: "The signal passed to the call was aborted.",
    fix: "None needed if this was intended; check whether the tool ran before you repeat a write.",
  },
  TB5023: {
    title: "Unexpected answer",
    cause: "The response is not JSON, or lacks `successful`; often it comes from a proxy or a wrong base URL.",
    fix: "Check `baseUrl`, and whether the tool ran before you repeat a write.",
  },
  TB5024: {
    title: "Pages repeat",
    cause: "A page returned a cursor that was already followed, so pagination would never end.",
    fix: "Check where `next` gets the cursor from.",
  },
  TB5030: {
    title: "Tool failed",
    cause: "The tool ran and reported a failure (`successful: false`).",
    fix: "Follow the tool's message; find the execution in the platform's logs by `logId`.",
  },
  TB5040: {
    title: "File refused",
    cause: "A file could not be read, sent or fetched, or its path or address is not allowed.",
    fix: "Correct what the message names; nothing was read from a path or address that was refused.",
  },
  TB5050: {
    title: "No access to the app",
    cause:
      "An app that is called directly issued no tokens: it refused, the grant expired, or its servers do not respond.",
    fix: "Do what the message says; `toolbind connect APP` creates a new connection.",
  },
  TB5051: {
    title: "Connections cannot be kept",
    cause: "The connections file cannot be read, decrypted or written, or others may read it.",
    fix: "Do what the message says.",
  },
  TB5400: {
    title: "Bad request (400)",
    cause: "The platform rejected the request: invalid, missing or conflicting parameters, or no usable account.",
    fix: "Correct what the message names.",
  },
  TB5401: {
    title: "Unauthorized (401)",
    cause: "The key is missing or invalid.",
    fix: "Check COMPOSIO_API_KEY, or the key passed to `createClient`.",
  },
  TB5403: {
    title: "Forbidden (403)",
    cause: "The connected account has no permission for this tool or resource.",
    fix: "Grant the scopes the tool needs (`tool.scopes`), or use another account.",
  },
  TB5404: {
    title: "Not found (404)",
    cause: "The toolkit version has no such tool, or the connected account does not exist.",
    fix: "Check the account's id, and that the version has the tool.",
  },
  TB5408: {
    title: "Tool took too long (408)",
    cause: "The tool ran longer than the platform allows.",
    fix: "Request less at once; check whether the tool ran before you repeat a write.",
  },
  TB5410: {
    title: "Tool is gone (410)",
    cause: "The tool was deprecated and is no longer available.",
    fix: "Use its replacement, and generate from a newer version of the toolkit.",
  },
  TB5413: {
    title: "Payload too large (413)",
    cause: "The request or the response exceeds the platform's limits.",
    fix: "Send or request less at once.",
  },
  TB5422: {
    title: "Unprocessable (422)",
    cause: "The connected account is not usable, or the arguments cannot be processed.",
    fix: "Check the error's `slug`, then reconnect the account or correct the arguments.",
  },
  TB5429: {
    title: "Rate limited (429)",
    cause: "Too many requests to the platform or to the app.",
    fix: "Wait `retryAfterMs`, and call less often.",
  },
  TB5500: {
    title: "Platform failed (500)",
    cause: "Something went wrong on the platform.",
    fix: "Try again later; if it persists, report the request id to the platform.",
  },
  TB5501: {
    title: "Not implemented (501)",
    cause: "The platform does not offer this.",
    fix: "Use another tool or version.",
  },
  TB5502: {
    title: "Bad gateway (502)",
    cause: "The platform could not reach the app.",
    fix: "Try again later; check whether the tool ran before you repeat a write.",
  },
  TB5503: {
    title: "App unavailable (503)",
    cause: "The app is down.",
    fix: "Try again later.",
  },
  TB5599: {
    title: "Other HTTP status",
    cause: "The platform, or a proxy in front of it, responded with an undocumented status.",
    fix: "Check `baseUrl` and `status`.",
  },
};
