import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { upwards } from "../../paths.js";

interface Commands {
  readonly lockFile: string;
  readonly add: string;
  /** It depends on esbuild, whose install script pnpm asks about. */
  readonly addToolbind: string;
  readonly run: string;
}

const MANAGERS: readonly Commands[] = [
  {
    lockFile: "pnpm-lock.yaml",
    add: "pnpm add",
    addToolbind: "pnpm add --save-dev --allow-build=esbuild toolbind",
    run: "pnpm run",
  },
  { lockFile: "yarn.lock", add: "yarn add", addToolbind: "yarn add --dev toolbind", run: "yarn run" },
  { lockFile: "bun.lock", add: "bun add", addToolbind: "bun add --dev toolbind", run: "bun run" },
  { lockFile: "bun.lockb", add: "bun add", addToolbind: "bun add --dev toolbind", run: "bun run" },
];
const NPM: Commands = {
  lockFile: "package-lock.json",
  add: "npm install",
  addToolbind: "npm install --save-dev toolbind",
  run: "npm run",
};

/** What to type after `init`, in the project's own package manager. */
export function nextSteps(cwd: string): string[] {
  const { add, addToolbind, run } = managerOf(cwd);
  const manifest = readManifest(cwd);
  const steps: string[] = [];
  if (!isListedAbove(cwd, "toolbind")) steps.push(addToolbind);
  if (!has(manifest, "zod")) steps.push(`${add} zod`);
  steps.push(manifest === undefined ? "npx toolbind generate" : `${run} generate-types`);
  return steps;
}

/**
 * What to say if the project around an output does not list packages that the output imports; undefined where it
 * lists them all, or has no `package.json`.
 */
export function noteUnlisted(packages: readonly string[], outDir: string): string | undefined {
  const folder = packages.length === 0 ? undefined : projectAbove(outDir);
  if (folder === undefined) return undefined;
  const manifest = readManifest(folder);
  const missing = packages.filter((name) => !has(manifest, name)).join(" ");
  if (missing === "") return undefined;
  return `The output imports ${missing}, which package.json does not list. Fix: \`${managerOf(folder).add} ${missing}\`.`;
}

/** Whether a package or a workspace that it belongs to lists a dependency, as commands are often those of the root. */
function isListedAbove(start: string, name: string): boolean {
  return upwards(start).some((folder) => has(readManifest(folder), name));
}

/** The nearest folder above that has a `package.json`. */
function projectAbove(start: string): string | undefined {
  return upwards(dirname(start)).find((folder) => existsSync(join(folder, "package.json")));
}

function managerOf(start: string): Commands {
  for (const folder of upwards(start)) {
    const found = [...MANAGERS, NPM].find(({ lockFile }) => existsSync(join(folder, lockFile)));
    if (found !== undefined) return found;
  }
  return NPM;
}

/** A manifest; undefined if it is missing or cannot be parsed. */
function readManifest(cwd: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function has(manifest: Record<string, unknown> | undefined, name: string): boolean {
  const isSelf = manifest?.["name"] === name;
  return (
    isSelf ||
    ["dependencies", "devDependencies", "peerDependencies"].some((kind) => {
      const listed = manifest?.[kind];
      return typeof listed === "object" && listed !== null && Object.hasOwn(listed, name);
    })
  );
}
