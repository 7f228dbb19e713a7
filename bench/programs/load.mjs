// What a process pays to load a module beyond zod, and to use one schema of it for the first time, as JSON.
// node load.mjs KIND MODULE NAME ARGUMENTS, where KIND is toolbind, validators, ajv, fromJSONSchema or zod
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [kind, module, name, args] = process.argv.slice(2);
const value = JSON.parse(args ?? "null");

function spent(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

async function measure(flavour, load, use) {
  if (flavour !== undefined && kind !== "zod") await import(flavour);
  const start = process.cpuUsage();
  const loaded = await load();
  const loading = spent(start);
  const accepted = use(loaded);
  const total = spent(start);
  if (!accepted) throw new Error("The arguments were refused");
  return { loading, using: total - loading, total, process: spent() };
}

const KINDS = {
  toolbind: () =>
    measure(
      "zod/mini",
      () => import(pathToFileURL(module)),
      (loaded) => loaded[name].input.safeParse(value).success,
    ),
  validators: () =>
    measure(
      "zod",
      () => import(pathToFileURL(module)),
      (loaded) => loaded[name].safeParse(value).success,
    ),
  ajv: () =>
    measure(
      undefined,
      async () => ({ Ajv: (await import("ajv")).Ajv, tools: JSON.parse(readFileSync(module, "utf8")).tools }),
      ({ Ajv, tools }) => {
        const { input_parameters: schema } = tools.find(({ slug }) => slug === name);
        return new Ajv({ strict: false, validateFormats: false }).validate(schema, value);
      },
    ),
  fromJSONSchema: () =>
    measure(
      "zod",
      async () => ({ zod: await import("zod"), tools: JSON.parse(readFileSync(module, "utf8")).tools }),
      ({ zod, tools }) => {
        const { input_parameters: schema } = tools.find(({ slug }) => slug === name);
        return zod.fromJSONSchema(schema, { defaultTarget: "openapi-3.0" }).safeParse(value).success;
      },
    ),
  zod: () =>
    measure(
      "zod",
      () => import(module),
      () => true,
    ),
};
console.log(JSON.stringify(await KINDS[kind]()));
