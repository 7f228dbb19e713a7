import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { resolveConfig } from "../../generator/config/resolve.js";

const base = resolve("/project");

it("fills the defaults in", () => {
  expect(resolveConfig({}, { configFile: null, cwd: base })).toEqual({
    configFile: null,
    cwd: base,
    outDir: join(base, "generated"),
    snapshotDir: join(base, "specs/composio"),
    apps: ["specs/apps/*"],
    lockFile: join(base, "toolbind.lock.json"),
    toolkits: null,
    templatesDir: null,
    schemaMap: {},
    platform: {},
    settings: {
      zod: "mini",
      emit: "ts",
      importExtension: ".js",
      runtime: "copy",
      validate: { input: "strict", output: "warn" },
      formats: "annotate",
      patterns: "accept",
    },
  });
});

it("takes paths from the configuration's folder", () => {
  const config = resolveConfig(
    {
      output: "out",
      snapshot: "../specs",
      templates: "t",
      toolkits: { github: true },
      validate: { output: "off" },
      schemaMap: { "https://example.com": "schemas" },
    },
    { configFile: join(base, "conf", "toolbind.config.ts"), cwd: base },
  );
  expect(config).toMatchObject({
    outDir: join(base, "conf/out"),
    snapshotDir: join(base, "specs"),
    lockFile: join(base, "conf/toolbind.lock.json"),
    templatesDir: join(base, "conf/t"),
    toolkits: { github: {} },
    schemaMap: { "https://example.com": join(base, "conf/schemas") },
  });
  expect(config.settings.validate).toEqual({ input: "strict", output: "off" });
});

it("takes paths as Windows writes them, on every system", () => {
  const config = resolveConfig(
    {
      output: "src\\generated",
      snapshot: ".\\specs\\composio",
      apps: ["specs\\apps\\*"],
      templates: "a\\b",
      schemaMap: { "https://example.com": "c\\d" },
    },
    { configFile: null, cwd: base },
  );
  expect(config).toMatchObject({
    outDir: join(base, "src/generated"),
    snapshotDir: join(base, "specs/composio"),
    apps: ["specs/apps/*"],
    templatesDir: join(base, "a/b"),
    schemaMap: { "https://example.com": join(base, "c/d") },
  });
});
