import { InvalidArgumentError, type Command } from "commander";
import type { App, AuthScheme } from "../../runtime/direct/app.js";
import type { ManagedConnections } from "../../runtime/connections.js";
import { DEFAULT_USER } from "../../runtime/direct/connections.js";
import { nearest } from "../../runtime/nearest.js";
import { ToolbindError } from "../errors.js";
import { columns, styled } from "../terminal/output.js";
import { plain } from "../text/plain.js";
import { checkConnection, type Check } from "./connect/check.js";
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
import { createContext, sourceOf, type Context } from "./shared/context.js";
import { EXIT } from "./shared/exit.js";
import { loadTools } from "./shared/tools.js";

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
  const app = await findApp(context, slug, flags);
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
  const fields = fieldsOf(scheme);
  const known: GivenFields = new Map([
    ...defaultsOf(fields),
    ...readEnvironment(app, fields),
    ...(flags.stdin === true ? readFieldsFromStdin(fields) : []),
    ...readFieldOptions(app, fields, flags.field),
  ]);
  const answers = await prompts?.askFields(fields, known);
  if (prompts !== undefined && answers === undefined) return EXIT.input;
  const given: GivenFields = new Map([...known, ...(answers ?? [])]);
  checkComplete(app, fields, given);
  const needsPerson = scheme.mode === "OAUTH1" || (scheme.mode === "OAUTH2" && isByCode(scheme.grant));
  if (needsPerson && flags.yes === true) {
    throw new ToolbindError("TB1007", {
      what: `${app.name} requires a person to allow access on its authorization page`,
      fix: "run the command without `--yes`",
    });
  }
  const values = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  const connection = await connectWith(app, scheme, values, personOf(context, prompts), {
    timeoutMs: flags.timeout * 1000,
    ...(flags.scope !== undefined && { scopes: flags.scope }),
    ...(flags.port !== undefined && { port: flags.port }),
    ...(flags.callbackUrl !== undefined && { callbackUrl: flags.callbackUrl }),
  });
  if (connection === undefined) return EXIT.input;
  const check: Check = flags.check
    ? await checkConnection(app, connection, flags.user)
    : { outcome: "skipped", connection };
  // The developer's own values that the environment gave are read there by the program too.
  const shared = new Set(
    fields
      .filter(({ name, expectedFromCustomer }) => !expectedFromCustomer && given.get(name)?.from === "environment")
      .map(({ name }) => name),
  );
  const kept = Object.entries(check.connection.fields).filter(([name]) => !shared.has(name));
  await store.set(app.slug, flags.user, { ...check.connection, fields: Object.fromEntries(kept) });
  prompts?.end();
  if (check.outcome === "unknown") output.note(`The connection could not be checked: ${plain(check.why)}`);
  const { expiresAt } = check.connection;
  output.result({
    json: () => ({
      connected: {
        app: app.slug,
        userId: flags.user,
        scheme: scheme.name,
        ...(expiresAt !== undefined && { expiresAt }),
        checked: check.outcome === "works",
        replaced: before !== undefined,
      },
    }),
    text: () => {
      const whose = flags.user === DEFAULT_USER ? "" : ` for ${plain(flags.user)}`;
      const state = check.outcome === "works" ? ", and the app accepts it" : "";
      const verb = before === undefined ? "Stored" : "Replaced";
      return styled(process.stdout, "green", `${verb} the connection to ${plain(app.slug)}${whose}${state}.`);
    },
  });
  if (shared.size > 0) {
    output.note(`Not stored, because your program also reads them from the environment: ${[...shared].join(", ")}`);
  }
  return EXIT.done;
}

function isByCode(grant: string | undefined): boolean {
  return grant === undefined || grant === "authorization_code";
}

function personOf({ output }: Context, prompts: typeof import("./connect/prompts.js") | undefined): Person {
  if (prompts !== undefined) return { show: prompts.showUrl, paste: prompts.askArrival };
  // With --quiet too: without the address nothing would happen.
  return { show: (url) => output.problem(`Open this address and allow access:\n${plain(url)}`) };
}

async function findApp(context: Context, slug: string | undefined, flags: ConnectFlags): Promise<App> {
  const source = await sourceOf(context, flags.app === undefined ? {} : { app: flags.app });
  const { toolkits } = await loadTools(source);
  const apps = toolkits.flatMap(({ app }) => (app === undefined ? [] : [app.description]));
  const found = slug === undefined && apps.length === 1 ? apps[0] : apps.find((app) => app.slug === slug);
  if (found !== undefined) return found;
  const slugs = apps.map((app) => app.slug);
  const suggestion = slug === undefined ? undefined : nearest(slug, slugs);
  const isOfPlatform = toolkits.some((toolkit) => toolkit.slug === slug);
  throw new ToolbindError("TB1004", {
    what: isOfPlatform
      ? `${slug} is a toolkit of the platform, which stores the connections to it`
      : `There is no custom app ${JSON.stringify(slug)}`,
    fix: isOfPlatform
      ? "connect it there"
      : suggestion !== undefined
        ? `did you mean \`${suggestion}\`?`
        : slugs.length > 0
          ? `name one of ${slugs.join(", ")}`
          : "add one with `toolbind add DIR`, or name its folder with `--app DIR`",
  });
}

/** The scheme that is named, or the only one that there is. */
function chosenScheme({ name, schemes }: App, wanted: string | undefined): AuthScheme | undefined {
  if (schemes.length === 0) {
    throw new ToolbindError("TB1007", {
      what: `${name} has no authentication scheme, so it needs no connection or cannot have one`,
      fix: "add `auth_schemes` to its integration.yaml if it needs one",
    });
  }
  if (wanted === undefined) return undefined;
  const found = schemes.find((scheme) => scheme.name === wanted);
  if (found !== undefined) return found;
  throw unknownScheme(name, `no authentication scheme called ${JSON.stringify(wanted)}`, schemes);
}

/** Where no one can be asked, there must be only one choice. */
function onlyScheme({ name, schemes }: App, isAsking: boolean): AuthScheme | undefined {
  if (isAsking) return undefined;
  if (schemes.length === 1) return schemes[0];
  throw unknownScheme(name, "several authentication schemes", schemes);
}

function unknownScheme(app: string, what: string, schemes: readonly AuthScheme[]): ToolbindError {
  const names = schemes.map(({ name }) => name).join(", ");
  return new ToolbindError("TB1007", { what: `${app} has ${what}`, fix: `use \`--scheme\` with one of ${names}` });
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
