import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const BENCH = fileURLToPath(new URL("..", import.meta.url));

/** The packages of toolbind's own repository. */
export const COMPILERS = { "TypeScript 5.9": "typescript", "TypeScript 7": "typescript-7" };

export function isInstalled() {
  const { dependencies } = JSON.parse(readFileSync(`${BENCH}package.json`, "utf8"));
  return Object.keys(dependencies).every((name) => existsSync(`${BENCH}node_modules/${name}/package.json`));
}

/** Installs the peers, as bench/package-lock.json pins them, if they are not there. */
export function installPeers() {
  if (isInstalled()) return;
  process.stderr.write("Installing what toolbind is measured beside (npm ci --prefix bench)\n");
  const { status } = spawnSync("npm", ["ci", "--prefix", BENCH, "--no-audit", "--no-fund"], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("The peers could not be installed. Fix: run `npm ci --prefix bench`.");
}
