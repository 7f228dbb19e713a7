import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const DRAFTS = {
  draft4: "http://json-schema.org/draft-04/schema#",
  draft6: "http://json-schema.org/draft-06/schema#",
  draft7: "http://json-schema.org/draft-07/schema#",
  "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
  "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
};

/** Verdicts of emitted validators on the JSON Schema Test Suite: counts, the same on every machine. */
export async function measure({ workspace }) {
  const suite = process.env.TOOLBIND_CORPUS && join(process.env.TOOLBIND_CORPUS, "json-schema-test-suite");
  const title = "JSON Schema Test Suite: verdicts that are the suite's";
  if (!suite || !existsSync(suite)) {
    return [{ title, columns: [], rows: [], notes: ["Not measured: set TOOLBIND_CORPUS to a folder with the suite."] }];
  }
  const rows = [];
  for (const [draft, uri] of Object.entries(DRAFTS)) {
    const required = groupsOf(suite, draft, uri);
    const optional = [...groupsOf(suite, draft, uri, "optional"), ...groupsOf(suite, draft, uri, "optional", "format")];
    const figures = {
      required: await agreed(workspace, suite, `${draft}-required`, required),
      requiredOf: count(required),
      annotated: await agreed(workspace, suite, `${draft}-optional`, optional),
      asserted: await agreed(workspace, suite, `${draft}-asserted`, optional, "--formats", "assert"),
      optionalOf: count(optional),
    };
    rows.push({ name: draft, kind: "toolbind", figures });
  }
  const columns = [
    { key: "required", title: "required tests", unit: "count" },
    { key: "requiredOf", title: "of", unit: "count" },
    { key: "annotated", title: "optional, formats annotated", unit: "count" },
    { key: "asserted", title: "formats asserted", unit: "count" },
    { key: "optionalOf", title: "of", unit: "count" },
  ];
  return [{ title, columns, rows }];
}

function groupsOf(suite, draft, uri, ...below) {
  const folder = join(suite, "tests", draft, ...below);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((file) =>
    JSON.parse(readFileSync(join(folder, file), "utf8")).map(({ schema, tests }, index) => ({
      slug: `SUITE_${[...below, file].join("_").replace(/\W/g, "_").toUpperCase()}_${index}`,
      schema: typeof schema === "object" ? { $schema: uri, ...schema } : schema,
      tests,
    })),
  );
}

/** Generates a tool for each schema, asks its emitted `input`, and counts. */
async function agreed(workspace, suite, name, groups, ...flags) {
  const tools = groups.map(({ slug, schema }) => ({ slug, toolkit: { slug: "suite" }, input_parameters: schema }));
  const catalogue = workspace.write(`exactness/${name}.json`, JSON.stringify(tools));
  const remotes = `http://localhost:1234=${join(suite, "remotes")}`;
  const { path } = workspace.emit(catalogue, `exactness/${name}`, "--emit", "js", "--schema-map", remotes, ...flags);
  const emitted = await import(pathToFileURL(join(path, "suite", "index.js")).href);
  const bySlug = new Map(Object.values(emitted).map((tool) => [tool.slug, tool]));
  let found = 0;
  for (const { slug, tests } of groups) {
    for (const { data, valid } of tests) if (accepts(bySlug.get(slug), data) === valid) found++;
  }
  return found;
}

function count(groups) {
  return groups.reduce((sum, { tests }) => sum + tests.length, 0);
}

/** Undefined where there is no verdict. */
function accepts(tool, data) {
  try {
    return tool?.input.safeParse(data).success;
  } catch {
    return undefined;
  }
}
