import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { transform } from "esbuild";
import { commandCase } from "./measure.mjs";
import { BENCH } from "./packages.mjs";

export const GITHUB = join(BENCH, "node_modules", "@octokit", "openapi", "generated", "api.github.com.json");

/**
 * What else makes TypeScript of OpenAPI descriptions. `prepare` gives the command, which is run in a folder of the
 * workspace and writes `generated/` or `generated.ts` there; `verify` throws when that is of no use.
 */
const PEERS = [
  {
    name: "hey-api",
    label: "@hey-api/openapi-ts: typescript, sdk that validates, zod",
    prepare: (workspace, folder) => {
      const plugins = ["@hey-api/typescript", { name: "@hey-api/sdk", validator: true }, "zod"];
      const config = JSON.stringify({ input: GITHUB, output: workspace.at(folder, "generated"), plugins });
      return run("@hey-api/openapi-ts/bin/run.js", "--file", workspace.write(`${folder}/config.json`, config));
    },
  },
  {
    name: "orval",
    label: "orval: fetch, zod",
    prepare: (workspace, folder) => run("orval/dist/bin/orval.mjs", "--config", orvalConfig(workspace, folder, true)),
  },
  {
    name: "orval, functions",
    label: "orval: fetch, without validators",
    prepare: (workspace, folder) => run("orval/dist/bin/orval.mjs", "--config", orvalConfig(workspace, folder, false)),
  },
  {
    name: "kubb",
    label: "kubb: ts, zod, client",
    prepare: (workspace, folder) => {
      const config = workspace.write(`${folder}/kubb.config.mjs`, kubbConfig());
      return run("@kubb/cli/bin/kubb.cjs", "generate", "--config", config);
    },
  },
  {
    name: "openapi-zod-client",
    prepare: () =>
      run("openapi-zod-client/bin.js", GITHUB, "--output", "generated.ts", "--export-schemas", "--export-types"),
    verify: (workspace, folder) => refuseUnparsable(workspace.at(folder, "generated.ts")),
  },
  {
    name: "typed-openapi",
    label: "typed-openapi: zod",
    prepare: () => run("typed-openapi/bin.js", GITHUB, "--output", "generated.ts", "--runtime", "zod"),
  },
  {
    name: "typed-openapi, types",
    label: "typed-openapi: types only",
    prepare: () => run("typed-openapi/bin.js", GITHUB, "--output", "generated.ts", "--runtime", "none"),
  },
  {
    name: "openapi-typescript",
    label: "openapi-typescript: types only",
    prepare: () => run("openapi-typescript/bin/cli.js", GITHUB, "--output", "generated.ts"),
  },
];

/** A case for each peer, generating from nothing in a folder of its own, and how to show it. */
export function openapiPeers(workspace) {
  return PEERS.map(({ name, label = name, prepare, verify }) => {
    const folder = folderOf(name);
    mkdirSync(workspace.at(folder), { recursive: true });
    const cwd = workspace.at(folder);
    const before = () => {
      for (const output of ["generated", "generated.ts"]) rmSync(join(cwd, output), { recursive: true, force: true });
    };
    const measured = commandCase(name, prepare(workspace, folder), { before, cwd });
    const sample = async () => {
      const figures = measured.sample();
      await verify?.(workspace, folder);
      return figures;
    };
    return { ...measured, sample, label, folder };
  });
}

/** Where a peer's output is. */
function folderOf(name) {
  return `openapi/${name.replaceAll(/\W+/g, "-")}`;
}

async function refuseUnparsable(file) {
  try {
    await transform(readFileSync(file, "utf8"), { loader: "ts", logLevel: "silent" });
  } catch ({ errors: [{ text, location }] }) {
    throw new Error(`its output does not parse: ${text}, in ${location.lineText.trim()}`);
  }
}

function run(program, ...args) {
  return [process.execPath, join(BENCH, "node_modules", program), ...args];
}

function orvalConfig(workspace, folder, withValidators) {
  const input = { target: GITHUB };
  const target = (name) => workspace.at(folder, "generated", `${name}.ts`);
  const jobs = {
    client: { input, output: { target: target("client"), client: "fetch", mode: "split" } },
    ...(withValidators && { zod: { input, output: { target: target("zod"), client: "zod" } } }),
  };
  return workspace.write(`${folder}/orval.config.mjs`, `export default ${JSON.stringify(jobs)};\n`);
}

function kubbConfig() {
  return `import { pluginClient } from "@kubb/plugin-client";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginTs } from "@kubb/plugin-ts";
import { pluginZod } from "@kubb/plugin-zod";

export default {
  root: ".",
  input: { path: ${JSON.stringify(GITHUB)} },
  output: { path: "./generated", clean: true, format: false, lint: false },
  plugins: [
    pluginOas({ validate: false, generators: [] }),
    pluginTs({}),
    pluginZod({ version: "4" }),
    pluginClient({ client: "fetch", parser: "zod" }),
  ],
};
`;
}
