// Joins the modules of runtime/ into the few that are copied beside emitted code: Node pays a quarter of a millisecond
// for each module it loads. The text of each stays as it is written, with its types and comments.
import { posix } from "node:path";
import { readModules } from "./read-modules.mjs";

/**
 * The modules made, and whose exports each has. A module that none of them names goes into the first that reaches it,
 * so what two of them need stands in the earlier.
 */
export const RUNTIME = {
  tool: ["tool", "values", "nearest"],
  z: ["z"],
  shared: ["address", "connections/memory", "connections/turns"],
  index: ["index"],
  node: ["node"],
  "direct/executor": ["direct/executor", "direct/app"],
  "direct/token-endpoint": ["direct/token-endpoint", "direct/fill"],
  "direct/oauth1": ["direct/oauth1"],
  "direct/oauth": ["direct/oauth"],
  "direct/index": ["direct/index"],
  defaults: ["defaults"],
};

/** Modules that programs import: they export what their entries do and nothing else. */
const PUBLIC = new Set(["index", "node", "direct/index", "direct/oauth", "direct/oauth1"]);

/** The merged modules' texts, by file below the folder: `tool.ts`. */
export function mergeModules(folder, merging) {
  const modules = readModules(folder);
  const owners = new Map();
  for (const [merged, entries] of Object.entries(merging)) for (const entry of entries) owners.set(entry, merged);
  const entries = new Set(owners.keys());
  for (const module of modules.values()) {
    module.imports = module.imports.flatMap((each) => originsOf(each, modules, entries));
  }
  const members = Object.entries(merging).map(([merged, entries]) => [
    merged,
    membersOf(merged, entries, modules, owners),
  ]);
  const names = new Map();
  for (const [merged, all] of members) nameApart(all, { merged, entries: merging[merged], owners, names });
  return new Map(
    members.map(([merged, all]) => {
      const wanted = exportsOf(all, { merged, entries: merging[merged], modules, owners });
      return [`${merged}.ts`, printed(merged, all, { owners, names, wanted })];
    }),
  );
}

/** The text of a module over classic zod instead of zod/mini. */
export function overClassic(text) {
  return text.replaceAll('"zod/mini"', '"zod"').replaceAll("ZodMiniType", "ZodType");
}

/** An import, with what a module that will not be there only passes on taken from where it is declared. */
function originsOf({ specifier, module, names }, modules, entries) {
  const reexports = entries.has(module) ? [] : (modules.get(module)?.reexports ?? []);
  return names.flatMap((each) => {
    const from = reexports.find((other) => other.names.some(({ as }) => as === each.name));
    if (from === undefined) return [{ specifier, module, names: [each] }];
    const { name } = from.names.find(({ as }) => as === each.name);
    return originsOf({ ...from, names: [{ ...each, name }] }, modules, entries);
  });
}

/** The modules that go into one, what they import first. */
function membersOf(merged, entries, modules, owners) {
  const members = [];
  const visited = new Set();
  const visit = (name) => {
    if (visited.has(name)) return;
    visited.add(name);
    if (!owners.has(name)) owners.set(name, merged);
    if (owners.get(name) !== merged) return;
    const { imports, reexports } = modules.get(name);
    for (const { module } of [...imports, ...reexports]) if (module !== undefined) visit(module);
    members.push(modules.get(name));
  };
  entries.forEach(visit);
  return members;
}

/** Characters; a longer list of names is broken up. */
const LINE = 100;

const key = (module, name) => `${module}:${name}`;

/** How a merged module imports what one of its members does: under its own name, whatever it is called there. */
function importOf(module, { name, as, type }, names) {
  const own = names.get(key(module, name)) ?? name;
  return { name: own, as: name === "*" || module === undefined ? as : own, type };
}

/** Finds names for what two modules of one call the same, or one of them as something that another takes from outside. */
function nameApart(members, { merged, entries: own, owners, names }) {
  const entries = new Set(own);
  const imported = members.flatMap(({ imports }) => imports.filter(({ module }) => owners.get(module) !== merged));
  const taken = new Set([
    ...members.flatMap(({ globals }) => [...globals]),
    ...imported.flatMap((from) => from.names.map((each) => importOf(from.module, each, names).as)),
  ]);
  const keepsItsName = ({ name, declared }, each) => entries.has(name) && declared.get(each) !== undefined;
  const all = members.flatMap((module) => [...module.declared.keys()].map((each) => ({ module, each })));
  for (const kept of [true, false]) {
    for (const { module, each } of all.filter(({ module, each }) => keepsItsName(module, each) === kept)) {
      const own = taken.has(each) ? `${each}_${posix.basename(module.name).replaceAll(/\W/g, "_")}` : each;
      if (taken.has(own)) throw new Error(`runtime/${module.name}.ts: "${each}" cannot be told apart in ${merged}.ts`);
      taken.add(own);
      names.set(key(module.name, each), own);
    }
  }
}

/** What a merged module has to export: all that its entries do, what other merged modules import, and what none uses. */
function exportsOf(members, { merged, entries, modules, owners }) {
  const wanted = new Set();
  const want = (module, name) => {
    const { declared, reexports } = modules.get(module);
    if (name !== "*") wanted.add(key(module, name));
    else for (const [each, modifier] of declared) if (modifier) wanted.add(key(module, each));
    for (const { module: from, names } of reexports) {
      for (const { name: each, as } of names) {
        if (owners.get(from) === merged && (name === "*" || name === as || as === "*"))
          want(from, as === "*" ? name : each);
      }
    }
  };
  for (const entry of entries) want(entry, "*");
  const own = new Set(wanted);
  const isPublic = (module, name) => own.has(key(module, name));
  for (const { name: importer, imports, reexports } of modules.values()) {
    if (owners.get(importer) === merged || !owners.has(importer)) continue;
    for (const { module, names } of [...imports, ...reexports]) {
      if (owners.get(module) !== merged) continue;
      const internal = PUBLIC.has(merged) ? names.find(({ name }) => !isPublic(module, name)) : undefined;
      if (internal) throw new Error(`${internal.name} of runtime/${module}.ts needs another place than ${merged}.ts`);
      for (const { name } of names) want(module, name);
    }
  }
  const used = new Map();
  for (const { module, name } of members.flatMap(({ uses }) => uses)) {
    used.set(key(module, name), (used.get(key(module, name)) ?? 0) + 1);
  }
  for (const [each, times] of used) if (times === 1) wanted.add(each);
  return wanted;
}

function printed(merged, members, { owners, names, wanted }) {
  const own = (module, name) => names.get(key(module, name)) ?? name;
  const isElsewhere = ({ module }) => owners.get(module) !== merged;
  const specifierOf = ({ module, specifier }) => {
    if (module === undefined) return specifier;
    const path = posix.relative(posix.dirname(merged), owners.get(module));
    return `${path.startsWith(".") ? path : `./${path}`}.js`;
  };
  const imports = new Clauses();
  const exports = new Clauses();
  const bodies = members.map(({ name, text, imports: imported, reexports, locals, declared, cuts, uses }) => {
    for (const from of imported.filter(isElsewhere)) {
      for (const each of from.names) imports.add(specifierOf(from), importOf(from.module, each, names));
    }
    for (const from of reexports.filter(isElsewhere)) {
      for (const each of from.names) exports.add(specifierOf(from), each);
    }
    for (const { module, names: passed } of reexports.filter((from) => !isElsewhere(from))) {
      for (const each of passed) {
        const renamed = own(module, each.name);
        if (each.name !== "*" && renamed !== each.as) exports.add("", { ...each, name: renamed });
      }
    }
    for (const each of locals) exports.add("", { ...each, name: own(name, each.name) });
    const hidden = [...declared].filter(([each, modifier]) => modifier && !wanted.has(key(name, each)));
    const edits = [
      ...cuts.map(([start, end]) => [start, end, ""]),
      ...hidden.map(([, modifier]) => [modifier.getStart(), modifier.end + 1, ""]),
      ...uses.flatMap(({ start, end, module, name: each, as, isShorthand }) => {
        const renamed = own(module, each);
        return renamed === as ? [] : [[start, end, isShorthand ? `${as}: ${renamed}` : renamed]];
      }),
    ];
    return `// From ${name}.ts\n${edited(text, edits)}`;
  });
  return [imports.print("import"), ...bodies, exports.print("export")].filter((part) => part !== "").join("\n");
}

/** Import or export statements, one for each module they name. */
class Clauses {
  #of = new Map();

  add(specifier, { name, as, type }) {
    const names = this.#of.get(specifier) ?? this.#of.set(specifier, new Map()).get(specifier);
    const text = name === as ? name : `${name} as ${as}`;
    names.set(text, type && (names.get(text) ?? true));
  }

  print(keyword) {
    const lines = [...this.#of].flatMap(([specifier, names]) => {
      const from = specifier === "" ? "" : ` from "${specifier}"`;
      const stars = [...names].filter(([text]) => text.startsWith("*"));
      const others = [...names].filter(([text]) => !text.startsWith("*")).sort();
      const allTypes = others.every(([, type]) => type);
      const each = others.map(([text, type]) => (type && !allTypes ? `type ${text}` : text));
      const line = each.join(", ");
      const list = line.length < LINE ? line : `\n  ${each.join(",\n  ")},\n`;
      return [
        ...stars.map(([text, type]) => `${keyword}${type ? " type" : ""} ${text}${from};\n`),
        ...(line === ""
          ? []
          : [`${keyword}${allTypes ? " type" : ""} {${list.startsWith("\n") ? list : ` ${list} `}}${from};\n`]),
      ];
    });
    return lines.sort().join("");
  }
}

/** A text with ranges replaced, and without the empty lines that this leaves. */
function edited(text, edits) {
  let result = "";
  let at = 0;
  const unique = [...new Map(edits.map((edit) => [edit[0], edit])).values()].sort(([a], [b]) => a - b);
  for (const [start, end, instead] of unique) {
    result += text.slice(at, start) + instead;
    at = end;
  }
  return `${(result + text.slice(at)).replace(/\n{3,}/g, "\n\n").trim()}\n`;
}
