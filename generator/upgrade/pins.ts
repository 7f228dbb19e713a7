import { readFileSync } from "node:fs";
import type { Expression, ObjectLiteralExpression } from "ts-morph";
import type { ResolvedConfig } from "../config/resolve.js";
import { ToolbindError } from "../errors.js";
import { displayName } from "../sources/files.js";
import { parseYaml } from "../text/parse-yaml.js";
import { yaml } from "../text/yaml.js";
import { loadTsMorph } from "../usage/project.js";

/** A string of the configuration's text, its quotes among it. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** The configuration with pins moved, and its text; `text` is undefined where it pins none of these toolkits. */
export interface MovedPins {
  readonly config: ResolvedConfig;
  readonly text: string | undefined;
}

const MAX_NESTING = 1000;
/** Nothing else that a platform names becomes text of a configuration. */
const VERSION = /^\d{8}_\d{2}$/;

/**
 * Moves `toolkits.<slug>.version` in the configuration's text, for those toolkits that it pins to something else. Only
 * the versions are touched: formatting and comments stay. Writes nothing.
 * Throws a `ToolbindError` (TB1003) for a pin that does not stand in the file as a plain string.
 */
export async function movePins(config: ResolvedConfig, pins: ReadonlyMap<string, string | null>): Promise<MovedPins> {
  const { toolkits, configFile } = config;
  const moved = [...pins].filter(([slug, to]) => {
    const pinned = toolkits?.[slug]?.version;
    return pinned !== undefined && pinned !== to;
  });
  if (moved.length === 0 || toolkits === null) return { config, text: undefined };
  const source = configFile === null ? "" : readFileSync(configFile, "utf8");
  const find = await finderOf(configFile ?? "", source);
  const edits: (Span & { readonly text: string })[] = [];
  const selection = { ...toolkits };
  for (const [slug, to] of moved) {
    const pinned = toolkits[slug]?.version as string;
    const span = find?.(slug);
    if (
      to === null ||
      !VERSION.test(to) ||
      span === undefined ||
      unquoted(source.slice(span.start, span.end)) !== pinned
    )
      throw notMovable(config, slug, pinned, to);
    edits.push({ ...span, text: source.slice(span.start, span.end).replace(pinned, to) });
    selection[slug] = { ...selection[slug], version: to };
  }
  let text = source;
  for (const edit of edits.sort((a, b) => b.start - a.start))
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  return { config: { ...config, toolkits: selection }, text };
}

function unquoted(text: string): string {
  return /^(["'`])(.*)\1$/s.exec(text)?.[2] ?? text;
}

function notMovable(
  { configFile, cwd }: ResolvedConfig,
  toolkit: string,
  pinned: string,
  to: string | null,
): ToolbindError {
  return new ToolbindError("TB1003", {
    what: `The configuration pins ${toolkit}, and the pin cannot be moved there`,
    at: {
      source: configFile === null ? "configuration" : displayName(configFile, cwd),
      pointer: `/toolkits/${toolkit}/version`,
    },
    expected: to === null ? "no version" : `${to}, written out in the file`,
    received: pinned,
    fix: "change the version there, or remove it and let the lock keep the pin",
  });
}

/** Finds the version of a toolkit in a configuration's text; undefined where it stands elsewhere, or is computed. */
async function finderOf(file: string, text: string): Promise<((toolkit: string) => Span | undefined) | undefined> {
  // JSON is YAML.
  if (/\.(?:json|ya?ml)$/.test(file)) return yamlFinder(text);
  if (file === "") return undefined;
  const { Node, Project } = await loadTsMorph();
  const source = new Project({ useInMemoryFileSystem: true, compilerOptions: { allowJs: true } }).createSourceFile(
    file.endsWith("ts") ? "config.ts" : "config.js",
    text,
  );
  /** What an expression of the configuration is, without what is only said of its type, and behind a name. */
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
    // What is spread in after it may replace it.
    const found = object?.getProperties().findLast((property) => {
      if (Node.isSpreadAssignment(property)) return true;
      const name = property.getNameNode();
      return (Node.isStringLiteral(name) ? name.getLiteralText() : name.getText()) === key;
    });
    if (Node.isShorthandPropertyAssignment(found)) return found.getNameNode();
    return Node.isPropertyAssignment(found) ? found.getInitializer() : undefined;
  };
  const exported = source.getExportAssignment((each) => !each.isExportEquals())?.getExpression();
  return (toolkit) => {
    const version = member(objectOf(member(objectOf(member(objectOf(exported), "toolkits")), toolkit)), "version");
    if (!Node.isStringLiteral(version) && !Node.isNoSubstitutionTemplateLiteral(version)) return undefined;
    return { start: version.getStart(), end: version.getEnd() };
  };
}

function yamlFinder(text: string): ((toolkit: string) => Span | undefined) | undefined {
  const parsed = parseYaml(text, MAX_NESTING);
  if (!("document" in parsed)) return undefined;
  return (toolkit) => {
    const node = parsed.document.getIn(["toolkits", toolkit, "version"], true);
    const range = yaml().isScalar(node) ? node.range : undefined;
    return range ? { start: range[0], end: range[1] } : undefined;
  };
}
