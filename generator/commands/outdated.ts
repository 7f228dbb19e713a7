import type { Command } from "commander";
import { loadProjectConfig } from "../config/project.js";
import { plainLine } from "../text/plain.js";
import { columns } from "../terminal/output.js";
import { createContext, type Context } from "./shared/context.js";
import { PROJECT, type ProjectFlag } from "./shared/project-option.js";

interface OutdatedRow {
  readonly toolkit: string;
  readonly pinned: string | null;
  readonly newest: string | null;
  /** The platform does not list the toolkit any more. */
  readonly isGone: boolean;
  /** Days between the two versions; null where the newest is older than the pin. */
  readonly behindDays: number | null;
  /** Calls and other uses of the toolkit's tools in the user's code; null if it was not read. */
  readonly uses: number | null;
}

const EXAMPLES = `
Lists the toolkits of the snapshot that have a newer version, or are gone from the platform, and how many places in
your code use them. Where the pinned version was withdrawn, the newest may be an older one: \`upgrade\` goes back to it
only if you name the toolkit. Reading your code needs ts-morph; \`--no-project\` skips it.

Examples:
  $ toolbind outdated
  $ toolbind outdated --json --no-project`;

export function configure(command: Command): void {
  command
    .option<ProjectFlag>(...PROJECT)
    .option("--no-project", "do not read your code")
    .addHelpText("after", EXAMPLES)
    .action((flags: { readonly project?: ProjectFlag }) => run(createContext(command), flags));
}

async function run(context: Context, flags: { readonly project?: ProjectFlag }): Promise<void> {
  const { cwd, configFile, output } = context;
  const config = await loadProjectConfig(cwd, configFile);
  const [{ connect, isNewer, newestVersions, readSnapshot }, { codeToRead, countUses }] = await Promise.all([
    import("../upgrade/releases.js"),
    import("../upgrade/plan.js"),
  ]);
  const snapshot = readSnapshot(config);
  const newest = await newestVersions(connect(config));
  const outdated = [...snapshot.values()].filter(
    ({ slug, version }) => !newest.has(slug) || (newest.get(slug) ?? version) !== version,
  );
  const { project, unseen } = codeToRead(config, flags.project, { isRewritten: false });
  if (unseen !== undefined && outdated.length > 0) output.note(unseen);
  const uses =
    outdated.length === 0 || project === null ? undefined : await countUses(config, project, [...snapshot.values()]);
  const rows = outdated.map(({ slug, version }): OutdatedRow => {
    const to = newest.get(slug) ?? null;
    return {
      toolkit: slug,
      pinned: version,
      newest: to,
      isGone: !newest.has(slug),
      behindDays: isNewer(to, version) ? days(version, to) : null,
      uses: uses?.get(slug) ?? (uses ? 0 : null),
    };
  });
  output.result({ json: () => rows, text: () => table(rows, snapshot.size) });
}

function table(rows: readonly OutdatedRow[], toolkits: number): string {
  if (rows.length === 0)
    return toolkits === 1
      ? "The toolkit is at its newest version."
      : `All ${toolkits} toolkits are at their newest versions.`;
  const cells = rows.map(({ toolkit, pinned, newest, isGone, behindDays, uses }) => [
    toolkit,
    pinned ?? "unpinned",
    isGone ? "no longer on the platform" : shownNewest(newest, pinned),
    behindDays === null ? "" : `${behindDays} days`,
    uses === null ? "" : String(uses),
  ]);
  return columns([["TOOLKIT", "PINNED", "NEWEST", "BEHIND", "USES"], ...cells].map((row) => row.map(plainLine)));
}

function shownNewest(newest: string | null, pinned: string | null): string {
  if (newest === null) return "none";
  return pinned !== null && newest < pinned ? `${newest}, older` : newest;
}

/** Versions are dated, so their distance can be computed without a clock. */
function days(from: string | null, to: string | null): number | null {
  const [start, end] = [from, to].map((version) => {
    const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})_/.exec(version ?? "") ?? [];
    return year === undefined ? NaN : Date.UTC(Number(year), Number(month) - 1, Number(day));
  }) as [number, number];
  const between = Math.round((end - start) / 86_400_000);
  return Number.isNaN(between) ? null : between;
}
