// Measures toolbind beside its peers and beside the floor. `node bench/run.mjs --help` tells how.
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { METER } from "./support/measure.mjs";
import { installPeers } from "./support/packages.mjs";
import { CORPUS_NAME } from "./support/corpus.mjs";
import { printTable } from "./support/table.mjs";
import { Workspace } from "./support/workspace.mjs";

const TOPICS = [
  "generate",
  "openapi",
  "check",
  "editor",
  "load",
  "bundle",
  "validate",
  "exactness",
  "call",
  "versions",
];
const HELP = `npm run bench -- [--topic NAME]… [--runs N] [--json]

  --topic NAME  only this topic; may be repeated: ${TOPICS.join(", ")}
  --runs N      samples of each row, of which the median is shown (default 5)
  --json        the figures as JSON

bench/README.md tells how each figure is made.`;

function readArguments() {
  const options = {
    topic: { type: "string", multiple: true, default: TOPICS },
    runs: { type: "string", default: "5" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  };
  const { values } = parseArgs({ options });
  const unknown = values.topic.find((topic) => !TOPICS.includes(topic));
  if (unknown !== undefined) throw new Error(`There is no topic ${unknown}. Topics: ${TOPICS.join(", ")}`);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs takes a whole number from 1");
  return { ...values, runs };
}

let given;
try {
  given = readArguments();
} catch (error) {
  console.error(`${error.message}\n\n${HELP}`);
  process.exit(2);
}
if (given.help) {
  console.log(HELP);
  process.exit(0);
}

let workspace;
try {
  installPeers();
  workspace = new Workspace();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const machine = {
  node: process.version,
  cpus: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
  load: loadavg(),
  meter: METER,
  corpus: CORPUS_NAME,
};
if (!given.json) {
  const load = machine.load.map((each) => each.toFixed(1)).join(" ");
  console.log(`Node ${machine.node}, ${machine.cpus}, load ${load}; CPU time by ${METER}; ${CORPUS_NAME}\n`);
}
const report = [];
for (const topic of given.topic) {
  const onSample = (name, round) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${topic}: ${name} (${round + 1} of ${given.runs})`);
  };
  let tables = [];
  try {
    const { measure } = await import(`./topics/${topic}.mjs`);
    tables = await measure({ workspace, runs: given.runs, onSample });
  } catch (error) {
    // The other topics are worth having all the same.
    console.error(`${topic} cannot be measured: ${error.stack}`);
    process.exitCode = 1;
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  report.push({ topic, load: loadavg(), tables });
  if (!given.json) for (const table of tables) console.log(`${printTable(table)}\n`);
}
if (given.json) console.log(JSON.stringify({ machine, runs: given.runs, topics: report }, null, 2));
