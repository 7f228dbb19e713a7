import type { AuthScheme } from "../../runtime/direct/app.js";

/** Modes whose credentials are the header `Authorization`, unless the scheme places them itself. */
const AUTHORIZING: ReadonlySet<AuthScheme["mode"]> = new Set(["BASIC", "BEARER_TOKEN", "OAUTH1", "OAUTH2"]);

/** Where a scheme's credentials go in a request, such as `header authorization`, and their value there. */
function slotsOf({ name: scheme, mode, proxy }: AuthScheme): (readonly [string, string])[] {
  const named = (slot: string, values: Readonly<Record<string, string>> = {}): (readonly [string, string])[] =>
    Object.entries(values).flatMap(([name, text]) => (text.includes("{{") ? [[`${slot} ${name}`, text] as const] : []));
  const headers = Object.entries(proxy?.headers ?? {}).map(([name, text]) => [name.toLowerCase(), text]);
  const isPlain = AUTHORIZING.has(mode) && proxy?.headers === undefined;
  return [
    ...(isPlain ? [["header authorization", scheme] as const] : []),
    ...named("header", Object.fromEntries(headers) as Record<string, string>),
    ...named("query", proxy?.query),
    ...named("cookie", proxy?.cookies),
  ];
}

/** Schemes required together that fill the same slot, so that a request has room for only one of them. */
export function rivals(
  names: readonly string[],
  schemes: readonly AuthScheme[],
): { readonly slot: string; readonly names: readonly string[] } | undefined {
  if (names.length < 2) return undefined;
  const bySlot = new Map<string, Map<string, string>>();
  for (const scheme of schemes) {
    if (!names.includes(scheme.name)) continue;
    for (const [slot, text] of slotsOf(scheme)) {
      bySlot.set(slot, (bySlot.get(slot) ?? new Map<string, string>()).set(scheme.name, text));
    }
  }
  const [found] = [...bySlot].filter(([, texts]) => new Set(texts.values()).size > 1);
  if (found === undefined) return undefined;
  const [slot, texts] = found;
  return { slot, names: names.filter((name) => texts.has(name)) };
}

/** The schemes required together, without rivals, such as Google's two flows, which can replace each other. */
export function apart(names: readonly string[], schemes: readonly AuthScheme[]): string[][] {
  const found = rivals(names, schemes);
  if (found === undefined) return [[...names]];
  return found.names.flatMap((one) => {
    const rest = names.filter((name) => name === one || !found.names.includes(name));
    return apart(rest, schemes);
  });
}
