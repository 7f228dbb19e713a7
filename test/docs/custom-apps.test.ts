import { describe, expect, test } from "vitest";
import { CREDENTIALS } from "../../generator/integration/credentials.js";
import { FIELD, SCHEME, TOP, type Keys } from "../../generator/integration/keys.js";
import { readIntegration } from "../../generator/integration/index.js";
import { codeIn, placeOf, readBlocks, readPages, rowsOf, sectionOf } from "./markdown.js";

const section = sectionOf(readPages().get("docs/custom-apps.md") ?? "", "## integration.yaml");
const examples = readBlocks().filter(({ info: [, file = ""] }) => file === "integration.yaml");

test.each(examples.map((block) => [placeOf(block), block] as const))("%s is an integration file", (_, { text }) => {
  const reading = readIntegration({ name: "integration.yaml", text }, { readBeside: () => undefined });
  expect(reading.diagnostics).toEqual([]);
  expect(reading.integration?.app.schemes.length).toBeGreaterThan(0);
});

describe("the tables have every key, and no others", () => {
  const [, top = "", scheme = "", field = ""] = section.split(/^(?=\| key)/m);
  const cases: [string, string, Keys<string>][] = [
    ["of the file", top, TOP],
    ["of a scheme", scheme, SCHEME],
    ["of a field", field, FIELD],
  ];

  test.each(cases)("%s", (_, table, { known, also }) => {
    const named = rowsOf(table).flatMap(([cell = ""]) => codeIn(cell));
    const all = [...known, ...Object.keys(also)];
    // The base URL stands in the row of the proxy, the callback among the keys of the file.
    expect(named.filter((key) => !all.includes(key))).toEqual([]);
    expect(
      known.filter(
        (key) => !named.includes(key) && key !== "base_url" && !(key === "callback_url" && known !== TOP.known),
      ),
    ).toEqual([]);
  });
});

test("the page names every credential that templates may", () => {
  const [text = ""] = sectionOf(section, "### Templates").split("\n\n");
  expect(codeIn(text)).toEqual(
    expect.arrayContaining(
      Object.values(CREDENTIALS)
        .flat()
        .filter((name) => name !== "oauth_verifier"),
    ),
  );
});
