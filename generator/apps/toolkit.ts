import { slugOfTitle, TOOLKIT_SLUG } from "../catalogue/slug.js";
import type { CatalogueToolkit } from "../catalogue/types.js";
import { ToolbindError, type Diagnostic } from "../errors.js";
import {
  authenticationOf,
  filesBeside,
  readIntegration,
  type Integration,
  type IntegrationReading,
} from "../integration/index.js";
import { readDescription, type Description } from "../openapi/document.js";
import { hashOfFiles, toolkitOf } from "../openapi/toolkit.js";
import type { DocumentLoader } from "../schema/documents.js";
import { displayName } from "../sources/files.js";
import { fileBesideApp, pathBesideApp, uriOfApp, type AppFiles } from "./files.js";

export interface AppContext {
  readonly cwd: string;
  /** Slugs given to operations before, by method and path. */
  readonly given: (toolkit: string) => ReadonlyMap<string, string>;
  /** Documents that stand for URLs. */
  readonly mapped: DocumentLoader;
  /** Called for each file looked up beside the description; undefined if there is none. */
  readonly consulted: (path: string, content: Buffer | undefined) => void;
}

/** Reads the toolkit of a custom app. Throws a `ToolbindError` if that is impossible. */
export function readApp(
  files: AppFiles,
  { cwd, given, mapped, consulted }: AppContext,
): { readonly toolkit: CatalogueToolkit; readonly diagnostics: readonly Diagnostic[] } {
  const contents = new Map<string, Uint8Array>();
  const description = readDescription(files.description, uriOfApp(files), mapped, (uri) => {
    const path = pathBesideApp(files, uri);
    if (path === undefined) return undefined;
    const file = fileBesideApp(files, path, cwd);
    consulted(path, file?.content);
    if (file !== undefined) contents.set(uri, file.content);
    return file;
  });
  loadReferences(description, files);
  const said = integrationOf(files, cwd, consulted);
  const authentication = authenticationOf(description, said.integration);
  const slug = slugOf(files, description, said.integration);
  const beside = [...contents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, content]) => content);
  const { toolkit, diagnostics } = toolkitOf(description, {
    slug,
    name: said.integration?.name,
    description: said.integration?.description,
    app: authentication.app,
    leftOut: authentication.leftOut,
    contentHash: hashOfFiles([files.description.content, ...beside]),
    given: given(slug),
  });
  return { toolkit, diagnostics: [...said.diagnostics, ...authentication.diagnostics, ...diagnostics] };
}

/** What the integration file says. Throws a `ToolbindError` with all its faults, since a partial authentication is useless. */
function integrationOf(
  { folder, integration: file }: AppFiles,
  cwd: string,
  consulted: AppContext["consulted"],
): Pick<IntegrationReading, "integration" | "diagnostics"> {
  if (file === undefined) return { integration: undefined, diagnostics: [] };
  const text = file.content.toString("utf8");
  const { readBeside } = filesBeside(
    folder,
    (path) => displayName(path, cwd),
    (path, found) => consulted(path, found === undefined ? undefined : Buffer.from(found)),
  );
  const read = readIntegration({ name: file.name, text }, { readBeside });
  const errors = read.diagnostics.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first === undefined) return read;
  const others = errors.slice(1).map(({ message }) => `\n  ${message}`);
  throw new ToolbindError(first.code, { what: `${first.message}${others.join("")}` });
}

function slugOf({ slug }: AppFiles, description: Description, integration: Integration | undefined): string {
  const title = (description.root["info"] as { readonly title?: unknown } | undefined)?.title;
  const found = slug ?? integration?.slug ?? (typeof title === "string" ? slugOfTitle(title) : "");
  if (TOOLKIT_SLUG.test(found)) return found;
  throw new ToolbindError("TB2030", {
    what: "App has no name that can be used as a slug",
    at: description.place("/info/title"),
    expected: "lower-case letters, digits, `_` and `-`",
    received: JSON.stringify(slug ?? title ?? ""),
    fix: "give it one with `--name`, or `unique_key` in its integration.yaml",
  });
}

const OUTWARD = /["']?\$ref["']?\s*:\s*["']?[^#"'\s]/;

/** Loads every document that references lead to, so that all that decides the toolkit is known before it is made. */
function loadReferences(description: Description, { description: { content } }: AppFiles): void {
  if (!OUTWARD.test(content.toString("latin1"))) return;
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
