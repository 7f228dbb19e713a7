// A route prepared for filling in: everything that is the same for every call.
import type { Parameter, Route } from "./route.js";

export interface Plan {
  /** The path, by its segments. */
  readonly segments: readonly Segment[];
  /** Parts of the query in the path itself. */
  readonly fixed: readonly (readonly (string | Parameter)[])[];
  readonly query: readonly Parameter[];
  /** Whether anything but credentials may be in the query. */
  readonly hasQuery: boolean;
  readonly headers: readonly Parameter[];
  readonly cookies: readonly Parameter[];
  /** The arguments that are parameters. */
  readonly parameters: ReadonlySet<string>;
  readonly accept: string;
}

/** Text and parameters alternately; only text where nothing is filled in. */
export interface Segment {
  readonly template: string;
  readonly parts: readonly (string | Parameter)[];
}

const plans = new WeakMap<Route, Plan>();

export function planOf(route: Route): Plan {
  let plan = plans.get(route);
  if (plan === undefined) plans.set(route, (plan = make(route)));
  return plan;
}

function make(route: Route): Plan {
  const { pathParams = [], querystring } = route;
  const [path = "", fixed = ""] = route.path.split("#")[0]!.split(/\?([^]*)/);
  const segments = path
    .replace(/^\/+/, "")
    .split("/")
    .map((template) => ({ template, parts: partsOf(template, pathParams) }));
  const [query, headers, cookies] = [route.query, route.headers, route.cookies].map((all = []) => all.map(described));
  const asked = fixed
    .split("&")
    .filter(Boolean)
    .map((template) => partsOf(template, pathParams));
  const inPath = [...segments.map(({ parts }) => parts), ...asked].flatMap((parts) =>
    parts.filter((part) => typeof part !== "string"),
  );
  const { encoding, files } = route.body ?? {};
  const parts = Object.values({ ...encoding, ...files?.encoding });
  const ofParts = parts.flatMap(({ headers = [] }) => headers.map(described));
  const others = querystring ? [...ofParts, querystring] : ofParts;
  const all = [...pathParams, ...inPath, ...query!, ...headers!, ...cookies!, ...others];
  return {
    segments,
    fixed: asked,
    query: query!,
    hasQuery: asked.length > 0 || query!.length > 0 || querystring !== undefined,
    headers: headers!,
    cookies: cookies!,
    parameters: new Set(all.map(({ arg }) => arg)),
    accept: route.accept?.join(", ") ?? "*/*",
  };
}

function partsOf(template: string, parameters: readonly Parameter[]): (string | Parameter)[] {
  // `split` puts what the group matched between the parts.
  return template.split(/\{([^{}]+)\}/).map((part, index) => {
    if (index % 2 === 0) return part;
    return parameters.find(({ arg, name = arg }) => name === part) ?? { arg: part };
  });
}

export function described(parameter: string | Parameter): Parameter {
  return typeof parameter === "string" ? { arg: parameter } : parameter;
}
