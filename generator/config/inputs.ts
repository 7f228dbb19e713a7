import { readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { tokensOf } from "../text/tokens.js";
import { filesMeantBy, isModule } from "./module-files.js";

/** Names through which a program can read its environment. */
const OUTSIDE_WORDS = new Set(
  (
    "process global globalThis window self require module exports eval Function constructor Reflect Proxy Date " +
    "Temporal Intl Math crypto performance navigator fetch WebSocket XMLHttpRequest Deno Bun __dirname __filename " +
    "toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase localeCompare"
  ).split(" "),
);
const MAX_BYTES = 1_000_000;

/**
 * Every file that decides what a configuration evaluates to, with its text, sorted by path;
 * null when more than files may decide: the environment, a package, the clock.
 * Files that an import might resolve to are counted in, so that one that appears later is a change too.
 */
export function inputsOf(configFile: string): Map<string, string> | null {
  const inputs = new Map<string, string>();
  const queue = [realpathSync(configFile)];
  let bytes = 0;
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (inputs.has(file)) continue;
    const text = readFileSync(file, "utf8");
    bytes += text.length;
    if (bytes > MAX_BYTES) return null;
    inputs.set(file, text);
    if (!isModule(file)) continue;
    const specifiers = relativeImports(text);
    if (specifiers === null) return null;
    for (const specifier of specifiers) {
      const candidates = filesFor(resolve(dirname(file), specifier));
      if (candidates === null) return null;
      queue.push(...candidates);
    }
  }
  return new Map([...inputs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The relative files a module imports; null when its value may depend on anything but them and `toolbind`. */
export function relativeImports(text: string): string[] | null {
  const specifiers: string[] = [];
  let before = "";
  let beforeThat = "";
  for (const { kind, text: token } of tokensOf(text)) {
    // A slash is a regular expression or a division, whose end only a parser can tell; a backslash hides a name.
    if (token === "/" || token === "\\") return null;
    if (kind === "template" && token.includes("${")) return null;
    if (kind === "word" && OUTSIDE_WORDS.has(token)) return null;
    if (before === "import" && (token === "(" || token === ".")) return null;
    if (kind === "string" && (before === "from" || before === "import") && beforeThat !== ".") {
      const specifier = token.slice(1, -1);
      if (specifier.includes("\\") || /[?#%]/.test(specifier)) return null;
      if (/^\.\.?\//.test(specifier)) specifiers.push(specifier);
      else if (specifier !== "toolbind") return null;
    }
    beforeThat = before;
    before = token;
  }
  return specifiers;
}

/** The files there that an import of this path may mean; null when it may mean a folder. */
function filesFor(path: string): string[] | null {
  const folder = dirname(path);
  const names = new Set([...filesMeantBy(path)].map((each) => basename(each)));
  let entries: string[];
  try {
    entries = readdirSync(folder);
  } catch {
    return null;
  }
  const found: string[] = [];
  for (const entry of entries) {
    if (!names.has(entry)) continue;
    const candidate = realpathSync(join(folder, entry));
    if (!statSync(candidate).isFile()) return null;
    found.push(candidate);
  }
  return found.length === 0 ? null : found;
}
