// Writes docs/descriptions.md: what becomes of real descriptions, of which only names, counts and reasons are kept.
// TOOLBIND_CORPUS=DIR tsx scripts/descriptions.ts
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { emitSettings } from "../generator/config/resolve.js";
import { ERROR_CATALOGUE, ToolbindError, type ErrorCode } from "../generator/errors.js";
import { generate } from "../generator/run.js";
import { pointerOf, valueAt } from "../generator/text/json-pointer.js";

const PAGE = fileURLToPath(new URL("../docs/descriptions.md", import.meta.url));
const METHODS: readonly string[] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
const MOST_SHOWN = 90;

/** A row of the page; what a column knows nothing of is undefined. */
interface Row {
  readonly name: string;
  readonly edition: string | undefined;
  readonly operations: number | undefined;
  readonly tools: number;
  /** Why something is left out, in words of toolbind's own. */
  readonly reasons: readonly string[];
}

const corpus = process.env["TOOLBIND_CORPUS"];
if (corpus === undefined || corpus === "") {
  console.error("Set TOOLBIND_CORPUS to a folder with `openapi/` and `tricky/`.");
  process.exit(1);
}
const out = mkdtempSync(join(tmpdir(), "toolbind-descriptions-"));
try {
  const sections: string[] = [];
  for (const [folder, title] of [
    ["openapi", "Descriptions of services"],
    ["tricky", "Test descriptions of other generators"],
  ] as const) {
    const rows: Row[] = [];
    for (const file of filesOf(join(corpus, folder))) rows.push(await rowOf(file));
    sections.push(sectionOf(title, rows));
  }
  writeFileSync(PAGE, `${introduction()}\n${sections.join("\n")}`);
} finally {
  rmSync(out, { recursive: true });
}

/** Descriptions, also those that are the one file beside its parts. */
function filesOf(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((file) => /^\s*["']?(openapi|swagger)["']?\s*:/m.test(head(file)) || isTop(folder, file)).sort();
}

function isTop(folder: string, file: string): boolean {
  return join(folder, basename(file)) === file;
}

function head(file: string): string {
  return readFileSync(file, "utf8").slice(0, 2000);
}

async function rowOf(file: string): Promise<Row> {
  const { edition, operations } = count(file);
  const facts = { name: basename(file), edition, operations };
  try {
    const settings = emitSettings({});
    const source = { kind: "app", path: file, slug: "app", out: join(out, "app"), settings } as const;
    const { tools, diagnostics } = await generate({ source });
    const errors = diagnostics.filter(({ severity, code }) => severity === "error" || code === "TB2055");
    return { ...facts, tools, reasons: tally(errors.map(({ code, message }) => reasonOf(code, message))) };
  } catch (error) {
    if (!(error instanceof ToolbindError)) throw error;
    return { ...facts, tools: 0, reasons: [reasonOf(error.code as ErrorCode, error.message)] };
  }
}

/** Counted without toolbind's own reader, so that what that one overlooks shows. */
function count(file: string): Pick<Row, "edition" | "operations"> {
  try {
    const text = readFileSync(file, "utf8");
    const root = (file.endsWith(".json") ? JSON.parse(text) : parse(text, { merge: true })) as Record<string, unknown>;
    const edition = root["openapi"] ?? root["swagger"];
    const paths = Object.entries({ ...(root["paths"] as object), ...(root["x-ms-paths"] as object) });
    const items = paths.flatMap(([path, item]) => (path.startsWith("/") ? [followed(root, item)] : []));
    const keys = items.flatMap((item) => Object.keys((item ?? {}) as object));
    return {
      edition: edition === undefined ? undefined : String(edition),
      operations: keys.filter((key) => METHODS.includes(key)).length,
    };
  } catch {
    return { edition: undefined, operations: undefined };
  }
}

/** What a path refers to within the same file. */
function followed(root: unknown, item: unknown): unknown {
  const pointer = pointerOf((item as { readonly $ref?: unknown } | null)?.$ref);
  return pointer === undefined ? item : valueAt(root, pointer);
}

function reasonOf(code: ErrorCode, message: string): string {
  const expected = /: expected (.*?)(, received |\. Fix: )/s.exec(message)?.[1]?.replaceAll(/\s+/g, " ") ?? "";
  const shown = expected.length > MOST_SHOWN ? `${expected.slice(0, MOST_SHOWN)}…` : expected;
  const title = ERROR_CATALOGUE[code].title;
  return shown === "" ? `${title} (${code})` : `${title} (${code}: expected ${shown})`;
}

function tally(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, times]) => (times === 1 ? reason : `${times} × ${reason}`));
}

function introduction(): string {
  return `# Results for real OpenAPI descriptions

<!-- Made by \`TOOLBIND_CORPUS=DIR npm run descriptions\`; changes are overwritten. -->

Each row is one OpenAPI description and the result of \`toolbind generate --openapi FILE\`: the number of operations under
its \`paths\`, counted independently of toolbind, the number of tools generated, and what was left out and why, with its
[error code](errors.md). A security scheme that is left out costs no tools; an \`integration.yaml\` can describe another
way to authenticate ([custom apps](custom-apps.md)).
`;
}

function sectionOf(title: string, rows: readonly Row[]): string {
  const sum = (key: "operations" | "tools"): number => rows.reduce((total, row) => total + (row[key] ?? 0), 0);
  const lines = rows.map(({ name, edition = "–", operations, tools, reasons }) => {
    const cells = [name, edition, operations ?? "–", tools, reasons.join("; ").replaceAll("|", "\\|")];
    return `| ${cells.join(" | ")} |`;
  });
  return `## ${title}

${rows.length} descriptions, ${sum("operations")} operations, ${sum("tools")} tools.

| description | version | operations | tools | left out |
| --- | --- | ---: | ---: | --- |
${lines.join("\n")}
`;
}
