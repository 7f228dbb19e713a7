/** The location of a fault: a JSON pointer, or a line and column counted from 1. */
export interface Place {
  readonly source: string;
  readonly pointer?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  /** What failed, as the start of a sentence without a full stop. */
  readonly what: string;
  readonly at?: Place;
  readonly expected?: string;
  readonly received?: string;
  /** The command or edit that puts it right. */
  readonly fix?: string;
  readonly cause?: unknown;
}

export interface CatalogueEntry {
  readonly title: string;
  readonly cause: string;
  readonly fix: string;
}

/** Every error of the generator. The page of errors in the docs is made from it. */
export const ERROR_CATALOGUE = {
  TB1001: {
    title: "No configuration",
    cause: "`generate` was run without flags in a folder that has no `toolbind.config.*`.",
    fix: "Run `toolbind init`, or name an input with `--catalogue FILE_OR_DIR --out DIR`.",
  },
  TB1002: {
    title: "Configuration cannot be read",
    cause: "The configuration file is missing, does not parse or throws while it loads.",
    fix: "Correct the file at the line the message names.",
  },
  TB1003: {
    title: "Invalid configuration",
    cause: "A key is unknown or a value has the wrong type.",
    fix: "Correct the key that the message names; for a misspelt key it suggests the nearest one.",
  },
  TB1004: {
    title: "Selection matches nothing",
    cause: "The configuration or `--only` names a toolkit or tool that is not in the catalogue.",
    fix: "Run `toolbind list` to see what is available, or fetch the toolkit with `toolbind pull`.",
  },
  TB1005: {
    title: "Name cannot be used",
    cause: "A name from the configuration is not an identifier, or two tools have the same name.",
    fix: "Choose another name under `toolkits.<toolkit>.names`.",
  },
  TB1006: {
    title: "More than one configuration",
    cause: "A folder has two or more `toolbind.config.*` files, so an edit to one might have no effect.",
    fix: "Remove all but one, or name one with `--config FILE`.",
  },
  TB1007: {
    title: "Command cannot be carried out as given",
    cause: "A value on the command line is well-formed but cannot be used.",
    fix: "Correct the value that the message names.",
  },
  TB1008: {
    title: "Your code cannot be analysed",
    cause: "The commands that find uses of tools in your code found no readable `tsconfig.json`, or no ts-morph.",
    fix: "Name the project with `--project FILE`, correct it, run `npm install --save-dev ts-morph`, or pass `--no-project` to leave your code alone.",
  },
  TB1009: {
    title: "Optional package is missing",
    cause: "The configuration or a flag needs a package that is not installed with toolbind.",
    fix: "Install the package that the message names.",
  },
  TB1010: {
    title: "Connection was not made",
    cause: "Nobody returned from the authorization page, the app rejected the credentials, or the port is in use.",
    fix: "Do what the message says, and run `toolbind connect APP` again.",
  },
  TB1011: {
    title: "Files cannot be watched",
    cause:
      "The system cannot report file changes to `--watch`: its limit is reached, or this location does not support it.",
    fix: "Raise the limit that the message names, or set `CHOKIDAR_USEPOLLING=1` to poll files for changes.",
  },
  TB2001: {
    title: "Source cannot be read",
    cause: "A file or folder of a catalogue or an app is missing or not readable.",
    fix: "Check the path and its permissions.",
  },
  TB2002: {
    title: "Source is not JSON",
    cause: "The file does not parse as JSON; often it is an HTML error page, truncated, or not UTF-8.",
    fix: "Fetch it again, and check that the request was authorised.",
  },
  TB2003: {
    title: "Source is not a catalogue",
    cause: "The JSON contains neither tools nor toolkits in the platform's format.",
    fix: "Name a file with an array of tools (or `{items: […]}`), or a snapshot folder.",
  },
  TB2004: {
    title: "Tool left out",
    cause: "One entry in the catalogue is malformed; the rest is generated.",
    fix: "Correct or remove the entry; `--strict` turns this into a failure.",
  },
  TB2005: {
    title: "Duplicate slug",
    cause: "Two different entries in the catalogue have the same slug.",
    fix: "Remove one of them.",
  },
  TB2006: {
    title: "Snapshot disagrees with the lock",
    cause: "A toolkit's snapshot does not match `toolbind.lock.json`.",
    fix: "Restore the snapshot with `toolbind pull TOOLKIT`, or accept it with `toolbind generate --update-lock`.",
  },
  TB2007: {
    title: "Lock cannot be read",
    cause: "`toolbind.lock.json` does not parse, or was written by a newer toolbind.",
    fix: "Restore it from version control, or update toolbind.",
  },
  TB2008: {
    title: "Toolkit is unpinned",
    cause: "The catalogue has no dated version for the toolkit, so each call must set one.",
    fix: "Add a dated version of the toolkit to the snapshot, or pass `version` with each call.",
  },
  TB2010: {
    title: "Platform cannot be reached",
    cause: "The connection failed, broke or timed out, and retries failed too.",
    fix: "Check the network, the proxy and `platform.baseUrl`, then run the command again.",
  },
  TB2011: {
    title: "Platform rejects the key",
    cause: "`COMPOSIO_API_KEY` is not set, or the platform does not accept it.",
    fix: "Set `COMPOSIO_API_KEY` to a key of your project.",
  },
  TB2012: {
    title: "Unexpected response from the platform",
    cause: "The response is not JSON, or not what the platform documents; often it is a proxy's page or a login page.",
    fix: "Check `platform.baseUrl` and any proxy between you and the platform.",
  },
  TB2013: {
    title: "No such toolkit",
    cause: "The platform has no toolkit with that name, or no longer.",
    fix: "Correct the name; the message suggests the nearest one. The snapshot of a toolkit that is gone stays.",
  },
  TB2014: {
    title: "No such version",
    cause: "The toolkit does not have the version that the configuration or the lock pins.",
    fix: "Pin another version, or take the newest with `toolbind pull TOOLKIT --latest`. Until then, the snapshot of a locked version stays.",
  },
  TB2015: {
    title: "Platform is rate limiting requests",
    cause: "The platform kept responding with 429, or asked for too long a wait.",
    fix: "Run the command again later, or lower `platform.concurrency`.",
  },
  TB2016: {
    title: "Listing is incomplete or inconsistent",
    cause:
      "The platform listed fewer tools than it reports, or tools of another version; or a catalogue is only one page of a listing.",
    fix: "Run `toolbind pull` again (`--strict` turns this into a failure), or save the other pages of the listing too.",
  },
  TB2017: {
    title: "Listing never ends",
    cause: "The platform's cursor led back to a page that was already read.",
    fix: "Run the command again later.",
  },
  TB2018: {
    title: "Platform rejects a request",
    cause: "The platform responded with an error status.",
    fix: "Do what the message says.",
  },
  TB2019: {
    title: "Header cannot be sent",
    cause: "A value in `platform.headers` uses an environment variable that is not set, or is not a valid header.",
    fix: "Set the variable, or correct the header.",
  },
  TB2020: {
    title: "Proxy cannot be used",
    cause:
      "`platform.proxy` or a variable such as HTTPS_PROXY is not the address of an HTTP proxy, or the proxy refused the connection.",
    fix: "Correct the address, or its user name and password; list hosts to reach without the proxy in NO_PROXY.",
  },
  TB2030: {
    title: "Description cannot be read",
    cause: "The file is not an OpenAPI description, does not parse, or lacks `info.version`.",
    fix: "Correct it at the line and column that the message names.",
  },
  TB2031: {
    title: "Operation left out",
    cause: "One operation of a description cannot be read; the rest is generated.",
    fix: "Correct or exclude the operation; `--strict` turns this into a failure.",
  },
  TB2032: {
    title: "Nothing to call",
    cause:
      "A description has no operations. Webhooks and callbacks are requests that the API sends, and `components` only define what operations may use.",
    fix: "Add operations under `paths`, or use a description that has some.",
  },
  TB2050: {
    title: "Integration file is not YAML",
    cause: "An `integration.yaml` does not parse, is too large or nests too deeply.",
    fix: "Correct the line that the message names; put a value that starts with `{{` in quotes.",
  },
  TB2051: {
    title: "Integration file is wrong",
    cause:
      "An `integration.yaml` has an unknown key or a value of the wrong type, or lacks a key that the mode requires.",
    fix: "Correct the line that the message names; for a misspelt key it suggests the nearest one.",
  },
  TB2052: {
    title: "Template cannot be filled as written",
    cause:
      "A `{{…}}` does not name a field of its scheme, or contains more than a name: filters and expressions are not supported.",
    fix: "Use a field of the scheme or a credential of its mode, or declare the field under `fields`.",
  },
  TB2053: {
    title: "Integration cannot be extended",
    cause: "`extends` names a file that is not in the app's folder or beside it, or is circular.",
    fix: "Copy the file to the path that the message names, or add its keys here and remove `extends`.",
  },
  TB2054: {
    title: "Integration file is misnamed",
    cause: "An app's folder has no `integration.yaml` but a file with a similar name, or has more than one.",
    fix: "Rename the file, or remove all but one.",
  },
  TB2055: {
    title: "Security scheme is not used as described",
    cause:
      "A description has a security scheme that calls cannot use, such as mutual TLS, or that its `integration.yaml` leaves out although operations accept nothing else. For OAuth without a token URL, such as the implicit flow, callers must provide the token. Of schemes that are required together and go to the same place, such as a password and a token, only one is sent.",
    fix: "Describe it, or another scheme, in the `integration.yaml`, or call those operations by other means.",
  },
  TB2056: {
    title: "Description is not OpenAPI",
    cause: "A description breaks the rules of the OpenAPI version that it names.",
    fix: "Correct the place that the message names; if a single operation is invalid, only that one is left out.",
  },
  TB2057: {
    title: "App cannot be added",
    cause: "The argument of `toolbind add` is not an app, or another app is already in its place.",
    fix: "Do what the message says; `--force` replaces files that differ.",
  },
  TB3001: {
    title: "Schema is malformed",
    cause: "A keyword has a value that JSON Schema does not allow.",
    fix: "Correct the schema at the pointer.",
  },
  TB3002: {
    title: "Reference cannot be resolved",
    cause: "A `$ref` points to something that is in no known document.",
    fix: "Correct the reference, or map its URL to a local folder with `--schema-map URL=DIR`.",
  },
  TB3003: {
    title: "Keyword cannot be expressed",
    cause: "A schema has a keyword that the emitted validator cannot check exactly.",
    fix: "Change the schema, or leave the tool out.",
  },
  TB3004: {
    title: "Schema is too large",
    cause: "A schema nests deeper or is larger than the generator accepts.",
    fix: "Simplify the schema, or leave the tool out.",
  },
  TB3005: {
    title: "Pattern may never finish",
    cause: "A regular expression in a schema takes more than linear time on some text, or cannot be shown not to.",
    fix: 'Correct the pattern, leave the tool out, or accept all patterns with `patterns: "accept"`.',
  },
  TB3006: {
    title: "Tool can never be called",
    cause:
      "The schema of its arguments requires a key for which it accepts no value: `additionalProperties: false` beside `allOf` forbids it, or its `enum` has no value of its `type`.",
    fix: "Correct the schema at the key, or leave the tool out with `exclude`.",
  },
  TB4001: {
    title: "Output folder cannot be used",
    cause:
      "The output path is a file, is not writable, is in a place where nothing may be written, or is an input folder.",
    fix: "Choose another folder with `output` or `--out`.",
  },
  TB4002: {
    title: "A file is in the way",
    cause: "The output folder has a file that toolbind did not write, in a place where it needs to write one.",
    fix: "Move the file, delete it if an earlier run wrote it, or choose another output folder.",
  },
  TB4003: {
    title: "Output is not up to date",
    cause: "`--check` found that the output differs from what would be generated.",
    fix: "Run `toolbind generate` and commit the result.",
  },
  TB4004: {
    title: "Template cannot be used",
    cause:
      "A template from the configuration does not compile, fails while rendering, or does not have the name of a built-in one.",
    fix: "Correct the template, its name or the folder that the configuration names.",
  },
  TB4005: {
    title: "Edited file stays",
    cause: "A file of the output is no longer generated, but somebody has edited it, so it is not removed.",
    fix: "Delete it once you have taken from it what you need.",
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

function formatPlace(place: Place): string {
  if (place.line !== undefined) return `${place.source}:${place.line}:${place.column ?? 1}`;
  return place.pointer === undefined ? place.source : `${place.source}#${place.pointer}`;
}

/** `<what failed> at <place>: expected X, received Y. Fix: …` */
export function formatMessage({ what, at, expected, received, fix }: ErrorDetails): string {
  let text = what;
  if (at !== undefined) text += ` at ${formatPlace(at)}`;
  if (expected !== undefined || received !== undefined) {
    const parts = [];
    if (expected !== undefined) parts.push(`expected ${expected}`);
    if (received !== undefined) parts.push(`received ${received}`);
    text += `: ${parts.join(", ")}`;
  }
  if (!/[.!?]$/.test(text)) text += ".";
  if (fix !== undefined) text += ` Fix: ${fix}${/[.!?]$/.test(fix) ? "" : "."}`;
  return text;
}

/** A mistake in the user's input or configuration, or a fault of the outside: shown as a message, without a stack. */
export class ToolbindError extends Error {
  override readonly name = "ToolbindError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(formatMessage(details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.details = details;
  }
}

/** Something left out or worth knowing; it fails the run under `--strict` when it is an error. */
export interface Diagnostic {
  readonly code: ErrorCode;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly at?: Place;
}

export function diagnostic(code: ErrorCode, severity: Diagnostic["severity"], details: ErrorDetails): Diagnostic {
  const message = formatMessage(details);
  return details.at === undefined ? { code, severity, message } : { code, severity, message, at: details.at };
}
