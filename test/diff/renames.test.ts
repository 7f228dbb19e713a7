import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { measureRenames } from "../../bench/support/renames.mjs";
import type { CatalogueTool, CatalogueToolkit } from "../../generator/catalogue/types.js";
import { findRenames } from "../../generator/diff/renames.js";
import { suggestMoves } from "../../generator/diff/moves.js";
import { diffToolkit, type ToolkitDiff } from "../../generator/diff/toolkits.js";
import { parseCatalogue } from "../../generator/sources/catalogue.js";

const corpus = process.env["TOOLBIND_CORPUS"] || undefined;

interface Wire {
  readonly description?: string;
  readonly keys?: readonly string[];
  readonly required?: readonly string[];
}

function tools(entries: Readonly<Record<string, Wire>>): readonly CatalogueTool[] {
  const wire = Object.entries(entries).map(([slug, { description = "", keys = [], required = [] }]) => ({
    slug,
    description,
    toolkit: { slug: "acme" },
    version: "20250101_00",
    input_parameters: {
      type: "object",
      properties: Object.fromEntries(keys.map((key) => [key, { type: "string" }])),
      required,
    },
    output_parameters: {},
  }));
  const content = Buffer.from(JSON.stringify(wire));
  return parseCatalogue([{ name: "tools.json", content }]).catalogue.toolkits[0]?.tools ?? [];
}

const description = "Opens an issue in a repository and returns its number and state.";

function snapshot(names: readonly string[]): { name: string; json: object } {
  const tools = names.map((name) => ({ slug: `ACME_${name}`, toolkit: { slug: "acme" }, input_parameters: {} }));
  return { name: "acme.json", json: tools };
}

describe("renames", () => {
  it("pairs a tool with its new name", () => {
    const before = tools({ ACME_CREATE_AN_ISSUE: { description, keys: ["owner", "repo", "title"] } });
    const after = tools({ ACME_CREATE_ISSUE: { description, keys: ["owner", "repo", "title"] } });
    expect(findRenames(before, after, new Map())).toMatchObject([
      { from: "ACME_CREATE_AN_ISSUE", to: "ACME_CREATE_ISSUE" },
    ]);
  });

  it("pairs no tools that do opposite things, however alike they are", () => {
    const before = tools({ ACME_LOCK_AN_ISSUE: { description, keys: ["owner", "repo", "number"] } });
    const after = tools({ ACME_UNLOCK_AN_ISSUE: { description, keys: ["owner", "repo", "number"] } });
    expect(findRenames(before, after, new Map())).toEqual([]);
  });

  it("pairs no tools of which one is of a part of what the other is of", () => {
    const text = "Lists reactions for a discussion of a team, with who left them and when, page by page.";
    const keys = ["org", "team", "discussion_number", "content", "page", "per_page"];
    const required = keys.slice(0, 3);
    const before = tools({
      ACME_LIST_REACTIONS_FOR_A_DISCUSSION_COMMENT: {
        description: text.replace("discussion", "comment of a discussion"),
        keys: [...keys, "comment_number"],
        required: [...required, "comment_number"],
      },
    });
    const after = tools({ ACME_LIST_REACTIONS_FOR_A_DISCUSSION: { description: text, keys, required } });
    expect(findRenames(before, after, new Map())).toEqual([]);
  });

  it("pairs no tools whose descriptions tell as much apart as their names do", () => {
    const before = tools({
      ACME_LIST_USERS_WITH_AN_ORGANIZATION_ROLE: {
        description: "Lists users assigned to a role.",
        keys: ["org", "role"],
      },
    });
    const after = tools({
      ACME_LIST_TEAMS_WITH_AN_ORGANIZATION_ROLE: {
        description: "Lists teams assigned to a role.",
        keys: ["org", "role"],
      },
    });
    expect(findRenames(before, after, new Map())).toEqual([]);
  });

  it("pairs none where two are plausible", () => {
    const before = tools({ ACME_GET_ISSUE: { description, keys: ["id"] } });
    const after = tools({
      ACME_GET_THE_ISSUE: { description, keys: ["id"] },
      ACME_GET_AN_ISSUE: { description, keys: ["id"] },
    });
    expect(findRenames(before, after, new Map())).toEqual([]);
  });

  it("takes the word of a person over its own", () => {
    const before = tools({ ACME_CREATE_AN_ISSUE: { description }, ACME_PING: {} });
    const after = tools({ ACME_CREATE_ISSUE: { description }, ACME_ECHO: {} });
    const confirmed = new Map([
      ["ACME_PING", "ACME_ECHO"],
      ["ACME_CREATE_AN_ISSUE", null],
    ]);
    expect(findRenames(before, after, confirmed)).toEqual([{ from: "ACME_PING", to: "ACME_ECHO", score: 1 }]);
  });

  it("follow confirmed names, even if several became one, an existing one, or were renamed again", () => {
    const [before] = parseCatalogue([snapshot(["LIST_ALL", "LIST_OPEN", "FIND", "OLDEST", "GONE"])]).catalogue.toolkits;
    const [after] = parseCatalogue([snapshot(["FIND", "LIST", "NEWEST"])]).catalogue.toolkits;
    const confirmed = new Map([
      ["ACME_LIST_ALL", "ACME_LIST"],
      ["ACME_LIST_OPEN", "ACME_FIND"],
      ["ACME_OLDEST", "ACME_OLDER"],
      ["ACME_OLDER", "ACME_NEWEST"],
      ["ACME_GONE", "ACME_LISST"],
    ]);
    const { tools: changes } = diffToolkit(
      before as CatalogueToolkit,
      after as CatalogueToolkit,
      confirmed,
      () => undefined,
    );
    expect(changes.map(({ slug, to, kind }) => [slug, kind, to])).toEqual([
      ["ACME_GONE", "removed", undefined],
      ["ACME_LIST_ALL", "renamed", "ACME_LIST"],
      ["ACME_LIST_OPEN", "renamed", "ACME_FIND"],
      ["ACME_OLDEST", "renamed", "ACME_NEWEST"],
    ]);
    expect(changes[0]?.changes.map(({ text }) => text)).toEqual([
      "is said to have become ACME_LISST, which is not a tool: did you mean ACME_LIST?",
    ]);
  });

  it("are reported where a tool moved to another toolkit, unchanged or under a confirmed name", () => {
    const [before] = parseCatalogue([snapshot(["SEND_NOTE", "SEND_FAX", "SEND_MAIL"])]).catalogue.toolkits;
    const [after] = parseCatalogue([snapshot(["PING"])]).catalogue.toolkits;
    const { tools: changes } = diffToolkit(
      before as CatalogueToolkit,
      after as CatalogueToolkit,
      new Map([
        ["ACME_SEND_NOTE", "POST_SEND_NOTE"],
        ["ACME_SEND_MAIL", "POST_SEND_MAIIL"],
      ]),
      () => undefined,
      new Map([
        ["POST_SEND_NOTE", "post"],
        ["POST_SEND_MAIL", "post"],
        ["ACME_SEND_FAX", "fax"],
      ]),
    );
    expect(changes.filter(({ kind }) => kind === "removed")).toMatchObject([
      { slug: "ACME_SEND_FAX", moved: { toolkit: "fax", slug: "ACME_SEND_FAX" } },
      {
        slug: "ACME_SEND_MAIL",
        changes: [
          { text: "is said to have become POST_SEND_MAIIL, which is not a tool: did you mean POST_SEND_MAIL?" },
        ],
      },
      {
        slug: "ACME_SEND_NOTE",
        class: "breaking",
        moved: { toolkit: "post", slug: "POST_SEND_NOTE" },
        changes: [{ text: "is now POST_SEND_NOTE of post" }],
      },
    ]);
  });

  it("are suggested of a tool that went with one just like it that came to another toolkit", () => {
    const wire = (toolkit: string, name: string, text: string): object => ({
      slug: `${toolkit.toUpperCase()}_${name}`,
      description: text,
      toolkit: { slug: toolkit },
      version: "20250101_00",
      input_parameters: { type: "object", properties: { to: { type: "string" }, body: { type: "string" } } },
      output_parameters: {},
    });
    const read = (...json: object[]): readonly CatalogueToolkit[] =>
      parseCatalogue([{ name: "all.json", json }]).catalogue.toolkits;
    const ping = [wire("acme", "PING", "Answers."), wire("post", "PING", "Answers.")];
    const note = "Sends a note to somebody, and returns when it was read.";
    const before = read(...ping, wire("acme", "SEND_NOTE", note), wire("acme", "LIST_USERS", "Lists users of Acme."));
    const after = read(
      ...ping,
      wire("post", "SEND_A_NOTE", note),
      wire("post", "LIST_USERS", "Lists whom a post may go to."),
    );
    const suggested = (confirmed: ReadonlyMap<string, string | null>): ToolkitDiff["tools"] => {
      const diffs = before.map((toolkit, index) =>
        diffToolkit(toolkit, after[index] as CatalogueToolkit, confirmed, () => undefined),
      );
      return suggestMoves(diffs, before, after, confirmed).flatMap((diff) => diff.tools);
    };
    expect(suggested(new Map()).filter(({ kind }) => kind !== "added")).toEqual([
      { kind: "removed", slug: "ACME_LIST_USERS", class: "breaking", changes: [] },
      {
        kind: "removed",
        slug: "ACME_SEND_NOTE",
        class: "breaking",
        moved: { toolkit: "post", slug: "POST_SEND_A_NOTE", score: 1 },
        changes: [
          {
            side: "tool",
            class: "breaking",
            path: "",
            text: expect.stringMatching(/^may now be POST_SEND_A_NOTE of post/) as string,
          },
        ],
      },
    ]);
    expect(suggested(new Map([["ACME_SEND_NOTE", null]])).filter(({ moved }) => moved !== undefined)).toEqual([]);
  });

  describe.skipIf(corpus === undefined)("on real tools (needs TOOLBIND_CORPUS)", () => {
    it("is right in 99 of 100 pairs and finds six in seven", () => {
      const path = join(corpus as string, "composio", "tools.json");
      const { catalogue } = parseCatalogue([{ name: path, content: readFileSync(path) }]);
      const toolkits = catalogue.toolkits.map((toolkit) => toolkit.tools);
      const { right, wrong, missed } = measureRenames(findRenames, toolkits);
      expect(right / (right + wrong)).toBeGreaterThan(0.99);
      expect(right / (right + missed)).toBeGreaterThan(0.857);
    });
  });
});
