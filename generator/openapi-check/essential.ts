import type { ErrorObject } from "ajv";

/** Keywords that only say that a branch has failed. */
const SUMMARIES: ReadonlySet<string> = new Set(["oneOf", "anyOf", "if", "not", "allOf", "$ref"]);
/** Those whose branches are alternatives. */
const ALTERNATIVES: ReadonlySet<string> = new Set(["oneOf", "anyOf"]);

/**
 * A validator's errors without those that follow from others. Where none of several alternatives fits,
 * the errors of all of them come; those deepest down are of the alternative that was meant.
 */
export function essential(errors: readonly ErrorObject[]): ErrorObject[] {
  // A reference is an alternative nearly everywhere, and never the intended one where there is no `$ref`.
  const real = errors.filter(
    ({ keyword, params }) => !(keyword === "required" && params["missingProperty"] === "$ref"),
  );
  const open = new Set(real.filter(({ keyword }) => ALTERNATIVES.has(keyword)).map(({ instancePath }) => instancePath));
  const clusters = new Map<string, ErrorObject[]>();
  const kept: ErrorObject[] = [];
  for (const error of real) {
    const top = outermost(error.instancePath, open);
    if (top === undefined) kept.push(error);
    else clusters.set(top, [...(clusters.get(top) ?? []), error]);
  }
  for (const cluster of clusters.values()) kept.push(...deepest(cluster));
  const specific = new Set(kept.filter(({ keyword }) => !SUMMARIES.has(keyword)).flatMap(pathsAbove));
  return merged(kept.filter(({ keyword, instancePath }) => !SUMMARIES.has(keyword) || !specific.has(instancePath)));
}

/** The topmost place with alternatives that holds a pointer, or is it. */
function outermost(pointer: string, open: ReadonlySet<string>): string | undefined {
  let end = 0;
  while (end !== -1) {
    end = pointer.indexOf("/", end + 1);
    const above = end === -1 ? pointer : pointer.slice(0, end);
    if (open.has(above)) return above;
  }
  return open.has("") ? "" : undefined;
}

function deepest(cluster: readonly ErrorObject[]): ErrorObject[] {
  const meant = withoutOtherKinds(cluster);
  const specific = meant.filter(({ keyword }) => !SUMMARIES.has(keyword));
  const alternatives = cluster.filter(({ keyword }) => ALTERNATIVES.has(keyword));
  const candidates = specific.length === 0 ? alternatives.slice(-1) : specific;
  const depth = Math.max(...candidates.map(depthOf));
  return missingTogether(candidates.filter((error) => depthOf(error) === depth));
}

/**
 * Without complaints that `type` or `in` is not that of another alternative: where fewer complain than there are, one
 * has it, and something else of that one is wrong.
 */
function withoutOtherKinds(cluster: readonly ErrorObject[]): readonly ErrorObject[] {
  const branches = new Map<string, number>();
  for (const { keyword, instancePath, schema } of cluster) {
    if (!ALTERNATIVES.has(keyword) || !Array.isArray(schema)) continue;
    branches.set(instancePath, Math.max(branches.get(instancePath) ?? 0, schema.length));
  }
  const isKind = ({ keyword, instancePath }: ErrorObject): boolean =>
    (keyword === "enum" || keyword === "const") && /\/(?:type|in|scheme|flow)$/.test(instancePath);
  const complaints = new Map<string, number>();
  for (const error of cluster) {
    if (isKind(error)) complaints.set(error.instancePath, (complaints.get(error.instancePath) ?? 0) + 1);
  }
  const isOther = (error: ErrorObject): boolean => {
    const of = error.instancePath.slice(0, error.instancePath.lastIndexOf("/"));
    return isKind(error) && complaints.get(error.instancePath)! < (branches.get(of) ?? 0);
  };
  // An error of an object has the alternative as its schema, and that of `type` is one of the alternative's properties.
  const others = new Set<unknown>(cluster.filter(isOther).map(({ parentSchema }) => parentSchema));
  const rest = cluster.filter((error) => {
    const properties = (error.parentSchema as { readonly properties?: object } | undefined)?.properties ?? {};
    return !isOther(error) && !Object.values(properties).some((property) => others.has(property));
  });
  return rest.some(({ keyword }) => !SUMMARIES.has(keyword)) ? rest : cluster;
}

/** What alternatives miss at one place, as one error. */
function missingTogether(errors: readonly ErrorObject[]): ErrorObject[] {
  const missing = new Map<string, ErrorObject>();
  const others: ErrorObject[] = [];
  for (const error of errors) {
    const earlier = missing.get(error.instancePath);
    if (error.keyword !== "required") others.push(error);
    else if (earlier === undefined) missing.set(error.instancePath, error);
    else {
      const keys = [...missingOf(earlier), ...missingOf(error)];
      missing.set(error.instancePath, { ...earlier, params: { missingProperty: [...new Set(keys)] } });
    }
  }
  return [...missing.values(), ...others];
}

/** The keys that an error of `required` misses. */
export function missingOf({ params }: ErrorObject): string[] {
  return [params["missingProperty"] as string | string[]].flat();
}

function depthOf({ instancePath }: ErrorObject): number {
  return instancePath.split("/").length;
}

function pathsAbove({ instancePath }: ErrorObject): string[] {
  const parts = instancePath.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** Errors of alternatives at one place as one: any of several keys is missing, any of several values is expected. */
function merged(errors: readonly ErrorObject[]): ErrorObject[] {
  const byPlace = new Map<string, ErrorObject>();
  for (const error of errors) {
    const { instancePath, keyword, params } = error;
    const values = keyword === "const" ? [params["allowedValue"]] : params["allowedValues"];
    const kind = Array.isArray(values) ? "enum" : keyword;
    const what = kind === "enum" || kind === "type" ? "" : JSON.stringify(params);
    const key = `${instancePath} ${kind} ${what}`;
    const earlier = byPlace.get(key);
    if (kind === "enum") {
      const all = [...((earlier?.params["allowedValues"] as unknown[] | undefined) ?? []), ...(values as unknown[])];
      byPlace.set(key, { ...error, keyword: "enum", params: { allowedValues: [...new Set(all)] } });
    } else if (kind === "type") {
      const all = [earlier?.params["type"] ?? [], params["type"]].flat() as unknown[];
      byPlace.set(key, { ...error, params: { type: [...new Set(all)] } });
    } else if (earlier === undefined) byPlace.set(key, error);
  }
  return [...byPlace.values()];
}
