import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Expression, Node as MorphNode, ObjectLiteralExpression } from "ts-morph";
import { isDatedVersion } from "../catalogue/version.js";
import type { ResolvedConfig } from "../config/resolve.js";
import type { ToolkitDiff } from "../diff/toolkits.js";
import { ToolbindError } from "../errors.js";
import { displayName } from "../sources/files.js";
import { parseYaml } from "../text/parse-yaml.js";
import { yaml } from "../text/yaml.js";
import { loadTsMorph } from "../usage/project.js";

/** A string in the configuration's text, including its quotes. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const MAX_NESTING = 1000;

/**
 * The configuration's text with its pins moved and renamed slugs replaced; undefined if nothing changes. Formatting and
 * comments are kept. Writes nothing.
 * Throws a `ToolbindError` (TB1003) for a pin or a slug that is not a plain string in the file.
 */
export async function movedText(config: ResolvedConfig, diffs: readonly ToolkitDiff[]): Promise<string | undefined> {
  const { toolkits, configFile } = config;
  const moved = diffs.filter(({ toolkit, to }) => {
    const pinned = toolkits?.[toolkit]?.version;
    return pinned !== undefined && pinned !== to;
  });
  const renamed = slugsMentioned(toolkits, diffs);
  if (toolkits === null || (moved.length === 0 && renamed.size === 0)) return undefined;
  const source = configFile === null ? "" : readFileSync(configFile, "utf8");
  const found = await stringsIn(configFile ?? "", source);
  const edits: (Span & { readonly text: string })[] = [];
  for (const { toolkit, to } of moved) {
    const pinned = toolkits[toolkit]?.version as string;
    const span = found?.version(toolkit);
    const isPlain = span !== undefined && unquoted(source.slice(span.start, span.end)) === pinned;
    // No other text from the platform gets into a configuration.
    if (!isDatedVersion(to) || !isPlain)
      throw notMovable(config, `pins ${toolkit}, which`, `/toolkits/${toolkit}/version`, pinned, to);
    edits.push({ ...span, text: source.slice(span.start, span.end).replace(pinned, to) });
  }
  for (const [slug, { toolkit, to }] of renamed) {
    const spans = found?.strings(slug) ?? [];
    if (spans.length === 0) throw notMovable(config, `names ${slug}, which`, `/toolkits/${toolkit}`, slug, to);
    for (const span of spans) edits.push({ ...span, text: source.slice(span.start, span.end).replace(slug, to) });
  }
  let text = source;
  for (const edit of edits.sort((a, b) => b.start - a.start))
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  return text;
}

/** The configuration for the new versions, with pins moved and renamed slugs replaced. */
export function configAfter(config: ResolvedConfig, diffs: readonly ToolkitDiff[]): ResolvedConfig {
  if (config.toolkits === null) return config;
  const toolkits = { ...config.toolkits };
  for (const { toolkit, to, tools } of diffs) {
    const selection = toolkits[toolkit];
    if (selection === undefined) continue;
    const renamed = new Map(tools.map((tool) => [tool.slug, tool.to]));
    const slugAfter = (slug: string): string => renamed.get(slug) ?? slug;
    toolkits[toolkit] = {
      ...selection,
      ...(selection.version !== undefined && to !== null && { version: to }),
      ...(selection.tools !== undefined && { tools: selection.tools.map(slugAfter) }),
      ...(selection.exclude !== undefined && { exclude: selection.exclude.map(slugAfter) }),
      ...(selection.names !== undefined && {
        names: Object.fromEntries(Object.entries(selection.names).map(([slug, name]) => [slugAfter(slug), name])),
      }),
    };
  }
  return { ...config, toolkits };
}

/** The renamed tools that a selection names. */
function slugsMentioned(
  toolkits: ResolvedConfig["toolkits"],
  diffs: readonly ToolkitDiff[],
): Map<string, { readonly toolkit: string; readonly to: string }> {
  const found = new Map<string, { toolkit: string; to: string }>();
  for (const { toolkit, tools } of diffs) {
    const { tools: included = [], exclude = [], names = {} } = toolkits?.[toolkit] ?? {};
    const mentioned = new Set([...included, ...exclude, ...Object.keys(names)]);
    for (const { slug, to } of tools) if (to !== undefined && mentioned.has(slug)) found.set(slug, { toolkit, to });
  }
  return found;
}

function unquoted(text: string): string {
  return /^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text;
}

function notMovable(
  { configFile, cwd }: ResolvedConfig,
  what: string,
  pointer: string,
  received: string,
  to: string | null,
): ToolbindError {
  return new ToolbindError("TB1003", {
    what: `The configuration ${what} cannot be changed there`,
    at: { source: configFile === null ? "configuration" : displayName(configFile, cwd), pointer },
    expected: to === null ? "no version" : `${to}, written out in the file`,
    received,
    fix: "change it there, or remove it: what the configuration does not pin, the lock does",
  });
}

/** Finds strings in a configuration's text. */
interface Strings {
  /** The version of a toolkit; undefined if it is computed or defined elsewhere. */
  version(toolkit: string): Span | undefined;
  /** Every string and key that says just this. */
  strings(text: string): Span[];
}

async function stringsIn(file: string, text: string): Promise<Strings | undefined> {
  // JSON is YAML.
  if (/\.(?:json|ya?ml)$/.test(file)) return stringsInYaml(text);
  if (file === "") return undefined;
  const { Node, Project } = await loadTsMorph(`${basename(file)} cannot be read for the versions that it pins`, "");
  const source = new Project({ useInMemoryFileSystem: true, compilerOptions: { allowJs: true } }).createSourceFile(
    file.endsWith("ts") ? "config.ts" : "config.js",
    text,
  );
  /** The object that an expression stands for, looking through type assertions and variables. */
  const objectOf = (given: Expression | undefined): ObjectLiteralExpression | undefined => {
    let node = given;
    for (let steps = 0; node !== undefined && steps < MAX_NESTING; steps++) {
      if (Node.isObjectLiteralExpression(node)) return node;
      if (Node.isAsExpression(node) || Node.isSatisfiesExpression(node) || Node.isParenthesizedExpression(node))
        node = node.getExpression();
      else if (Node.isCallExpression(node) && node.getExpression().getText() === "defineConfig") {
        const [argument] = node.getArguments();
        node = Node.isExpression(argument) ? argument : undefined;
      } else if (Node.isIdentifier(node)) node = source.getVariableDeclaration(node.getText())?.getInitializer();
      else return undefined;
    }
    return undefined;
  };
  const member = (object: ObjectLiteralExpression | undefined, key: string): Expression | undefined => {
    // A later spread may override it.
    const found = object?.getProperties().findLast((property) => {
      if (Node.isSpreadAssignment(property)) return true;
      const name = property.getNameNode();
      return (Node.isStringLiteral(name) ? name.getLiteralText() : name.getText()) === key;
    });
    if (Node.isShorthandPropertyAssignment(found)) return found.getNameNode();
    return Node.isPropertyAssignment(found) ? found.getInitializer() : undefined;
  };
  const exported = source.getExportAssignment((each) => !each.isExportEquals())?.getExpression();
  const spanOf = (node: MorphNode): Span => ({ start: node.getStart(), end: node.getEnd() });
  return {
    version: (toolkit) => {
      const version = member(objectOf(member(objectOf(member(objectOf(exported), "toolkits")), toolkit)), "version");
      return Node.isStringLiteral(version) || Node.isNoSubstitutionTemplateLiteral(version)
        ? spanOf(version)
        : undefined;
    },
    strings: (wanted) =>
      source
        .getDescendants()
        .filter((node) =>
          Node.isStringLiteral(node) || Node.isNoSubstitutionTemplateLiteral(node)
            ? node.getLiteralText() === wanted
            : Node.isIdentifier(node) && node.getText() === wanted && Node.isPropertyAssignment(node.getParent()),
        )
        .map(spanOf),
  };
}

function stringsInYaml(text: string): Strings | undefined {
  const parsed = parseYaml(text, MAX_NESTING);
  if (!("document" in parsed)) return undefined;
  const { isScalar, visit } = yaml();
  const spanOf = (node: unknown): Span | undefined => {
    const range = isScalar(node) ? node.range : undefined;
    return range ? { start: range[0], end: range[1] } : undefined;
  };
  return {
    version: (toolkit) => spanOf(parsed.document.getIn(["toolkits", toolkit, "version"], true)),
    strings: (wanted) => {
      const found: Span[] = [];
      visit(parsed.document, {
        Scalar: (_, node) => {
          const span = node.value === wanted ? spanOf(node) : undefined;
          if (span !== undefined) found.push(span);
        },
      });
      return found;
    },
  };
}
