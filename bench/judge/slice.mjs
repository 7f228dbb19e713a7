import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** A description from its file, JSON or YAML. */
export function readDescription(file) {
  const text = readFileSync(file, "utf8");
  return /^\ufeff?\s*\{/.test(text) ? JSON.parse(text.replace(/^\ufeff/, "")) : parse(text, { merge: true });
}

/**
 * A description in parts of so many paths each, since Prism takes minutes to start on a large one. A part holds what its
 * paths refer to and no more; all else of the description is in every part.
 */
export function slicesOf(description, size) {
  const paths = Object.entries(description.paths ?? {});
  if (paths.length <= size) return [description];
  const parts = Math.ceil(paths.length / size);
  return Array.from({ length: parts }, (_, at) => {
    const own = paths.slice(at * size, (at + 1) * size);
    return sliceOf(description, Object.fromEntries(own));
  });
}

/** Where a description keeps what is referred to; security schemes are named, not referred to. */
const KEPT = ["components", "definitions", "parameters", "responses"];

/**
 * Where all schemas lead to one another, as Stripe's do, Prism does not start in minutes. Of such a part only the nearest
 * are kept; what lies further from the paths allows anything.
 */
const MOST_SCHEMAS = 400;
const NEAREST = 10;

function sliceOf(description, paths) {
  const slice = { ...description, paths: { ...paths } };
  for (const key of [...KEPT, "webhooks", "x-webhooks"]) delete slice[key];
  const schemes = description.components?.securitySchemes;
  if (schemes !== undefined) slice.components = { securitySchemes: schemes };
  const found = new Map();
  const queue = [...referencesIn(paths)];
  for (const reference of queue) {
    const keys = reference.slice(2).split("/").map(unescape);
    // A reference may lead into the middle of a component: the whole of it is taken along.
    const path = keys.slice(0, keys[0] === "components" ? 3 : 2);
    const target = path.reduce((value, key) => value?.[key], description);
    const name = path.join("/");
    if (found.has(name) || target === undefined) continue;
    found.set(name, { path, target });
    for (const further of referencesIn(target)) queue.push(further);
  }
  // Those found first are nearest to the paths.
  let left = found.size > MOST_SCHEMAS ? NEAREST : Infinity;
  for (const { path, target } of found.values()) {
    const isSchema = path.at(-2) === "schemas" || path[0] === "definitions";
    place(slice, path, isSchema && left-- <= 0 ? {} : target);
  }
  return slice;
}

function unescape(key) {
  return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
}

function place(into, [key, ...rest], value) {
  if (rest.length === 0) into[key] = value;
  else {
    into[key] = { ...into[key] };
    place(into[key], rest, value);
  }
}

/** References within the same file; a discriminator's mapping refers too. */
function* referencesIn(value) {
  if (typeof value === "string") {
    if (value.startsWith("#/")) yield value;
  } else if (typeof value === "object" && value !== null) {
    for (const each of Object.values(value)) yield* referencesIn(each);
  }
}
