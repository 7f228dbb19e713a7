import { InvalidArgumentError, type Command } from "commander";
import type { App, AuthScheme } from "../../runtime/direct/app.js";
import type { Connection, ManagedConnections } from "../../runtime/connections.js";
import { DEFAULT_USER } from "../../runtime/direct/connections.js";
import { ToolbindError } from "../errors.js";
import { columns, styled } from "../terminal/output.js";
import { plain } from "../text/plain.js";
import { checkConnection, type Check } from "./connect/check.js";
import { chosenScheme, findApp, onlyScheme } from "./connect/choose.js";
import {
  checkComplete,
  defaultsOf,
  fieldsOf,
  type GivenFields,
  readEnvironment,
  readFieldOptions,
  readFieldsFromStdin,
} from "./connect/fields.js";
import type { StoreOfCommands } from "./shared/connections.js";
import { connectWith, type Person } from "./connect/flow.js";
import { createContext, type Context } from "./shared/context.js";
import { EXIT } from "./shared/exit.js";

/** Absent where no one can be asked. */
type Prompts = typeof import("./connect/prompts.js");

interface ConnectFlags {
  readonly app?: string;
  readonly scheme?: string;
  readonly user: string;
  readonly field: readonly string[];
  readonly stdin?: boolean;
  readonly scope?: readonly string[];
  readonly port?: number;
  readonly callbackUrl?: string;
  readonly timeout: number;
  readonly check: boolean;
  readonly connections?: string;
  readonly yes?: boolean;
  readonly list?: boolean;
  readonly remove?: boolean;
}

const EXAMPLES = `
Secrets are prompted for, or read from the environment (ACME_API_KEY for the field api_key of acme) or, as JSON, from
standard input; never from the command line. Connections are stored in a file that only you can read, encrypted with
TOOLBIND_CONNECTIONS_KEY or, with @napi-rs/keyring installed, a key in the system's keyring. Programs use them with
\`createClient({ connections: fileConnections() })\`.

Examples:
  $ toolbind connect acme
  $ toolbind connect acme --user alice --scheme oauth2 --scope read --scope write
  $ ACME_API_KEY=… toolbind connect acme --yes
  $ toolbind connect --list`;

export function configure(command: Command): void {
  command
    .argument("[app]", "slug of the custom app")
    .option("--app <dir>", "use the app in this folder, without a configuration")
    .option("--scheme <name>", "the scheme to use, if the app has several")
    .option("--user <id>", "the user whose connection it is", userId, DEFAULT_USER)
    .option("--field <name=value>", "value of a field that is not secret; may be repeated", collect, [])
    .option("--stdin", "read fields from standard input, as a JSON object")
    .option("--scope <scope>", "an OAuth scope to request, instead of the app's; may be repeated", collect)
    .option("--port <number>", "local port that the authorization page redirects to", port)
    .option("--callback-url <url>", "address that the authorization page redirects to, instead of the app's", address)
    .option("--timeout <seconds>", "how long to wait for the redirect", seconds, 300)
    .option("--no-check", "do not check the credentials with the app")
    .option("--connections <file>", "the file that connections are stored in")
    .option("-y, --yes", "ask nothing; take everything from the environment, standard input and options")
    .option("--list", "list the stored connections")
    .option("--remove", "remove the connection of the app and user")
    .addHelpText("after", EXAMPLES)
    .action(async (slug: string | undefined, flags: ConnectFlags) => {
      if (flags.list === true && flags.remove === true) {
        command.error("error: --list and --remove cannot be used together");
      }
      if (slug === undefined && flags.list !== true && (flags.app === undefined || flags.remove === true)) {
        command.error("error: missing required argument 'app'");
      }
      process.exitCode = await run(createContext(command), slug, flags);
    });
}

async function run(context: Context, slug: string | undefined, flags: ConnectFlags): Promise<number> {
  const { openConnections } = await import("./shared/connections.js");
  const store = openConnections(context.cwd, flags.connections);
  if (flags.list === true) return list(context, store, slug);
  if (flags.remove === true) return remove(context, store, slug as string, flags.user);
  const app = await findApp(context, slug, flags.app);
  return connect(context, store, app, flags);
}

async function list({ output }: Context, store: ManagedConnections, slug: string | undefined): Promise<number> {
  const kept = (await store.list()).filter(({ app }) => slug === undefined || app === slug);
  output.result({
    json: () => ({ connections: kept }),
    text: () =>
      kept.length === 0
        ? "No connections."
        : columns(
            kept.map(({ app, userId, scheme, expiresAt }) => [
              plain(app),
              plain(userId),
              plain(scheme),
              expiresAt === undefined ? "" : `access until ${new Date(expiresAt).toISOString()}`,
            ]),
          ),
  });
  return EXIT.done;
}

async function remove({ output }: Context, store: ManagedConnections, app: string, userId: string): Promise<number> {
  if (!(await store.remove(app, userId))) {
    throw new ToolbindError("TB1007", {
      what: `User ${userId} has no connection to ${app}`,
      fix: "list the connections with `toolbind connect --list`",
    });
  }
  output.result({ json: () => ({ removed: { app, userId } }), text: () => `Removed the connection to ${plain(app)}.` });
  return EXIT.done;
}

async function connect(context: Context, store: StoreOfCommands, app: App, flags: ConnectFlags): Promise<number> {
  const { output } = context;
  const isAsking = flags.yes !== true && !output.json && !output.quiet && process.stdin.isTTY && process.stdout.isTTY;
  const prompts = isAsking ? await import("./connect/prompts.js") : undefined;
  // A missing key or an unreadable file is better known before a person has done their part.
  const before = await store.get(app.slug, flags.user);
  await store.prepare();
  prompts?.begin(app);
  const scheme =
    chosenScheme(app, flags.scheme) ?? (await prompts?.askScheme(app.schemes)) ?? onlyScheme(app, isAsking);
  if (scheme === undefined) return EXIT.input;
  const given = await givenFields(app, scheme, flags, prompts);
  if (given === undefined) return EXIT.input;
  const connection = await makeConnection(context, app, { scheme, given, flags, prompts });
  if (connection === undefined) return EXIT.input;
  const check: Check = flags.check
    ? await checkConnection(app, connection, flags.user)
    : { outcome: "skipped", connection };
  const shared = sharedFields(scheme, given);
  const kept = Object.entries(check.connection.fields).filter(([name]) => !shared.has(name));
  await store.set(app.slug, flags.user, { ...check.connection, fields: Object.fromEntries(kept) });
  prompts?.end();
  if (check.outcome === "unknown") output.note(`The connection could not be checked: ${plain(check.why)}`);
  report(context, { app, userId: flags.user, scheme, check, isReplaced: before !== undefined });
  if (shared.size > 0) {
    output.note(`Not stored, because your program also reads them from the environment: ${[...shared].join(", ")}`);
  }
  return EXIT.done;
}

/** The fields from everywhere they may come from, each winning over those before; undefined when the user breaks off. */
async function givenFields(
  app: App,
  scheme: AuthScheme,
  flags: ConnectFlags,
  prompts: Prompts | undefined,
): Promise<GivenFields | undefined> {
  const fields = fieldsOf(scheme);
  const known: GivenFields = new Map([
    ...defaultsOf(fields),
    ...readEnvironment(app, fields),
    ...(flags.stdin === true ? readFieldsFromStdin(fields) : []),
    ...readFieldOptions(app, fields, flags.field),
  ]);
  const answers = await prompts?.askFields(fields, known);
  if (prompts !== undefined && answers === undefined) return undefined;
  const given: GivenFields = new Map([...known, ...(answers ?? [])]);
  checkComplete(app, fields, given);
  return given;
}

/** What a connection is made of. */
interface Chosen {
  readonly scheme: AuthScheme;
  readonly given: GivenFields;
  readonly flags: ConnectFlags;
  readonly prompts: Prompts | undefined;
}

/** Undefined when the user breaks off. */
async function makeConnection(
  context: Context,
  app: App,
  { scheme, given, flags, prompts }: Chosen,
): Promise<Connection | undefined> {
  const needsPerson = scheme.mode === "OAUTH1" || (scheme.mode === "OAUTH2" && isByCode(scheme.grant));
  if (needsPerson && flags.yes === true) {
    throw new ToolbindError("TB1007", {
      what: `${app.name} requires a person to allow access on its authorization page`,
      fix: "run the command without `--yes`",
    });
  }
  const values = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  return connectWith(app, scheme, values, personOf(context, prompts), {
    timeoutMs: flags.timeout * 1000,
    ...(flags.scope !== undefined && { scopes: flags.scope }),
    ...(flags.port !== undefined && { port: flags.port }),
    ...(flags.callbackUrl !== undefined && { callbackUrl: flags.callbackUrl }),
  });
}

/** The developer's own values that the environment gave, which is where the program reads them too. */
function sharedFields(scheme: AuthScheme, given: GivenFields): Set<string> {
  const ofDeveloper = fieldsOf(scheme).filter(({ expectedFromCustomer }) => !expectedFromCustomer);
  return new Set(ofDeveloper.map(({ name }) => name).filter((name) => given.get(name)?.from === "environment"));
}

interface Connected {
  readonly app: App;
  readonly userId: string;
  readonly scheme: AuthScheme;
  readonly check: Check;
  readonly isReplaced: boolean;
}

function report({ output }: Context, { app, userId, scheme, check, isReplaced }: Connected): void {
  const { expiresAt } = check.connection;
  const works = check.outcome === "works";
  output.result({
    json: () => ({
      connected: {
        app: app.slug,
        userId,
        scheme: scheme.name,
        ...(expiresAt !== undefined && { expiresAt }),
        checked: works,
        replaced: isReplaced,
      },
    }),
    text: () => {
      const whose = userId === DEFAULT_USER ? "" : ` for ${plain(userId)}`;
      const state = works ? ", and the app accepts it" : "";
      const verb = isReplaced ? "Replaced" : "Stored";
      return styled(process.stdout, "green", `${verb} the connection to ${plain(app.slug)}${whose}${state}.`);
    },
  });
}

function isByCode(grant: string | undefined): boolean {
  return grant === undefined || grant === "authorization_code";
}

function personOf({ output }: Context, prompts: Prompts | undefined): Person {
  if (prompts !== undefined) return { show: prompts.showUrl, paste: prompts.askArrival };
  // With --quiet too: without the address nothing would happen.
  return { show: (url) => output.problem(`Open this address and allow access:\n${plain(url)}`) };
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function userId(value: string): string {
  if (value.trim() === "") throw new InvalidArgumentError("It must be an id.");
  return value;
}

function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 65_535)
    throw new InvalidArgumentError("It must be a port from 1 to 65535.");
  return number;
}

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 86_400))
    throw new InvalidArgumentError("It must be a number of seconds, at most 86400.");
  return number;
}

function address(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new InvalidArgumentError("It must be a URL.");
  return value;
}
