// Holds the calls of emitted toolkits against Prism, a mock server that judges requests by the description itself.
// `node bench/judge.mjs --help` tells how.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { judgeToolkit } from "./judge/calls.mjs";
import { judgePlatform } from "./judge/platform.mjs";
import { startPrism } from "./judge/prism.mjs";
import { readDescription, slicesOf } from "./judge/slice.mjs";
import { BENCH, installPeers, ROOT } from "./support/packages.mjs";
import { Workspace } from "./support/workspace.mjs";

const CORPUS = process.env["TOOLBIND_CORPUS"] ?? "";
const DEFAULTS = [
  "petstore-swagger2.json",
  "petstore.yaml",
  "petstore-31.json",
  "twilio-verify-v2.json",
  "slack.json",
  "discord.json",
  "stripe.yaml",
  "github.json",
];
const PLATFORM = join("composio", "openapi-v3.1.json");
/**
 * What says nothing of us: Prism or ajv finds an example at odds with its schema, there is no success to answer with, or
 * it is a redirect to another host.
 */
const NOT_OURS = new Set(["example", "no success", "redirect"]);
const HELP = `npm run judge -- [FILE]… [--paths N] [--made-up] [--tool SLUG]… [--json]
npm run judge -- --platform [FILE] [--json]

  FILE       an OpenAPI description; default: ${DEFAULTS.join(", ")}
             of the folder that TOOLBIND_CORPUS names
  --paths N  paths that Prism gets at once of a larger description (default 25)
  --made-up  where an example of the description does not fit it, ask Prism for made-up data instead: slow
  --tool SLUG  only list what concerns this tool; may be repeated
  --platform judge what the runtime and the commands ask of the platform instead; FILE is the platform's description,
             default: composio/openapi-v3.1.json of the folder that TOOLBIND_CORPUS names
  --json     all verdicts as JSON

bench/README.md tells what is judged. Exits with 3 when something is not as bench/judge-expected.json has it.`;

function readArguments() {
  const options = {
    paths: { type: "string", default: "25" },
    "made-up": { type: "boolean", default: false },
    tool: { type: "string", multiple: true },
    platform: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const paths = Number(values.paths);
  if (!Number.isInteger(paths) || paths < 1) throw new Error("--paths takes a whole number from 1");
  const ours = values.platform ? [PLATFORM] : DEFAULTS.map((name) => join("openapi", name));
  const files = positionals.length > 0 ? positionals : ours.map((name) => join(CORPUS, name));
  const missing = files.find((file) => !existsSync(file));
  if (!values.help && missing !== undefined) {
    const hint = CORPUS === "" ? "name a description, or set TOOLBIND_CORPUS" : "name an existing file";
    throw new Error(`${missing} is not there. Fix: ${hint}.`);
  }
  return { ...values, paths, files };
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

installPeers();
const workspace = new Workspace();
// What emitted code with OAuth imports.
symlinkSync(join(ROOT, "node_modules", "oauth4webapi"), workspace.at("node_modules", "oauth4webapi"));
if (given.platform) {
  await reportPlatform(given.files[0]);
  process.exit();
}
const { compile } = await import(workspace.built("testing", "schema.js"));
const expected = JSON.parse(readFileSync(join(BENCH, "judge-expected.json"), "utf8"));
const reports = [];
for (const [index, file] of given.files.entries()) {
  const verdicts = await judgeDescription(file, `judge/${index}`);
  const report = reportOf(basename(file), verdicts);
  reports.push(report);
  if (!given.json) print(report);
}
if (given.json) console.log(JSON.stringify(reports, null, 2));
else summarise(reports);
if (reports.some(({ unexpected, stale }) => unexpected.length + stale.length > 0)) process.exitCode = 3;

/** Prints what Prism says of all requests to the platform. */
async function reportPlatform(file) {
  const prism = await startPrism(file);
  const verdicts = await judgePlatform(workspace, prism.url).finally(prism.stop);
  const known = JSON.parse(readFileSync(join(BENCH, "judge", "platform-expected.json"), "utf8"));
  const fits = ({ request, verdict }, { path, says }) => request.path === path && verdict.includes(says);
  const refused = verdicts.filter(({ verdict }) => verdict !== "accepted");
  const unexpected = refused.filter((each) => !known.some((entry) => fits(each, entry)));
  const stale = known.filter((entry) => !refused.some((each) => fits(each, entry)));
  if (unexpected.length + stale.length > 0) process.exitCode = 3;
  if (given.json) return console.log(JSON.stringify(verdicts, null, 2));
  const accepted = verdicts.length - refused.length;
  console.log(
    `${basename(file)}: ${verdicts.length} requests; accepted ${accepted} (${share(accepted, verdicts.length)}); ` +
      `${refused.length - unexpected.length} known, ${unexpected.length} not`,
  );
  for (const { request, verdict } of unexpected) {
    console.log(`  ${request.method} ${request.path}${request.search}: ${short(verdict)}`);
    if (request.text) console.log(`    ${short(request.text)}`);
  }
  for (const { path, says } of stale) console.log(`  expected, and not found any more: ${path}: ${says}`);
}

/** The verdicts on all functions of a description, slice by slice. */
async function judgeDescription(file, folder) {
  const name = basename(file);
  const slug = "judged";
  const verdicts = [];
  const slices = slicesOf(readDescription(file), given.paths);
  for (const [at, slice] of slices.entries()) {
    process.stderr.write(
      `${process.stderr.isTTY ? "\r\x1b[K" : ""}${name}: part ${at + 1} of ${slices.length}${process.stderr.isTTY ? "" : "\n"}`,
    );
    const path = workspace.write(`${folder}/${at}.json`, JSON.stringify(slice));
    const out = workspace.at(folder, `out-${at}`);
    const command = ["generate", "--openapi", path, "--name", slug, "--out", out, "--emit", "js", "--quiet"];
    execFileSync(process.execPath, [workspace.built("generator", "cli.js"), ...command], {
      stdio: ["ignore", "ignore", "ignore"],
    });
    let prism;
    try {
      prism = await startPrism(path);
      verdicts.push(...(await judgeToolkit(out, slug, prism.url, { compile, madeUp: given["made-up"] })));
    } catch (error) {
      verdicts.push({
        slug: `part ${at + 1}`,
        arguments: "none",
        request: { fault: "prism", reason: error.message },
        answer: { fault: "none", reason: "" },
      });
    } finally {
      await prism?.stop();
    }
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  return verdicts.map((verdict) => ({ ...verdict, slug: verdict.slug.replace(/^JUDGED_/, "") }));
}

/** What is accepted, what is not for a reason that is known, and what is not without one. */
function reportOf(description, verdicts) {
  const known = expected.filter((each) => each.description === description);
  const used = new Set();
  const found = { accepted: 0, fitting: 0, answered: 0, notJudged: {}, expected: [], unexpected: [] };
  for (const { request, answer, ...facts } of verdicts) {
    if (request === "accepted") found.accepted++;
    if (answer === "accepted") found.fitting++;
    if (answer === "accepted" || (request === "accepted" && !NOT_OURS.has(answer.fault))) found.answered++;
    const failure = request !== "accepted" ? request : answer !== "accepted" ? answer : undefined;
    if (failure === undefined) continue;
    if (NOT_OURS.has(failure.fault)) {
      found.notJudged[failure.fault] = (found.notJudged[failure.fault] ?? 0) + 1;
      continue;
    }
    const entry = known.find(
      ({ tools, fault }) => fault === failure.fault && (tools === "*" || tools.includes(facts.slug)),
    );
    if (entry !== undefined) used.add(entry);
    const { fault, reason } = failure;
    if (entry === undefined)
      found.unexpected.push({ ...facts, fault, reason, ...(failure.again && { again: failure.again }) });
    else found.expected.push({ ...facts, fault, reason, because: entry.reason });
  }
  const stale = known.filter((entry) => !used.has(entry)).map(({ fault, tools }) => `${fault}: ${tools}`);
  const functions = new Set(verdicts.map(({ slug }) => slug)).size;
  return { description, functions, calls: verdicts.length, ...found, stale };
}

function short(text) {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

function share(part, whole) {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

function print({ description, functions, calls, accepted, fitting, answered, expected: known, unexpected, stale }) {
  console.log(
    `${description}: ${functions} functions, ${calls} calls; requests accepted ${accepted} (${share(accepted, calls)}), ` +
      `answers that fit ${fitting} of ${answered} (${share(fitting, answered)}); ${known.length} known, ${unexpected.length} not`,
  );
  for (const { slug, arguments: kind, fault, reason, again } of unexpected) {
    if (given.tool !== undefined && !given.tool.includes(slug)) continue;
    console.log(`  ${slug} (${kind}) ${fault}: ${short(reason)}`);
    if (again !== undefined)
      console.log(`    of made-up data: ${again.reason === undefined ? again : short(again.reason)}`);
  }
  for (const each of stale) console.log(`  expected, and not found any more: ${each}`);
}

function summarise(all) {
  const sum = (key) => all.reduce((total, report) => total + report[key], 0);
  console.log(
    `\n${all.length} descriptions, ${sum("functions")} functions, ${sum("calls")} calls: ` +
      `requests accepted ${share(sum("accepted"), sum("calls"))}, answers that fit ${share(sum("fitting"), sum("answered"))}`,
  );
}
