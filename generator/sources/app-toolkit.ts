import type { CatalogueToolkit } from "../catalogue/types.js";
import { ToolbindError, type Diagnostic } from "../errors.js";
import { readDescription, type Description } from "../openapi/document.js";
import { hashOfTexts, slugOfTitle, toolkitOf } from "../openapi/toolkit.js";
import type { DocumentLoader } from "../schema/documents.js";
import { fileBesideApp, pathBesideApp, uriOfApp, type AppFiles } from "./apps.js";

export interface AppContext {
  readonly cwd: string;
  /** Slugs given to operations before, by method and path. */
  readonly given: (toolkit: string) => ReadonlyMap<string, string>;
  /** Documents that stand for URLs. */
  readonly mapped: DocumentLoader;
  /** Hears of each file beside the description that was looked for; undefined where there is none. */
  readonly consulted: (path: string, content: Buffer | undefined) => void;
}

/** Reads the toolkit of a custom app. Throws a `ToolbindError` where nothing can be made of it. */
export function readApp(
  files: AppFiles,
  { cwd, given, mapped, consulted }: AppContext,
): { readonly toolkit: CatalogueToolkit; readonly diagnostics: readonly Diagnostic[] } {
  const texts = new Map<string, string>();
  const description = readDescription(files.description, uriOfApp(files), mapped, (uri) => {
    const path = pathBesideApp(files, uri);
    if (path === undefined) return undefined;
    const file = fileBesideApp(files, path, cwd);
    consulted(path, file?.content);
    if (file !== undefined) texts.set(uri, file.content.toString("utf8"));
    return file;
  });
  loadReferences(description, files);
  const slug = slugOf(files, description);
  const beside = [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  const { toolkit, diagnostics } = toolkitOf(description, {
    slug,
    name: undefined,
    description: undefined,
    app: { schemes: [] },
    contentHash: hashOfTexts([files.description.content.toString("utf8"), ...beside]),
    given: given(slug),
  });
  return { toolkit, diagnostics };
}

const TOOLKIT_SLUG = /^_?[a-z0-9][a-z0-9_-]{0,99}$/;

function slugOf({ slug }: AppFiles, description: Description): string {
  const title = (description.root["info"] as { readonly title?: unknown } | undefined)?.title;
  const found = slug ?? (typeof title === "string" ? slugOfTitle(title) : "");
  if (TOOLKIT_SLUG.test(found)) return found;
  throw new ToolbindError("TB2030", {
    what: "App has no name that a toolkit can have",
    at: description.place("/info/title"),
    expected: "lower-case letters, digits, `_` and `-`",
    received: JSON.stringify(slug ?? title ?? ""),
    fix: "give it one with `--name`, or `unique_key` in its integration.yaml",
  });
}

const OUTWARD = /["']?\$ref["']?\s*:\s*["']?[^#"'\s]/;

/** Loads every document that references lead to, so that all that decides the toolkit is known before it is made. */
function loadReferences(description: Description, { description: { content } }: AppFiles): void {
  if (!OUTWARD.test(content.toString("utf8"))) return;
  const loaded = new Set<string>([description.uri]);
  const pending: [unknown, string][] = [[description.root, description.uri]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, base] = next;
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === "object") pending.push([inner, base]);
      if (key !== "$ref" || typeof inner !== "string" || inner.startsWith("#") || !URL.canParse(inner, base)) continue;
      const uri = new URL(inner, base).href.replace(/#.*$/, "");
      if (loaded.has(uri)) continue;
      loaded.add(uri);
      pending.push([description.load(uri), uri]);
    }
  }
}
