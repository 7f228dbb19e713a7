// Nanoseconds of CPU time for judging one valid and one invalid instance, by schema, as JSON.
// node validate.mjs KIND CASES MODULE, where CASES is a file with [{ name, tool, side, schema, valid, invalid }, …]
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [kind, casesFile, module] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(casesFile, "utf8"));
/** How long each instance is judged for, in milliseconds. */
const SPAN = 25;

const MAKERS = {
  toolbind: async () => {
    const toolkit = await import(pathToFileURL(module));
    return ({ tool, side }) => parser(toolkit[tool][side]);
  },
  compiled: async () => {
    const [toolkit, zod] = await Promise.all([import(pathToFileURL(module)), import("zod/mini")]);
    return ({ tool, side }) => parser(zod.compile(toolkit[tool][side]));
  },
  verdict: async () => {
    const [toolkit, zod] = await Promise.all([import(pathToFileURL(module)), import("zod/mini")]);
    return ({ tool, side }) => {
      const compiled = zod.compile(toolkit[tool][side]);
      return (value) => zod.validate(compiled, value);
    };
  },
  ajv: async () => {
    const { Ajv } = await import("ajv");
    return ({ schema }) => new Ajv({ strict: false, validateFormats: false }).compile(schema);
  },
  fromJSONSchema: async () => {
    const zod = await import("zod");
    // The dialect of the platform: `nullable` counts.
    return ({ schema }) => parser(zod.fromJSONSchema(schema, { defaultTarget: "openapi-3.0" }));
  },
  validators: async () => {
    const all = await import(pathToFileURL(module));
    return ({ name }) => parser(all[name]);
  },
};

function parser(schema) {
  return (value) => schema.safeParse(value).success;
}

/** Doubles the repetitions until they take the whole span; the last round is what counts. */
function timed(judge, value) {
  for (let count = 16; ; count *= 2) {
    const start = process.cpuUsage();
    let accepted = 0;
    for (let each = 0; each < count; each++) if (judge(value)) accepted++;
    const { user, system } = process.cpuUsage(start);
    if (user + system > SPAN * 1000) return { each: ((user + system) * 1000) / count, accepted: accepted > 0 };
  }
}

const make = await MAKERS[kind]();
const times = {};
for (const each of cases) {
  const judge = make(each);
  const valid = timed(judge, each.valid);
  const invalid = timed(judge, each.invalid);
  times[each.name] = { valid: valid.each, invalid: invalid.each, right: valid.accepted && !invalid.accepted };
}
console.log(JSON.stringify(times));
