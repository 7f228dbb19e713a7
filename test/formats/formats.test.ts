import { Ajv } from "ajv";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import type { FormatsPlugin } from "ajv-formats";
import { describe, expect, it } from "vitest";
import * as formats from "../../runtime/schema/formats.js";
import { Random, REPLAY, SEED } from "../support/random.js";
import { INGREDIENTS, nearValid } from "./near-valid.js";

const TRIES = Number(process.env["TOOLBIND_TRIES"] ?? 5000);

const PREDICATES: Readonly<Record<string, (text: string) => boolean>> = {
  date: formats.isDate,
  time: formats.isTime,
  "iso-time": formats.isIsoTime,
  "date-time": formats.isDateTime,
  "iso-date-time": formats.isIsoDateTime,
  duration: formats.isDuration,
  uri: formats.isUri,
  "uri-reference": formats.isUriReference,
  "uri-template": formats.isUriTemplate,
  url: formats.isUrl,
  email: formats.isEmail,
  hostname: formats.isHostname,
  ipv4: formats.isIpv4,
  ipv6: formats.isIpv6,
  regex: formats.isRegex,
  uuid: formats.isUuid,
  "json-pointer": formats.isJsonPointer,
  "json-pointer-uri-fragment": formats.isJsonPointerUriFragment,
  "relative-json-pointer": formats.isRelativeJsonPointer,
  byte: formats.isByte,
};

const addFormats = createRequire(import.meta.url)("ajv-formats") as FormatsPlugin;
const ajv = addFormats(new Ajv({ strict: false }));

describe.each(Object.entries(PREDICATES))("%s", (format, predicate) => {
  const ingredients = INGREDIENTS[format] ?? { samples: [], pieces: [] };
  const reference = ajv.compile({ type: "string", format });

  it("agrees with ajv-formats on strings of the format and near it", () => {
    const random = new Random(SEED);
    const differing: string[] = [];
    const counts = { valid: 0, invalid: 0 };
    const seen = new Set<string>();
    const hold = (text: string): void => {
      if (seen.has(text)) return;
      seen.add(text);
      const expected = reference(text);
      counts[expected ? "valid" : "invalid"]++;
      if (predicate(text) !== expected) differing.push(`${JSON.stringify(text)}: expected ${expected}`);
    };
    ingredients.samples.forEach(hold);
    for (const sample of ingredients.samples) {
      for (let code = 0; code < 0x100; code++) {
        const at = random.integer(0, sample.length);
        hold(sample.slice(0, at) + String.fromCharCode(code) + sample.slice(at + random.integer(0, 1)));
      }
    }
    for (let tries = 0; tries < TRIES; tries++) hold(nearValid(random, ingredients));
    expect(differing.slice(0, 10), REPLAY).toEqual([]);
    expect(counts.valid).toBeGreaterThan(50);
    expect(counts.invalid).toBeGreaterThan(50);
  });

  it("takes linear time", () => {
    const pumps = [
      ...ingredients.samples,
      ...ingredients.pieces,
      "a",
      "1",
      "aA1-",
      "@a",
      "a/",
      "{a,",
      "%41",
      "::",
      ".a",
    ];
    const slow: string[] = [];
    for (const pump of new Set(pumps.filter((pump) => pump !== ""))) {
      for (const [start, end] of [
        ["", ""],
        ["", "\n!"],
        [ingredients.samples[0] ?? "", "\0"],
        ["http://", "@"],
        ["P", "x"],
        ["{", "|"],
      ] as const) {
        const text = start + pump.repeat(50_000 / pump.length) + end;
        const before = performance.now();
        predicate(text);
        if (performance.now() - before > 500)
          slow.push(`${JSON.stringify(start)} ${JSON.stringify(pump)} ${JSON.stringify(end)}`);
      }
    }
    expect(slow).toEqual([]);
  });
});

it.each([
  ["int32", formats.isInt32],
  ["int64", formats.isInt64],
] as const)("%s agrees with ajv-formats", (format, predicate) => {
  const reference = ajv.compile({ type: "number", format });
  const edges = [0, -0, 1, -1, 0.5, -0.5, 1e-9, 1e300, -1e300, Number.MAX_VALUE, Number.MIN_VALUE];
  for (const power of [31, 32, 53, 63, 64])
    for (const by of [-1, -0.5, 0, 0.5, 1]) edges.push(2 ** power + by, -(2 ** power) + by);
  for (const value of edges) expect(predicate(value), String(value)).toBe(reference(value));
});
