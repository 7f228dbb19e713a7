// What belongs to an app that is to be added.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { CatalogueToolkit } from "../catalogue/types.js";
import { diagnostic, ToolbindError } from "../errors.js";
import { findIntegration } from "../integration/find.js";
import { filesBeside, readIntegration } from "../integration/index.js";
import type { Lock } from "../lock/lockfile.js";
import { readDescription, type Description } from "../openapi/document.js";
import { isFolder, isWithin, withSlashes } from "../paths.js";
import type { DocumentLoader } from "../schema/documents.js";
import { displayName, DOWNLOAD, isUrl, readSourceFile, type SourceFile } from "../sources/files.js";
import { fileBesideApp, pathBesideApp, readAppFiles, uriOfApp, type AppFiles } from "./files.js";
import { readApp } from "./toolkit.js";

/** The files of the app; a description in an app's folder stands for that folder. */
export function filesAt(path: string, cwd: string, slug: string | undefined): AppFiles {
  const absolute = resolve(cwd, path);
  if (!existsSync(absolute)) {
    throw new ToolbindError("TB2057", {
      what: "There is no app",
      at: { source: displayName(absolute, cwd) },
      expected: "a folder with an OpenAPI description, or a description file",
      received: "nothing at that path",
      fix: isUrl(path) ? DOWNLOAD : "check the path",
    });
  }
  if (isFolder(absolute)) return readAppFiles(absolute, cwd, slug);
  const alone = readAppFiles(absolute, cwd, slug);
  const folder = dirname(absolute);
  try {
    const whole = readAppFiles(folder, cwd, slug);
    return whole.integration !== undefined && whole.path === basename(absolute) ? whole : alone;
  } catch {
    return alone;
  }
}

/**
 * Puts every file that makes the app into `contents`, by path in the folder of the description. What the integration
 * file extends is put where that file looks first.
 */
export function gather(
  files: AppFiles,
  contents: Map<string, string>,
  { cwd, lock, load }: { readonly cwd: string; readonly lock: Lock; readonly load: DocumentLoader },
): { description: Description; read: ReturnType<typeof readApp> } {
  const home = dirname(join(files.folder, files.path));
  const take = (path: string, content: Buffer): void => {
    const name = withSlashes(relative(home, path));
    if (!isWithin(path, home)) {
      throw new ToolbindError("TB2057", {
        what: "The description refers to a file outside its folder",
        at: { source: displayName(path, cwd) },
        expected: "files in the description's folder or below it",
        received: `\`${name}\``,
        fix: "move the description to the top folder of its files, or bundle them into one",
      });
    }
    contents.set(name, textOf(content, displayName(path, cwd)));
  };
  if (!/\.(?:json|ya?ml)$/i.test(files.path)) {
    throw new ToolbindError("TB2057", {
      what: "The description would not be found by its file name",
      at: { source: files.description.name },
      expected: "a name that ends in `.yaml` or `.json`",
      received: `\`${basename(files.path)}\``,
      fix: "rename it to `openapi.yaml` or `openapi.json`",
    });
  }
  take(join(files.folder, files.path), files.description.content);
  const description = readDescription(files.description, uriOfApp(files), load, (uri) => {
    const path = pathBesideApp(files, uri);
    const file = path === undefined ? undefined : fileBesideApp(files, path, cwd);
    if (path !== undefined && file !== undefined) take(path, file.content);
    return file;
  });
  const extended = new Set<string>();
  const missing = new Set<string>();
  if (files.integration !== undefined) {
    const { name, text, beside } = integrationIn(files.folder, files.integration, cwd, (path) => extended.add(path));
    contents.set(name, text);
    for (const [path, content] of beside) contents.set(path, content);
  }
  const read = readApp(files, {
    cwd,
    given: (slug) => operationsOf(lock, slug),
    mapped: load,
    consulted: (path, content) => {
      if (extended.has(path)) return;
      if (content === undefined) missing.add(path);
      else take(path, content);
    },
  });
  // Where operations refer to it directly, they are reported as left out already.
  const isReported = read.diagnostics.some(({ code }) => code === "TB2031");
  const absences = (isReported ? [] : [...missing]).map((path) =>
    diagnostic("TB3002", "warning", {
      what: "The description refers to a file that is not there",
      at: { source: displayName(path, cwd) },
      fix: "add the file, or correct the reference: `generate` leaves out the tools that need it",
    }),
  );
  return { description, read: { ...read, diagnostics: [...absences, ...read.diagnostics] } };
}

interface GatheredIntegration {
  readonly name: string;
  readonly text: string;
  /** What it extends, by where that is looked for first. */
  readonly beside: ReadonlyMap<string, string>;
}

function integrationIn(
  folder: string,
  file: SourceFile,
  cwd: string,
  consulted?: (path: string) => void,
): GatheredIntegration {
  const text = textOf(file.content, file.name);
  const beside = new Map<string, string>();
  const { readBeside } = filesBeside(folder, (path) => displayName(path, cwd), consulted);
  readIntegration(
    { name: file.name, text },
    {
      readBeside: (path) => {
        const found = readBeside(path);
        if (found !== undefined) beside.set(path, found.text);
        return found;
      },
    },
  );
  return { name: basename(file.name), text, beside };
}

/** The integration file that an app has where it was added before. */
export function integrationThere(folder: string, cwd: string): GatheredIntegration | undefined {
  if (!isFolder(folder)) return undefined;
  const { name } = findIntegration(readdirSync(folder), displayName(folder, cwd));
  return name === undefined
    ? undefined
    : integrationIn(folder, readSourceFile(join(folder, name), cwd, "Integration file"), cwd);
}

function textOf(content: Buffer, source: string): string {
  const text = content.toString("utf8");
  if (Buffer.from(text).equals(content)) return text;
  throw new ToolbindError("TB2057", {
    what: "A file of the app is not UTF-8 text",
    at: { source },
    fix: "save it as UTF-8",
  });
}

/** Reads the files as they will lie, so that what is recorded is what generating will find. */
export function readAsCopied(
  contents: ReadonlyMap<string, string>,
  path: string,
  { lock, load }: { readonly lock: Lock; readonly load: DocumentLoader },
): CatalogueToolkit {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolbind-add-")));
  try {
    for (const [name, text] of contents) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const copied = readAppFiles(folder, folder);
    if (copied.path !== path) {
      throw new ToolbindError("TB2057", {
        what: "The description would not be found among the files that it refers to",
        at: { source: path },
        expected: "a name that identifies the description",
        received: `\`${copied.path}\` beside it`,
        fix: "rename it to `openapi.yaml` or `openapi.json`",
      });
    }
    const context = {
      cwd: folder,
      given: (slug: string) => operationsOf(lock, slug),
      mapped: load,
      consulted: () => {},
    };
    return readApp(copied, context).toolkit;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function operationsOf(lock: Lock, slug: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(lock.toolkits.get(slug)?.operations ?? {}));
}
