// What keeps an app from being added.
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { ResolvedConfig } from "../config/resolve.js";
import { ToolbindError } from "../errors.js";
import { INTEGRATION_FILES } from "../integration/index.js";
import type { Lock } from "../lock/lockfile.js";
import { isFolder, upwards } from "../paths.js";
import { displayName } from "../sources/files.js";
import { readAppFiles, type AppFiles } from "./files.js";

/** Files with these names would have another meaning at their destination. */
export function refuseReserved(names: Iterable<string>, { integration, description }: AppFiles): void {
  const own = integration === undefined ? undefined : basename(integration.name);
  for (const name of names) {
    const isHidden = name.split("/").some((part) => part.startsWith("."));
    if (!isHidden && (name === own || !INTEGRATION_FILES.some((each) => each === name.toLowerCase()))) continue;
    throw new ToolbindError("TB2057", {
      what: "The description refers to a file that cannot be copied",
      at: { source: description.name },
      expected: isHidden ? "files whose names do not start with a dot" : "files other than integration files",
      received: `\`${name}\``,
      fix: isHidden ? "rename it" : `name the folder rather than the description, or rename \`${name}\``,
    });
  }
}

export function refuseTaken(
  lock: Lock,
  slug: string,
  source: string,
  { cwd, lockFile, snapshotDir }: ResolvedConfig,
): void {
  const locked = lock.toolkits.get(slug);
  const known = locked === undefined ? undefined : displayName(resolve(dirname(lockFile), locked.source), cwd);
  const inSnapshot = existsSync(join(snapshotDir, `${slug}.json`));
  const other =
    known !== undefined && dirname(known) !== dirname(source)
      ? known
      : inSnapshot
        ? displayName(join(snapshotDir, `${slug}.json`), cwd)
        : undefined;
  if (other === undefined) return;
  throw new ToolbindError("TB2057", {
    what: `There is already a toolkit ${slug}`,
    at: { source: other },
    expected: "a unique slug",
    received: `\`${slug}\``,
    fix: "give the app another slug with `--name`, or `unique_key` in its integration.yaml",
  });
}

/** A file where a folder is to be made. */
export function refuseFile(folder: string, cwd: string): void {
  const place = upwards(folder).find((path) => existsSync(path));
  if (place === undefined || isFolder(place)) return;
  throw new ToolbindError("TB4001", {
    what: "The app cannot be written",
    at: { source: displayName(place, cwd) },
    expected: "a folder, or nothing at that path",
    received: "a file",
    fix: "move it, or name another folder under `apps` in the configuration",
  });
}

/** Of two descriptions in a folder, one would go unread. */
export function refuseSecondDescription(folder: string, path: string, cwd: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  const shown = displayName(folder, cwd);
  let known: string | undefined;
  try {
    known = readAppFiles(folder, cwd).path;
  } catch {
    if (readdirSync(folder).length === 0) return;
  }
  if (known === undefined || known === path) return;
  throw new ToolbindError("TB2057", {
    what: "The folder holds another description",
    at: { source: `${shown}/${known}` },
    expected: `\`${path}\`, or none`,
    received: `\`${known}\``,
    fix: `remove \`${shown}/${known}\`, or give the app another name with \`--name\``,
  });
}

/** A link below an app's folder would lead a write elsewhere. */
export function refuseLink(folder: string, name: string, cwd: string): void {
  const parts = name.split("/").slice(0, -1);
  for (let length = 1; length <= parts.length; length++) {
    const place = join(folder, ...parts.slice(0, length));
    if (lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new ToolbindError("TB4002", {
      what: "A link is in the way",
      at: { source: displayName(place, cwd) },
      expected: "a folder, or nothing",
      received: "a link to another folder",
      fix: "remove it",
    });
  }
}

export function wouldOverwrite(
  slug: string,
  folder: string,
  files: readonly { readonly path: string }[],
  cwd: string,
): ToolbindError {
  return new ToolbindError("TB2057", {
    what: "The app already exists and differs",
    at: { source: displayName(folder, cwd) },
    expected: "the same files, or none",
    received: `different content in ${files.map(({ path }) => `\`${path}\``).join(", ")}`,
    fix: `see what it changes with \`toolbind diff ${slug} --with …\`, and run this again with \`--force\``,
  });
}
