import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

export interface Project {
  readonly folder: string;
  readonly write: (path: string, text: string) => void;
}

/** A new folder with these files, and a package `toolbind` to import `defineConfig` from; gone after the test. */
export function createProject(files: Readonly<Record<string, string>>): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "toolbind-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("node_modules/toolbind/package.json", '{"name":"toolbind","type":"module","exports":"./index.js"}');
  write("node_modules/toolbind/index.js", "export const defineConfig = (config) => config;\n");
  write("package.json", '{"type":"module"}\n');
  for (const [path, text] of Object.entries(files)) write(path, text);
  return { folder, write };
}
