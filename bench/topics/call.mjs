import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CALLED_TOOL, dataSchema, writeLargestToolkit } from "../support/corpus.mjs";
import { loadSampler } from "../support/instances.mjs";
import { interleave, runMeasured } from "../support/measure.mjs";
import { ARGUMENTS } from "../support/programs.mjs";
import { rowsOf, under } from "../support/table.mjs";

const COLUMNS = [
  { key: "each", title: "CPU µs a call", unit: "microseconds" },
  { key: "beyond", title: "beyond fetch", unit: "microseconds" },
  { key: "rate", title: "calls a second, 64 at once", unit: "count" },
];
const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));

/** Calls of one tool against a server on this machine: CPU time of the caller's process only. */
export async function measure({ workspace, runs, onSample }) {
  const github = writeLargestToolkit(workspace);
  const { names, path } = workspace.emit(github.path, "call/github", "--emit", "js");
  const tool = github.tools.find(({ slug }) => slug === CALLED_TOOL);
  const sample = await loadSampler(workspace);
  const envelope = { data: sample(dataSchema(tool)), error: null, successful: true, log_id: "log_1" };
  const answer = JSON.stringify(envelope);
  const server = spawn(process.execPath, [program("server"), workspace.write("call/answer.json", answer)]);
  try {
    const [port] = await once(server.stdout, "data");
    // Where the peer resolves as a user's program would find it.
    cpSync(program("call"), workspace.at("call/call.mjs"));
    const settings = {
      output: path,
      name: names.github[CALLED_TOOL],
      slug: CALLED_TOOL,
      arguments: ARGUMENTS,
      version: "20260101_00",
    };
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
    const described = [
      { name: "toolbind", label: "toolbind, validated", barOf: under({ beyond: [100, "100 µs beyond fetch"] }) },
      { name: "toolbind, validation off" },
      { name: "@composio/client", kind: "peer", label: "@composio/client, no validators" },
      { name: "fetch", kind: "floor", label: "fetch of the same body, and its JSON" },
    ];
    const results = await interleave(
      described.map(({ name }) => way(name)),
      runs,
      onSample,
    );
    const rows = rowsOf(results, described);
    const notes = [`the answer has ${answer.length} bytes`];
    return [{ title: `call: ${CALLED_TOOL}`, columns: COLUMNS, rows, notes }];
  } finally {
    server.stdin.end();
  }
}
