import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BROWSER, fromDocs, jestTest, MISTAKES, PAGE, PROGRAM, withoutExtensions, writeProject } from "./projects.js";

/** What the packages are built and tested with. */
const TOOLS = {
  "@biomejs/biome": "2.6.8",
  "@types/jest": "30.0.0",
  "@types/node": "20.19.43",
  eslint: "9.39.5",
  jest: "30.5.2",
  nx: "22.7.12",
  prettier: "3.10.1",
  "ts-jest": "29.4.15",
  "ts-loader": "9.6.2",
  turbo: "2.11.11",
  typescript: "5.9.3",
  "typescript-eslint": "8.73.0",
  vite: "8.3.8",
  webpack: "5.112.2",
  "webpack-cli": "7.3.1",
};
const BUNDLER = { module: "esnext", moduleResolution: "bundler", lib: ["es2023", "dom"], types: [] };
const GENERATE = { "generate-types": "toolbind generate --frozen" };

export type Package = "service" | "site" | "web" | "checks" | "modules" | "tidy";

/** A monorepo with workspaces whose packages take toolbind from a tarball. */
export function writeMonorepo(folder: string, tarball: string): Readonly<Record<Package, string>> {
  const dependencies = { toolbind: `file:${tarball}`, zod: "^4.6.0" };
  const place = (name: Package): string => join(folder, "packages", name);
  const types = { types: ["node"] };
  writeProject(place("service"), {
    manifest: { name: "service", dependencies },
    compilerOptions: { module: "nodenext", ...types },
    files: { "main.ts": PROGRAM, "mistakes.ts": MISTAKES },
  });
  writeProject(place("site"), {
    manifest: { name: "site", type: "module", scripts: GENERATE, dependencies },
    compilerOptions: { ...BUNDLER, module: "preserve" },
    files: {
      "main.ts": PAGE,
      "mistakes.ts": MISTAKES,
      "browser.mjs": BROWSER,
      "project.json": fromDocs("docs/ci.md", "project.json"),
      "index.html": '<!doctype html><script type="module" src="/main.ts"></script>\n',
    },
  });
  writeProject(place("web"), {
    manifest: { name: "web", dependencies },
    compilerOptions: BUNDLER,
    files: {
      "main.ts": withoutExtensions(PAGE),
      "mistakes.ts": withoutExtensions(MISTAKES),
      "browser.mjs": BROWSER,
      "toolbind.config.ts": fromDocs("docs/projects.md", "toolbind.config.ts", "## webpack"),
      "webpack.config.js": fromDocs("docs/projects.md", "webpack.config.js"),
    },
  });
  writeProject(place("checks"), {
    manifest: { name: "checks", dependencies },
    compilerOptions: { ...BUNDLER, esModuleInterop: true, types: ["jest", "node"], isolatedModules: true },
    files: {
      "main.test.ts": withoutExtensions(jestTest({ isStarting: false })),
      "toolbind.config.ts": fromDocs("docs/projects.md", "toolbind.config.ts", "## webpack"),
      "jest.config.cjs": fromDocs("docs/projects.md", "jest.config.cjs"),
      "jest.start.mjs": fromDocs("docs/projects.md", "jest.start.mjs"),
      "jest.stop.mjs": fromDocs("docs/projects.md", "jest.stop.mjs"),
    },
  });
  writeProject(place("modules"), {
    manifest: { name: "modules", type: "module", dependencies },
    compilerOptions: { module: "nodenext", types: ["jest", "node"], isolatedModules: true },
    files: {
      "main.test.ts": jestTest({ isStarting: true }),
      "jest.config.mjs": fromDocs("docs/projects.md", "jest.config.mjs"),
    },
  });
  writeProject(place("tidy"), {
    manifest: { name: "tidy", type: "module", dependencies },
    compilerOptions: { module: "nodenext", ...types },
    files: {
      "main.ts": PROGRAM,
      ".prettierignore": fromDocs("docs/projects.md", ".prettierignore"),
      "biome.json": fromDocs("docs/projects.md", "biome.json"),
      "eslint.config.js": fromDocs("docs/projects.md", "eslint.config.js"),
    },
  });
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, packageManager: "npm@11.0.0", workspaces: ["packages/*"], devDependencies: TOOLS };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, "turbo.json"), fromDocs("docs/ci.md", "turbo.json"));
  writeFileSync(
    join(folder, ".gitignore"),
    "node_modules\n.turbo\n.nx\ndist\n**/generated/*\n!**/generated/package.json\n",
  );
  return {
    service: place("service"),
    site: place("site"),
    web: place("web"),
    checks: place("checks"),
    modules: place("modules"),
    tidy: place("tidy"),
  };
}
