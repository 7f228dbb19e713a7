import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { medians } from "./statistics.mjs";

const WAIT4 = fileURLToPath(new URL("wait4.py", import.meta.url));
const MAX_OUTPUT = 2 ** 28;
/** A case that takes longer than this, in seconds, is measured at most three times. */
const LONG = 8;
const LONG_RUNS = 3;

/** What CPU time and memory are read with: `wait4` tells microseconds, `time` hundredths of a second. */
export const METER = has("python3") ? "wait4" : has("/usr/bin/time", "-p", "true") ? "/usr/bin/time" : undefined;

function has(program, ...args) {
  return spawnSync(program, args.length === 0 ? ["--version"] : args).status === 0;
}

/**
 * Runs a command to its end: CPU seconds (user and system) of it and all it waited for, bytes of memory of the largest
 * of these processes at its peak, seconds that passed, and what it printed.
 * @throws Error with the command's own message when it fails, unless it may
 */
export function runMeasured([program, ...args], { cwd, mayFail = false } = {}) {
  if (METER === undefined) throw new Error("Neither python3 nor /usr/bin/time is there to measure with");
  return METER === "wait4" ? runUnderWait4(program, args, cwd, mayFail) : runUnderTime(program, args, cwd, mayFail);
}

function runUnderWait4(program, args, cwd, mayFail) {
  const stdio = ["ignore", "pipe", "pipe", "pipe"];
  const result = spawnSync("python3", [WAIT4, program, ...args], { cwd, stdio, maxBuffer: MAX_OUTPUT });
  refuseFailure(result, mayFail);
  return { ...JSON.parse(result.output[3].toString()), output: result.stdout.toString() };
}

function runUnderTime(program, args, cwd, mayFail) {
  const folder = mkdtempSync(join(tmpdir(), "toolbind-time-"));
  const report = join(folder, "report");
  const format = process.platform === "linux" ? ["-f", "%U %S %M %e"] : ["-l"];
  try {
    const timed = [...format, "-o", report, program, ...args];
    const result = spawnSync("/usr/bin/time", timed, { cwd, maxBuffer: MAX_OUTPUT });
    refuseFailure(result, mayFail);
    return { ...readReport(readFileSync(report, "utf8")), output: result.stdout.toString() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readReport(text) {
  if (process.platform === "linux") {
    const [user, system, kilobytes, wall] = text.trim().split("\n").at(-1).split(" ").map(Number);
    return { cpu: user + system, memory: kilobytes * 1024, wall };
  }
  const number = (pattern) => Number(pattern.exec(text)?.[1]);
  const cpu = number(/([\d.]+) user/) + number(/([\d.]+) sys/);
  return { cpu, memory: number(/(\d+)\s+maximum resident/), wall: number(/([\d.]+) real/) };
}

function refuseFailure({ error, status, stderr, stdout }, mayFail) {
  if (error !== undefined) throw error;
  if (status !== 0 && !mayFail) throw new Error(complaintOf(`${stderr}\n${stdout}`) ?? `exit code ${status}`);
}

/** The line of an output that says what went wrong; lines longer than anybody writes are code that it happened in. */
function complaintOf(output) {
  const said = stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => line.trim() !== "" && line.length < 400);
  const wordings = [/^(?:Uncaught )?\w*Error\b.*: /, /^[^ ].*error/i, /error|cannot|failed/i, /./];
  return wordings.map((wording) => said.find((line) => wording.test(line))).find((line) => line !== undefined);
}

/**
 * Takes samples of all cases in turn, round by round and each round starting with another, so that whatever else the
 * machine does falls on all of them alike. A case is `{ name, sample, before? }`, and may be `async`; what it leaves in
 * `before` is not measured. Gives the medians by name; a case that throws has its message as `failure`.
 */
export async function interleave(cases, runs, onSample = () => {}) {
  const samples = new Map(cases.map(({ name }) => [name, []]));
  const failures = new Map();
  const seconds = new Map();
  for (let round = 0; round < runs; round++) {
    for (let turn = 0; turn < cases.length; turn++) {
      const { name, before, sample } = cases[(turn + round) % cases.length];
      if (failures.has(name) || (round >= LONG_RUNS && seconds.get(name) > LONG)) continue;
      onSample(name, round);
      try {
        await before?.();
        const start = performance.now();
        samples.get(name).push(await sample());
        seconds.set(name, (performance.now() - start) / 1000);
      } catch (error) {
        failures.set(name, error.message.split("\n", 1)[0]);
      }
    }
  }
  return new Map(
    cases.map(({ name }) => {
      const failure = failures.get(name);
      return [name, failure === undefined ? medians(samples.get(name)) : { failure }];
    }),
  );
}

/** A case whose sample is one run of a command: `cpu`, `memory` and `wall`. */
export function commandCase(name, command, { before, cwd, mayFail, read = () => ({}) } = {}) {
  const sample = () => {
    const { output, ...figures } = runMeasured(command, { cwd, mayFail });
    return { ...figures, ...read(output) };
  };
  return { name, before, sample };
}
