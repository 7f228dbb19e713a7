import { writeLargestToolkit, CALLED_TOOL } from "../support/corpus.mjs";
import { interleave } from "../support/measure.mjs";
import { ROOT } from "../support/packages.mjs";
import { median } from "../support/statistics.mjs";
import { rowsOf, under } from "../support/table.mjs";
import { TypeScriptServer } from "../support/tsserver.mjs";

const KEYSTROKES = 20;
const COLUMNS = [
  { key: "first", title: "first ms", unit: "milliseconds" },
  { key: "warm", title: "warm ms", unit: "milliseconds" },
];
const COMPILER_OPTIONS = { strict: true, target: "es2022", lib: ["es2022", "dom"], types: [], module: "nodenext" };

/** What an editor's user waits for: a session of TypeScript 5.9's language server each run, timed from outside. */
export async function measure({ workspace, runs, onSample }) {
  const github = writeLargestToolkit(workspace);
  const { names } = workspace.emit(github.path, "editor/generated");
  const name = names.github[CALLED_TOOL];
  workspace.write("editor/tsconfig.json", JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ["program.ts"] }));
  const lines = [
    'import * as github from "./generated/github/index.js";',
    "",
    "github.",
    `await github.${name}({  });`,
    `await github.${name}({ owner: "acme", repo: "site", title: "Broken link" });`,
  ];
  const program = workspace.write("editor/program.ts", lines.join("\n"));
  const generated = workspace.at("editor/generated/github/index.ts");
  const at = (line, text) => ({ file: program, line, offset: lines[line - 1].indexOf(text) + 1 });

  const completions = { includeExternalModuleExports: false, includeInsertTextCompletions: true };
  const actions = {
    namespace: { ...at(3, "github."), offset: "github.".length + 1, command: "completionInfo", ...completions },
    arguments: { ...at(4, "{ "), offset: at(4, "{ ").offset + 2, command: "completionInfo", ...completions },
    hover: { ...at(5, name), command: "quickinfo" },
  };
  const session = async () => {
    const server = new TypeScriptServer(`${ROOT}node_modules/typescript/lib/tsserver.js`, workspace.at("editor"));
    server.open(program);
    await server.ask("projectInfo", { file: program, needFileNameList: false });
    const figures = {};
    for (const [action, { command, ...place }] of Object.entries(actions)) {
      const times = await typed(server, program, command, place);
      figures[`${action}First`] = times[0];
      figures[`${action}Warm`] = median(times.slice(1));
    }
    server.open(generated);
    figures.diagnosticsFirst = await diagnostics(server, generated);
    server.tell("change", { file: generated, ...endOfFile, insertString: " " });
    figures.diagnosticsWarm = await diagnostics(server, generated);
    await server.close();
    return figures;
  };
  const results = await interleave([{ name: "session", sample: session }], runs, onSample);
  return [table(results.get("session"), github.tools.length)];
}

const endOfFile = { line: 1, offset: 1, endLine: 1, endOffset: 1 };

/** Asks again after each of some keystrokes elsewhere in the file, as an editor does. */
async function typed(server, file, command, place) {
  const times = [];
  for (let keystroke = 0; keystroke <= KEYSTROKES; keystroke++) {
    const insertString = keystroke % 2 === 0 ? " " : "";
    const endOffset = keystroke % 2 === 0 ? 1 : 2;
    server.tell("change", { file, line: 2, offset: 1, endLine: 2, endOffset, insertString });
    const { body, took } = await server.ask(command, { file, ...place });
    if (command === "completionInfo" ? body.entries.length < 3 : body.displayString === "") {
      throw new Error(`${command} finds nothing`);
    }
    times.push(took);
  }
  return times;
}

async function diagnostics(server, file) {
  const syntactic = await server.ask("syntacticDiagnosticsSync", { file });
  const semantic = await server.ask("semanticDiagnosticsSync", { file });
  const [found] = [...syntactic.body, ...semantic.body];
  if (found !== undefined) throw new Error(`The emitted file has errors: ${found.text}`);
  return syntactic.took + semantic.took;
}

function table(figures, tools) {
  if (figures.failure !== undefined) {
    return {
      title: "editor",
      columns: COLUMNS,
      rows: [{ name: "session", kind: "toolbind", failure: figures.failure }],
    };
  }
  const described = [
    ["namespace", "completion after `github.`", { warm: [25, "25 ms warm"] }],
    ["arguments", "completion inside the arguments", { warm: [10, "10 ms warm"] }],
    ["hover", "hover on a call", { warm: [25, "25 ms warm"] }],
    ["diagnostics", "opening the emitted file: diagnostics", { first: [600, "600 ms first"] }],
  ];
  const results = new Map(
    described.map(([key, name]) => [name, { first: figures[`${key}First`], warm: figures[`${key}Warm`] }]),
  );
  const rows = rowsOf(
    results,
    described.map(([, name, limits]) => ({ name, barOf: under(limits) })),
  );
  const notes = [
    "warm: the median after keystrokes elsewhere in the program; for diagnostics, after one edit of the file",
  ];
  return { title: `editor: tsserver 5.9, ${tools} tools`, columns: COLUMNS, rows, notes };
}
