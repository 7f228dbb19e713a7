import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleSize } from "../support/bundlers.mjs";
import { CALLED_TOOL, dataSchema, writeLargestToolkit } from "../support/corpus.mjs";
import { loadSampler } from "../support/instances.mjs";
import { commandCase, interleave, runMeasured } from "../support/measure.mjs";
import { ARGUMENTS, callingProgram, composioProgram, fetchingProgram } from "../support/programs.mjs";
import { rowsOf, under } from "../support/table.mjs";

const COLUMNS = [
  { key: "each", title: "CPU µs a call", unit: "microseconds" },
  { key: "beyond", title: "beyond fetch", unit: "microseconds" },
  { key: "rate", title: "calls a second, 64 at once", unit: "count" },
];
const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));

/** Calls of one tool against a server on this machine: CPU time of the caller's process only. */
export async function measure({ workspace, runs, onSample }) {
  return [
    await measurePlatform(workspace, runs, onSample),
    await measureApp(workspace, runs, onSample),
    await measureProgram(workspace, runs, onSample),
  ];
}

const PROGRAM_COLUMNS = [
  { key: "gzipped", title: "gzip KB", unit: "kilobytes" },
  { key: "ownGzipped", title: "without zod, gzip KB", unit: "kilobytes" },
  { key: "loading", title: "import CPU ms", unit: "milliseconds" },
];
/** Times this short need more samples than others. */
const SAMPLES_A_RUN = 4;

/** What a program with one call weighs in esbuild's bundle, and what its imports take in Node.js. */
async function measureProgram(workspace, runs, onSample) {
  const github = writeLargestToolkit(workspace);
  const emitted = workspace.emit(github.path, "call/program");
  const { path } = workspace.emit(github.path, "call/github", "--emit", "js");
  cpSync(program("import"), workspace.at("call/import.mjs"));
  const described = [
    {
      name: "toolbind",
      code: callingProgram(emitted, { out: "program" }),
      modules: [pathToFileURL(`${path}/github/index.js`).href],
      barOf: under({ gzipped: [12_000, "12 KB"], ownGzipped: [6_000, "6 KB"] }),
    },
    {
      name: "@composio/client",
      kind: "peer",
      label: "@composio/client, no validators",
      code: composioProgram(),
      modules: ["@composio/client"],
    },
    { name: "fetch", kind: "floor", label: "fetch, no validators", code: fetchingProgram(), modules: [] },
    { name: "zod/mini", kind: "floor", label: "importing zod/mini", modules: ["zod/mini"] },
  ];
  const imports = described.map(({ name, modules }) => {
    const command = [process.execPath, workspace.at("call/import.mjs"), ...modules];
    return commandCase(name, command, { read: (output) => JSON.parse(output) });
  });
  const results = await interleave(imports, runs * SAMPLES_A_RUN, onSample);
  for (const { name, code } of described) {
    if (code === undefined || results.get(name).failure !== undefined) continue;
    Object.assign(results.get(name), await bundleSize("esbuild", workspace.write("call/program.ts", code)));
  }
  const notes = [`the module has ${github.tools.length} tools, of which the bundle holds one`];
  return { title: "call: a program with one call", columns: PROGRAM_COLUMNS, rows: rowsOf(results, described), notes };
}

async function measurePlatform(workspace, runs, onSample) {
  const github = writeLargestToolkit(workspace);
  const { names, path } = workspace.emit(github.path, "call/github", "--emit", "js");
  const tool = github.tools.find(({ slug }) => slug === CALLED_TOOL);
  const sample = await loadSampler(workspace);
  const answer = { data: sample(dataSchema(tool)), error: null, successful: true, log_id: "log_1" };
  const settings = {
    output: path,
    name: names.github[CALLED_TOOL],
    slug: CALLED_TOOL,
    arguments: ARGUMENTS,
    version: "20260101_00",
  };
  const described = [
    { name: "toolbind", label: "toolbind, validated", barOf: under({ beyond: [100, "100 µs beyond fetch"] }) },
    { name: "toolbind, validation off" },
    { name: "@composio/client", kind: "peer", label: "@composio/client, no validators" },
    { name: "fetch", kind: "floor", label: "fetch of the same body, and its JSON" },
  ];
  return measureCalls(workspace, `call: ${CALLED_TOOL}`, settings, answer, described, runs, onSample);
}

/** Straight to the API of an app, without a platform in between. */
async function measureApp(workspace, runs, onSample) {
  const description = workspace.write("call/app.json", JSON.stringify(APP));
  const [program, ...args] = workspace.generateApp(description, "tracker", "call/app", "--emit", "js");
  execFileSync(program, args, { stdio: "ignore" });
  const { owner, repo, ...body } = APP_ARGUMENTS;
  const settings = {
    output: workspace.at("call", "app"),
    name: "createIssue",
    app: "tracker",
    arguments: APP_ARGUMENTS,
    request: { method: "POST", path: `/repos/${owner}/${repo}/issues`, body },
  };
  const described = [
    { name: "toolbind", label: "toolbind, validated", barOf: under({ beyond: [100, "100 µs beyond fetch"] }) },
    { name: "toolbind, validation off" },
    { name: "fetch", kind: "floor", label: "fetch of the same body, and its JSON" },
  ];
  return measureCalls(workspace, "call: an app, directly", settings, APP_ANSWER, described, runs, onSample);
}

async function measureCalls(workspace, title, settings, answered, described, runs, onSample) {
  const answer = JSON.stringify(answered);
  const server = spawn(process.execPath, [program("server"), workspace.write("call/answer.json", answer)]);
  try {
    const [port] = await once(server.stdout, "data");
    // Where the peer resolves as a user's program would find it.
    cpSync(program("call"), workspace.at("call/call.mjs"));
    // Each way is measured by turns with bare fetch in one process.
    const way = (kind) => ({
      name: kind,
      sample: () => {
        const args = [...new Set(["fetch", kind])].join(";");
        const command = [process.execPath, workspace.at("call/call.mjs"), args, port.toString().trim()];
        const figures = JSON.parse(runMeasured([...command, JSON.stringify(settings)]).output);
        return { ...figures[kind], beyond: figures[kind].each - figures.fetch.each };
      },
    });
    const results = await interleave(
      described.map(({ name }) => way(name)),
      runs,
      onSample,
    );
    const notes = [`the answer has ${answer.length} bytes`];
    return { title, columns: COLUMNS, rows: rowsOf(results, described), notes };
  } finally {
    server.stdin.end();
  }
}

const LABELS = { type: "array", items: { type: "string" } };
const ISSUE = {
  type: "object",
  required: ["id", "number", "title", "state", "user"],
  properties: {
    id: { type: "integer" },
    number: { type: "integer" },
    title: { type: "string" },
    body: { type: "string", nullable: true },
    state: { type: "string", enum: ["open", "closed"] },
    labels: LABELS,
    user: { type: "object", required: ["login"], properties: { login: { type: "string" }, id: { type: "integer" } } },
    created_at: { type: "string", format: "date-time" },
  },
};
const APP_ARGUMENTS = {
  owner: "acme",
  repo: "site",
  title: "Broken link",
  body: "On the front page.",
  labels: ["bug"],
};
const APP_ANSWER = {
  id: 1,
  number: 7,
  title: "Broken link",
  body: "On the front page.",
  state: "open",
  labels: ["bug"],
  user: { login: "ada", id: 2 },
  created_at: "2026-01-02T03:04:05Z",
};
/** An app with one operation, made for this. */
const APP = {
  openapi: "3.0.3",
  info: { title: "Tracker", version: "1" },
  servers: [{ url: "https://tracker.test" }],
  security: [{ token: [] }],
  paths: {
    "/repos/{owner}/{repo}/issues": {
      post: {
        operationId: "createIssue",
        parameters: ["owner", "repo"].map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                required: ["title"],
                properties: { title: { type: "string" }, body: { type: "string" }, labels: LABELS },
              },
            },
          },
        },
        responses: { 201: { content: { "application/json": { schema: ISSUE } } } },
      },
    },
  },
  components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
};
