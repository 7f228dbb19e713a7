import { describe, expect, test } from "vitest";
import { locateYaml } from "../../generator/text/locate-yaml.js";
import { parseYaml } from "../../generator/text/parse-yaml.js";

const TEXT = `openapi: 3.1.0
paths:
  /pets/{id}:
    get: &get
      parameters:
        - name: id
          in: path
      responses:
        200: {description: ok}
        "404": {description: none}
    put: *get
`;

describe("a pointer into YAML leads to", () => {
  test.each([
    ["", 1, 1],
    ["/openapi", 1, 1],
    ["/paths/~1pets~1{id}/get", 4, 5],
    ["/paths/~1pets~1{id}/get/parameters/0/in", 7, 11],
    ["/paths/~1pets~1{id}/get/responses/200", 9, 9],
    ["/paths/~1pets~1{id}/get/responses/404/description", 10, 17],
    ["/paths/~1pets~1{id}/put/parameters/0", 6, 11],
    ["/paths/~1pets~1{id}/delete/x", 3, 3],
    ["/nothing", 1, 1],
  ])("%s", (pointer, line, column) => {
    expect(locateYaml(TEXT, pointer)).toEqual({ line, column });
  });

  test("a place in JSON as well", () => {
    expect(locateYaml('{\n  "a": {\n    "b": [1,\n2]}}', "/a/b/1")).toEqual({ line: 4, column: 1 });
  });

  test("the place where it nests too deep to be read", () => {
    expect(locateYaml(`a:\n${"[".repeat(50_000)}`, "/a").line).toBe(2);
  });
});

test.each([
  ["flow lists", "[".repeat(50_000)],
  ["flow maps", "{a: ".repeat(50_000)],
  ["lists in lists", "- ".repeat(50_000)],
  ["keys of keys", "? ".repeat(50_000)],
])("%s nested without end are refused and end no process", (_, text) => {
  expect(parseYaml(text, 100)).toHaveProperty("tooDeepAt");
});
