import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { sampleOf } from "./sample.mjs";

const CHOICES = 12;
const AT_ONCE = 4;
const CREDENTIAL = "credential";

/**
 * Calls every function of an emitted toolkit (`--emit js`) against Prism, once with the arguments that are required and
 * once with all. An answer that the description itself refuses says nothing of ours; `madeUp` then asks for another,
 * which Prism may take seconds over. Gives a verdict for each: `{ slug, name, arguments, request, answer }`, where `request` and `answer`
 * are `"accepted"`, or `{ fault, reason }`.
 */
export async function judgeToolkit(folder, toolkit, url, madeUp) {
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
    apiKey: CREDENTIAL,
    apps: { [app.slug]: connection },
    retry: { attempts: 1 },
    validate: { input: "strict", output: "strict" },
  });
  const verdicts = [];
  const queue = Object.entries(slugs).flatMap(([slug, name]) =>
    ["required", "all"].map((kind) => ({ slug, name, kind })),
  );
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { slug, name, kind } = next;
      const verdict = await judge(
        functions[name],
        schemas[`${name}InputSchema`],
        kind === "all",
        client,
        url,
        madeUp && kind === "required",
      );
      verdicts.push({ slug, name, arguments: kind, ...verdict });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return verdicts;
}

const IMPLIED = { BASIC: ["username", "password"], BEARER_TOKEN: ["token"], OAUTH2: ["access_token"] };

async function judge(call, schema, full, client, url, madeUp) {
  if (call === undefined || schema === undefined) return failed("emitted", "no function, or no schema of its input");
  const args = argumentsFor(call, schema, full);
  if (args === undefined) return failed("arguments", "the judge finds no arguments that the schema accepts");
  const first = await send(call, args, client, url, {});
  if (!madeUp || typeof first.answer === "string" || !["example", "answer"].includes(first.answer.fault)) return first;
  const { answer: again } = await send(call, args, client, url, { prefer: "dynamic=true" });
  if (first.answer.fault === "example" && again === "accepted") return { ...first, answer: again };
  return { ...first, answer: { ...first.answer, again } };
}

/** Arguments that the emitted validator accepts, bytes where it asks for them. */
function argumentsFor(call, schema, full) {
  for (let choice = 0; choice < CHOICES; choice++) {
    const args = sampleOf(schema, { full, choice }) ?? {};
    for (let round = 0; round < 20; round++) {
      const { success, error } = call.input.safeParse(args);
      if (success) return args;
      const bytes = error.issues.flatMap(bytesAskedFor);
      if (bytes.length === 0) break;
      for (const path of bytes) put(args, path, new Blob(["bytes"], { type: "text/plain" }));
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

async function send(call, args, client, url, headers) {
  let seen;
  const carry = async (address, init) => {
    if (!address.startsWith(`${url}/`)) throw new Error(`not to Prism but to ${new URL(address).origin}`);
    const response = await fetchAgain(address, init);
    const text = response.status >= 400 ? await response.clone().text() : "";
    seen = {
      status: response.status,
      violations: violationsOf(response.headers),
      problem: problemOf(text),
      location: response.headers.has("location"),
    };
    return response;
  };
  const { successful, error } = await call.safe(args, { client, fetch: carry, headers });
  if (seen === undefined) return failed("call", error?.message ?? "no request was sent");
  const refused = seen.violations.filter(({ location }) => location[0] === "request");
  if (refused.length > 0) return failed("request", refused.map(describe).join("; "));
  const { problem, status } = seen;
  if (problem !== undefined && problem.type === "VIOLATIONS") {
    return {
      request: "accepted",
      answer: { fault: "example", reason: (problem.validation ?? []).map(describe).join("; ") },
    };
  }
  if (problem !== undefined) {
    const listed = problem.validation?.map(({ location, ...rest }) => describe({ location: location ?? [], ...rest }));
    return failed("request", `${problem.type}: ${listed?.join("; ") ?? problem.detail ?? ""}`);
  }
  if (status >= 400) {
    const reason = `the description has no answer of success, and Prism gives ${status}`;
    return { request: "accepted", answer: { fault: "no success", reason } };
  }
  if (successful) return { request: "accepted", answer: "accepted" };
  return { request: "accepted", answer: { fault: status >= 300 ? "redirect" : "answer", reason: error.message } };
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

function failed(fault, reason) {
  return { request: { fault, reason }, answer: { fault: "none", reason: "there was no answer to judge" } };
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

function describe({ location, message }) {
  return `${location.join(".")}: ${message}`;
}
