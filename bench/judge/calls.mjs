import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sampleOf } from "./sample.mjs";

const CHOICES = 12;
const AT_ONCE = 4;
const CREDENTIAL = "credential";
/** Fields of a mode that no scheme declares. */
const IMPLIED = { BASIC: ["username", "password"], BEARER_TOKEN: ["token"], OAUTH2: ["access_token"] };

/**
 * Calls every function of an emitted toolkit (`--emit js`) against Prism, once with the arguments that are required and
 * once with all. Gives a verdict for each: `{ slug, name, arguments, request, answer }`, where `request` and `answer`
 * are `"accepted"`, or `{ fault, reason }`.
 *
 * `compile` compiles a JSON Schema with ajv. An answer that the description itself refuses says nothing of ours;
 * `madeUp` then asks for another, which Prism may take seconds over.
 */
export async function judgeToolkit(folder, toolkit, url, { compile, madeUp }) {
  const load = (...path) => import(pathToFileURL(join(folder, ...path)));
  const { names } = JSON.parse(readFileSync(join(folder, "toolbind.manifest.json"), "utf8"));
  const slugs = names[toolkit] ?? {};
  if (Object.keys(slugs).length === 0) return [];
  const [functions, schemas, { app }, { createClient }] = await Promise.all([
    load(toolkit, "index.js"),
    load(toolkit, "schemas.js"),
    load(toolkit, "app.js"),
    load("index.js"),
  ]);
  const connection = { baseUrl: url };
  for (const scheme of app.schemes) {
    const fields = [...scheme.fields.map(({ name }) => name), ...(IMPLIED[scheme.mode] ?? [])];
    for (const field of fields) connection[field] = CREDENTIAL;
  }
  const client = createClient({
    apps: { [app.slug]: connection },
    retry: { attempts: 1 },
    validate: { input: "strict", output: "strict" },
  });
  const verdicts = [];
  const queue = Object.entries(slugs).flatMap(([slug, name]) => [
    { slug, name, arguments: "required" },
    { slug, name, arguments: "all" },
  ]);
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { name, arguments: kind } = next;
      const tool = {
        call: functions[name],
        input: schemas[`${name}InputSchema`],
        output: schemas[`${name}OutputSchema`],
      };
      const asked = { client, url, compile, madeUp: madeUp && kind === "required" };
      verdicts.push({ ...next, ...(await judge(tool, kind === "all", asked)) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return verdicts;
}

async function judge(tool, full, context) {
  if (tool.call === undefined || tool.input === undefined) {
    return notSent("emitted", "no function, or no schema of its input");
  }
  const args = argumentsFor(tool, full);
  if (args === undefined) return notSent("arguments", "the judge finds no arguments that the schema accepts");
  const first = await send(tool, args, context, {});
  if (!context.madeUp || !["example", "answer"].includes(first.answer.fault)) return first;
  const { answer: again } = await send(tool, args, context, { prefer: "dynamic=true" });
  if (first.answer.fault === "example" && again === "accepted") return { ...first, answer: again };
  return { ...first, answer: { ...first.answer, again } };
}

/** Arguments that the emitted validator accepts, with bytes where it asks for them. */
function argumentsFor({ call, input }, full) {
  for (let choice = 0; choice < CHOICES; choice++) {
    const args = sampleOf(input, { full, choice }) ?? {};
    for (let round = 0; round < 20; round++) {
      const { success, error } = call.input.safeParse(args);
      if (success) return args;
      const places = error.issues.flatMap(bytesAskedFor);
      if (places.length === 0) break;
      for (const path of places) put(args, path, new Blob(["bytes"], { type: "text/plain" }));
    }
  }
  return undefined;
}

/** The paths at which an issue, or one of an alternative within it, asks for bytes. */
function bytesAskedFor({ path, expected, errors = [] }) {
  if (expected === "binary") return [path];
  return errors
    .flat()
    .flatMap(bytesAskedFor)
    .map((inner) => [...path, ...inner]);
}

function put(value, path, item) {
  const parent = path.slice(0, -1).reduce((each, key) => each?.[key], value);
  if (parent !== undefined && path.length > 0) parent[path.at(-1)] = item;
}

async function send({ call, output }, args, { client, url, compile }, headers) {
  let seen;
  const carry = async (address, init) => {
    if (!address.startsWith(`${url}/`)) throw new Error(`not to Prism but to ${new URL(address).origin}`);
    const response = await fetchAgain(address, init);
    const text = response.status >= 400 ? await response.clone().text() : "";
    seen = { status: response.status, violations: violationsOf(response.headers), problem: problemOf(text) };
    return response;
  };
  const { successful, error } = await call.safe(args, { client, fetch: carry, headers });
  if (seen === undefined) return notSent("call", error?.message ?? "no request was sent");
  const { problem, status, violations } = seen;
  const refused = violations.filter(({ location }) => location[0] === "request");
  if (refused.length > 0) return notSent("request", listed(refused));
  if (problem?.type === "VIOLATIONS") return answered("example", listed(problem.validation));
  if (problem !== undefined) {
    return notSent("request", `${problem.type}: ${listed(problem.validation) || problem.detail}`);
  }
  if (status >= 400) return answered("no success", `Prism finds no success to answer with and gives ${status}`);
  if (successful) return { request: "accepted", answer: "accepted" };
  if (status >= 300) return answered("redirect", error.message);
  // Prism overlooks some examples that are at odds with their schema; ajv is the second opinion.
  return answered("data" in error && isRefused(compile, output, error.data) ? "example" : "answer", error.message);
}

function isRefused(compile, schema, data) {
  try {
    return !compile(schema)(data);
  } catch {
    return false;
  }
}

/** Prism ends connections that were idle for a while, and the next request may already be on its way by then. */
async function fetchAgain(address, init) {
  for (let left = 3; ; left--) {
    try {
      return await fetch(address, init);
    } catch (error) {
      if (left === 0 || error.cause?.code !== "ECONNRESET") throw error;
    }
  }
}

/** What Prism finds wrong with the request that it answers; "accepted" where that is nothing. */
export async function judgeAnswer(response) {
  const refused = violationsOf(response.headers).filter(({ location }) => location[0] === "request");
  if (refused.length > 0) return listed(refused);
  const problem = response.status >= 400 ? problemOf(await response.text()) : undefined;
  if (problem === undefined || problem.type === "VIOLATIONS") return "accepted";
  return `${problem.type}: ${listed(problem.validation) || problem.detail}`;
}

/** A request that was not accepted, or not even made. */
function notSent(fault, reason) {
  return { request: { fault, reason }, answer: { fault: "none", reason: "there was no answer to judge" } };
}

function answered(fault, reason) {
  return { request: "accepted", answer: { fault, reason } };
}

function violationsOf(headers) {
  const text = headers.get("sl-violations");
  if (text === null) return [];
  try {
    return JSON.parse(text).filter(({ severity }) => severity === "Error");
  } catch {
    // What does not fit into a header is cut off; those of the request come first.
    const [, location] = /"location":\["(\w+)"/.exec(text) ?? [];
    return [{ location: [location ?? "request"], message: text.slice(0, 300) }];
  }
}

function problemOf(text) {
  try {
    const { type, ...rest } = JSON.parse(text);
    const [, name] = /^https:\/\/stoplight\.io\/prism\/errors#(\w+)$/.exec(type);
    return { type: name, ...rest };
  } catch {
    return undefined;
  }
}

function listed(violations = []) {
  return violations.map(({ location = [], message }) => `${location.join(".")}: ${message}`).join("; ");
}
