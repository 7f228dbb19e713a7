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

function sliceOf(description, paths) {
  const slice = { ...description, paths: { ...paths } };
  for (const key of [...KEPT, "webhooks", "x-webhooks"]) delete slice[key];
  const schemes = description.components?.securitySchemes;
  if (schemes !== undefined) slice.components = { securitySchemes: schemes };
  const seen = new Set();
  const queue = [...referencesIn(paths)];
  for (let reference = queue.pop(); reference !== undefined; reference = queue.pop()) {
    if (seen.has(reference)) continue;
    seen.add(reference);
    const keys = reference.slice(2).split("/").map(unescape);
    // A reference may lead into the middle of a component: the whole of it is taken along.
    const path = keys.slice(0, keys[0] === "components" ? 3 : 2);
    const target = path.reduce((value, key) => value?.[key], description);
    if (target === undefined) continue;
    place(slice, path, target);
    queue.push(...referencesIn(target));
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
