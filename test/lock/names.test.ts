import { join } from "node:path";
import fc from "../support/fast-check.js";
import { describe, expect, it } from "vitest";
import { emitSettings } from "../../generator/config/resolve.js";
import { nameTools, nameToolkits } from "../../generator/lock/names.js";
import { generate } from "../../generator/run.js";
import { listErrors, LIBRARIES, MODULES, STRICTEST, typeCheck } from "../support/compilers.js";
import { loadTools } from "../support/generated.js";
import {
  createFolder,
  exportedNames,
  generateFrom,
  generateOf,
  generateProject,
  put,
  snapshot,
  tool,
  tree,
} from "../support/project.js";

const none: ReadonlyMap<string, string> = new Map();

function name(toolkit: string, slugs: readonly string[], locked = none, configured = none): Record<string, string> {
  return Object.fromEntries(nameTools(toolkit, slugs, { locked, configured }));
}

describe("the names of tools", () => {
  it("are slugs without their toolkit, in camelCase, without articles", () => {
    expect(
      name("github", [
        "GITHUB_CREATE_AN_ISSUE",
        "GITHUB_LIST_THE_USERS_OF_A_REPO",
        "GITHUB_A_THE",
        "GITHUB",
        "OTHER_GET_X",
        "GITHUB_GET__TWO_",
      ]),
    ).toEqual({
      GITHUB_CREATE_AN_ISSUE: "createIssue",
      GITHUB_LIST_THE_USERS_OF_A_REPO: "listUsersOfRepo",
      GITHUB_A_THE: "aThe",
      GITHUB: "github",
      OTHER_GET_X: "otherGetX",
      GITHUB_GET__TWO_: "getTwo",
    });
    expect(name("my-kit", ["MY_KIT_GET"])).toEqual({ MY_KIT_GET: "get" });
    expect(name("_21risk", ["_21RISK_GET_USER"])).toEqual({ _21RISK_GET_USER: "getUser" });
  });

  it("keep their articles, all of them, where they would collide", () => {
    expect(name("x", ["X_GET_A_USER", "X_GET_THE_USER", "X_GET_USER", "X_GET_AN_ITEM"])).toEqual({
      X_GET_A_USER: "getAUser",
      X_GET_THE_USER: "getTheUser",
      X_GET_USER: "getUser",
      X_GET_AN_ITEM: "getItem",
    });
  });

  it("get a suffix where they would still be equal", () => {
    const names = name("x", ["X_GET_USER", "X_GET__USER", "X_GET_USER_"]);
    expect(new Set(Object.values(names)).size).toBe(3);
    for (const each of Object.values(names)) expect(each).toMatch(/^getUser_[0-9a-f]{6}$/);
  });

  it("are changed where they would be a default export, a thenable or no identifier", () => {
    expect(name("x", ["X_DEFAULT", "X_THEN", "X_2FA_ON", "X_DELETE", "X_AWAIT", "X_CONSTRUCTOR"])).toEqual({
      X_DEFAULT: "_default",
      X_THEN: "_then",
      X_2FA_ON: "_2faOn",
      X_DELETE: "delete",
      X_AWAIT: "await",
      X_CONSTRUCTOR: "constructor",
    });
  });

  it("stay as they are locked when tools come that would collide", () => {
    const locked = new Map([["X_GET_A_USER", "getUser"]]);
    expect(name("x", ["X_GET_USER", "X_GET_A_USER"], locked)).toMatchObject({ X_GET_A_USER: "getUser" });
    expect(name("x", ["X_GET_USER", "X_GET_A_USER"], locked)["X_GET_USER"]).toMatch(/^getUser_[0-9a-f]{6}$/);
  });

  it("are not taken from a lock that was tampered with", () => {
    const locked = new Map([
      ["X_A", "a; evil()"],
      ["X_B", "default"],
      ["X_C", "then"],
      ["X_D", "same"],
      ["X_E", "same"],
    ]);
    const names = name("x", [...locked.keys()], locked);
    expect(names).toMatchObject({ X_A: "a", X_B: "b", X_C: "c", X_D: "same", X_E: "e" });
  });

  it("stay apart even from one that looks like a suffix", () => {
    const slugs = ["X_GET_USER", "X_GET__USER"];
    const taken = name("x", slugs)["X_GET_USER"] as string;
    const names = name("x", [...slugs, "X_OTHER"], none, new Map([["X_OTHER", taken]]));
    expect(new Set(Object.values(names)).size).toBe(3);
  });

  it("do not depend on the order of the slugs, and differ", () => {
    const word = fc.constantFrom("A", "AN", "THE", "GET", "USER", "X", "", "2", "DEFAULT", "DELETE");
    const slug = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `X_${words.join("_")}`);
    const locks = fc.dictionary(slug, fc.constantFrom("getUser", "get", "user", "_default", "x"), {
      maxKeys: 3,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(slug, { maxLength: 12 }),
        locks,
        fc.infiniteStream(fc.nat()),
        (slugs, lock, random) => {
          const locked = new Map(Object.entries(lock));
          const shuffled = slugs
            .map((each) => [random.next().value as number, each] as const)
            .sort(([a], [b]) => a - b);
          const names = name("x", slugs, locked);
          expect(
            name(
              "x",
              shuffled.map(([, each]) => each),
              locked,
            ),
          ).toEqual(names);
          expect(new Set(Object.values(names)).size).toBe(slugs.length);
          for (const each of Object.values(names)) expect(each).toMatch(/^(?!(?:default|then)$)[A-Za-z_$][\w$]*$/);
          // What was named once keeps its name whatever comes later.
          const later = name(
            "x",
            [...slugs, "X_GET_A_USER", "X_GET_THE_USER", "X_NEW"],
            new Map(Object.entries(names)),
          );
          expect(later).toMatchObject(names);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("are kept in the manifest where there is no lock", async () => {
    const folder = createFolder();
    await generateOf(folder, [tool("X_GET_A_USER")]);
    await generateOf(folder, [tool("X_GET_A_USER"), tool("X_GET_USER")]);
    const names = exportedNames(tree(join(folder.path, "out"))["x/index.ts"] ?? "");
    expect(names[0]).toBe("getUser");
    expect(names[1]).toMatch(/^getUser_/);
    expect(tree(join(folder.path, "out"))["x/index.ts"]).toMatch(/export const getUser: [^;]*"X_GET_A_USER"/);
  });

  it("of a description stay in the manifest when its operations get other ids, and through a merge", async () => {
    const folder = createFolder();
    const out = join(folder.path, "out");
    const namesOf = async (ids: Record<string, string>): Promise<string[]> => {
      const paths = Object.entries(ids).map(([key, operationId]) => [key, { get: { operationId, responses: {} } }]);
      const info = { title: "Pets", version: "1" };
      put(folder, "pets.json", { openapi: "3.1.0", info, paths: Object.fromEntries(paths) as object });
      const path = join(folder.path, "pets.json");
      await generate({ source: { kind: "app", path, slug: "pets", out, settings: emitSettings({}) } });
      return exportedNames(tree(out)["pets/index.ts"] ?? "");
    };
    expect(await namesOf({ "/pets": "listPets" })).toEqual(["listPets"]);
    expect(await namesOf({ "/pets": "getAllPets" })).toEqual(["listPets"]);
    const manifest = tree(out)["toolbind.manifest.json"] ?? "";
    put(folder, "out/toolbind.manifest.json", `<<<<<<< HEAD\n${manifest}=======\n${manifest}>>>>>>> branch\n`);
    expect(await namesOf({ "/pets": "pets", "/owners": "owners" })).toEqual(["listPets", "owners"]);
    expect(Object.keys(JSON.parse(tree(out)["toolbind.manifest.json"] ?? "") as object)).toContain("operations");
  });
});

describe("names from the configuration", () => {
  const project = (names: Record<string, string>): ReturnType<typeof generateProject> => {
    const folder = createFolder();
    put(folder, "specs/x.json", snapshot("x", [tool("X_GET_A_USER"), tool("X_GET_B")]));
    return generateProject(folder, { toolkits: { x: { names } } });
  };

  it("count over all others", async () => {
    const folder = createFolder();
    put(folder, "specs/x.json", snapshot("x", [tool("X_GET_A_USER"), tool("X_GET_B")]));
    await generateProject(folder, {});
    await generateProject(folder, { toolkits: { x: { names: { X_GET_B: "getUser", X_GONE: "gone" } } } });
    const text = tree(join(folder.path, "out"))["x/index.ts"] ?? "";
    expect(text).toMatch(/export const getUser: [^;]*"X_GET_B"/);
    expect(exportedNames(text)).toEqual([expect.stringMatching(/^getAUser$|^getUser_/), "getUser"].sort());
  });

  it.each(["no name", "", "a-b", "1a", "default", "then", "a;b", "é", "a\n", "class X {}"])(
    "may not be %j",
    async (wanted) => {
      await expect(project({ X_GET_B: wanted })).rejects.toMatchObject({
        code: "TB1005",
        message: expect.stringMatching(
          / at toolbind\.config\.\w+#\/toolkits\/x\/names\/X_GET_B: expected an identifier other than/,
        ),
      });
    },
  );

  it("may not be given twice", async () => {
    await expect(project({ X_GET_B: "same", X_GET_A_USER: "same" })).rejects.toMatchObject({
      code: "TB1005",
      message: expect.stringContaining("expected a unique name, received a name that X_GET_A_USER also has"),
    });
  });
});

describe("the names of toolkits", () => {
  const AWKWARD =
    "runtime runtime_ slugs versions index tool-map tool_map node_modules configure create_client is_tool_slug tool_slug delete default then import await class let static interface package public _21risk 21risk con con_ aux nul prn com1 lpt9 constructor a_b a-b ab a_b_ x y-z yield default_ _default".split(
      " ",
    );

  it("are camelCase; what would collide is kept apart", () => {
    const names = nameToolkits(AWKWARD);
    const namespaces = [...names.values()].map(({ namespace }) => namespace);
    const folders = [...names.values()].map(({ folder }) => folder);
    expect(new Set(namespaces).size).toBe(AWKWARD.length);
    expect(new Set(folders.map((folder) => folder.toLowerCase())).size).toBe(AWKWARD.length);
    const taken = "runtime slugs versions index tool-map node_modules con aux nul prn com1 lpt9".split(" ");
    expect(folders.filter((folder) => taken.includes(folder))).toEqual([]);
    const exported = "ToolSlug ToolkitSlug isToolSlug TOOLKIT_VERSIONS configure createClient default then".split(" ");
    expect(namespaces.filter((namespace) => exported.includes(namespace))).toEqual([]);
    expect(nameToolkits(["google_maps", "_21risk", "my-kit"])).toEqual(
      new Map([
        ["_21risk", { namespace: "_21risk", folder: "_21risk" }],
        ["google_maps", { namespace: "googleMaps", folder: "google_maps" }],
        ["my-kit", { namespace: "myKit", folder: "my-kit" }],
      ]),
    );
  });

  it("do not depend on the order of the slugs", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(AWKWARD), (slugs) => {
        expect(nameToolkits(slugs)).toEqual(nameToolkits([...slugs].sort()));
      }),
    );
  });

  it("compile, load and lead to their tools", async () => {
    const folder = createFolder();
    const catalogue = AWKWARD.map((slug) =>
      tool(`${slug.replaceAll("-", "_").toUpperCase().replace(/_+$/, "")}_X${slug.length}`, { toolkit: { slug } }),
    );
    const seen = new Map(catalogue.map((each) => [each["slug"], each]));
    const { tools } = await generateOf(folder, [...seen.values()], { settings: { runtime: "copy" } });
    expect(tools).toBe(seen.size);
    const errors = await typeCheck(folder, "TypeScript 7", ["out"], {
      ...STRICTEST,
      ...MODULES.nodenext,
      ...LIBRARIES["es2023 and dom"],
    });
    expect(listErrors(errors)).toEqual([]);
  });
});

describe("names of tools that mean something in JavaScript", () => {
  const WORDS =
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield then z tool define_tool regexp object infinity nan constructor prototype name length call apply bind to_string abstract any async as from get set of type declare global symbol string number boolean never unknown record promise proxy set_x".split(
      " ",
    );

  it("compile, load and are found under their names", async () => {
    const folder = createFolder();
    await generateOf(
      folder,
      WORDS.map((word) => tool(`X_${word.toUpperCase()}`)),
      { settings: { runtime: "copy" } },
    );
    const errors = await typeCheck(folder, "TypeScript 7", ["out"], {
      ...STRICTEST,
      ...MODULES.nodenext,
      ...LIBRARIES["es2023 and dom"],
    });
    expect(listErrors(errors)).toEqual([]);
    expect(exportedNames(tree(join(folder.path, "out"))["x/index.ts"] ?? "")).toEqual(
      expect.arrayContaining(["delete", "_default", "_then", "constructor", "z"]),
    );
    const loaded = await loadTools(folder, { out: "out" });
    for (const each of loaded.tools.values()) {
      expect(each.input.safeParse({ a: "text" }).success).toBe(true);
      expect(each.input.safeParse({ a: 1 }).success).toBe(false);
    }
    expect([...loaded.tools.keys()].sort()).toEqual(WORDS.map((word) => `X_${word.toUpperCase()}`).sort());
  });

  it("may be those of types and imports when the configuration says so", async () => {
    const folder = createFolder();
    const wanted = [
      "Tool",
      "ToolWithOptionalArgs",
      "Schema",
      "Record",
      "RegExp",
      "z",
      "defineTool",
      "Object",
      "AInput",
      "a",
      "A",
      "undefined",
      "$",
      "_",
    ];
    const slugs = wanted.map((_, index) => `X_T${index}`);
    const required = {
      type: "object",
      properties: { a: { type: "string", pattern: "x" } },
      required: ["a"],
      additionalProperties: false,
    };
    put(
      folder,
      "specs/x.json",
      snapshot(
        "x",
        slugs.map((slug, index) => tool(slug, index % 2 === 0 ? { input_parameters: required } : {})),
      ),
    );
    const names = Object.fromEntries(wanted.map((each, index) => [slugs[index] as string, each]));
    await generateProject(folder, { runtime: "copy", toolkits: { x: { names } } });
    const errors = await typeCheck(folder, "TypeScript 7", ["out"], {
      ...STRICTEST,
      ...MODULES.nodenext,
      ...LIBRARIES["es2023 and dom"],
    });
    expect(listErrors(errors)).toEqual([]);
    expect(exportedNames(tree(join(folder.path, "out"))["x/index.ts"] ?? "")).toEqual([...wanted].sort());
  });
});

it("a catalogue of one toolkit may be read again from its own output's neighbours", async () => {
  const folder = createFolder();
  put(folder, "specs/x.json", snapshot("x", [tool("X_A")]));
  await generateFrom(folder, "specs", { out: "specs/generated" });
  const again = await generateFrom(folder, "specs", { out: "specs/generated" });
  expect(again.upToDate).toBe(true);
});
