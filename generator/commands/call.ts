import type { Command } from "commander";
import { ToolbindError } from "../errors.js";
import type { Source } from "../source.js";
import type { ToolWithOptionalArgs } from "../../runtime/tool.js";
import type { Executor } from "../../runtime/types.js";
import type { ConnectionStore } from "../../runtime/connections.js";
import { checkArguments, readArguments } from "./call/arguments.js";
import { createContext, sourceOf, type Context } from "./shared/context.js";
import { findTool, loadTools } from "./shared/tools.js";
import type { NamedTool } from "./shared/named-tool.js";
import { plainJson } from "../text/plain.js";

interface CallFlags {
  readonly args: string;
  readonly user?: string;
  readonly account?: string;
  readonly toolVersion?: string;
  readonly dryRun?: boolean;
  readonly catalogue?: string;
}

const EXAMPLES = `
The API key comes from COMPOSIO_API_KEY, the user from --user or COMPOSIO_USER_ID.

Examples:
  $ toolbind call GITHUB_GET_A_REPOSITORY --args '{"owner":"acme","repo":"site"}'
  $ toolbind call GITHUB_CREATE_AN_ISSUE --args @issue.json --user alice --dry-run`;

export function configure(command: Command): void {
  command
    .argument("<slug>", "slug of the tool, or its function (`github.createIssue`)")
    .option("--args <json>", "the arguments: JSON, @FILE, or - for standard input", "{}")
    .option("--user <id>", "the user whose connected account is used")
    .option("--account <id>", "the connected account to use (ca_…)")
    .option("--tool-version <version>", "the toolkit version to call, instead of the pinned one")
    .option("--dry-run", "send nothing; print the exact request as curl, without the key")
    .option("--catalogue <file-or-dir>", "look in this file or snapshot folder, without a configuration")
    .addHelpText("after", EXAMPLES)
    .action((slug: string, flags: CallFlags) => run(createContext(command), slug, flags));
}

async function run(context: Context, slug: string, flags: CallFlags): Promise<void> {
  const { output, cwd } = context;
  const args = readArguments(flags.args, cwd);
  const source = await sourceOf(context, flags);
  const found = await findTool(await loadTools(source), slug);
  await checkArguments(found, args);
  checkIdentity(found, flags);

  const [{ call, previewRequest }, { createClient }, { defineTool }, z] = await Promise.all([
    import("../../runtime/call.js"),
    import("../../runtime/client.js"),
    import("../../runtime/tool.js"),
    import("../../runtime/z.js"),
  ]);
  const { tool } = found;
  const executor = await executorOf(found);
  const callable = defineTool<ToolWithOptionalArgs<unknown, unknown>>(tool.slug, () => ({
    ...tool,
    ...(executor !== undefined && { executor: () => executor }),
    input: () => z.unknown(),
    output: () => z.unknown(),
  }));
  const baseUrl = baseUrlOf(source);
  const options = {
    client: createClient({
      ...(baseUrl !== undefined && { baseUrl }),
      ...(executor !== undefined && { connections: await connectionsOf(context) }),
    }),
    validate: { input: "off", output: "off" },
    ...(flags.user !== undefined && { userId: flags.user }),
    ...(flags.account !== undefined && { connectedAccountId: flags.account }),
    ...(flags.toolVersion !== undefined && { version: flags.toolVersion }),
  } as const;

  if (flags.dryRun === true) {
    const request = await previewRequest(callable, { arguments: args }, options);
    const { toCurl } = await import("./call/curl.js");
    const curl = toCurl(request, executor === undefined ? "COMPOSIO_API_KEY" : undefined);
    output.result({ json: () => ({ ...request, body: parsed(request.body), curl }), text: () => curl });
    return;
  }
  const { data, logId } = await call(callable, { arguments: args }, options);
  output.result({ json: () => data, text: () => plainJson(data) });
  if (logId !== undefined && !output.json) output.note(`log ${logId}`);
}

/** The executor for the tool of a custom app; undefined where the platform calls it. */
async function executorOf({ tool, toolkit }: NamedTool): Promise<Executor | undefined> {
  const { route } = tool;
  if (route === undefined || toolkit.app === undefined) return undefined;
  const [{ direct }, { authorisersOf }] = await Promise.all([
    import("../../runtime/direct/executor.js"),
    import("./shared/authorisers.js"),
  ]);
  const { description } = toolkit.app;
  return direct({ ...description, authorisers: await authorisersOf(description) }, () => route)();
}

/** Those that `toolbind connect` stores, if their key is available. */
async function connectionsOf({ cwd }: Context): Promise<ConnectionStore> {
  const { storedConnections } = await import("./shared/connections.js");
  const { memoryConnections } = await import("../../runtime/index.js");
  return (await storedConnections(cwd)) ?? memoryConnections();
}

/** A body as the JSON that it is, else as text. */
function parsed(body = ""): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function checkIdentity({ tool }: NamedTool, { user, account }: CallFlags): void {
  // An app that is called directly knows what it needs itself.
  if (
    tool.noAuth ||
    tool.route !== undefined ||
    user !== undefined ||
    account !== undefined ||
    process.env["COMPOSIO_USER_ID"]
  )
    return;
  throw new ToolbindError("TB1007", {
    what: `${tool.slug} acts on a connected account, but none is named`,
    fix: "add `--user ID` or `--account ca_…`, or set COMPOSIO_USER_ID",
  });
}

/** The environment comes before the configuration, as in what is generated. */
function baseUrlOf(source: Source): string | undefined {
  const fromEnvironment = process.env["COMPOSIO_BASE_URL"] || process.env["COMPOSIO_BASE"];
  return fromEnvironment || source.kind !== "config" ? undefined : source.config.platform.baseUrl;
}
