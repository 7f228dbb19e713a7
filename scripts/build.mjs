// Builds dist/: JavaScript and declarations, the runtime as programs get it (merged; also over classic zod), and the
// templates, precompiled.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { mergeModules, overClassic, RUNTIME } from "./merge-runtime.mjs";

const require = createRequire(import.meta.url);
const handlebars = require("handlebars");
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
const compile = (...options) =>
  execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), ...options], { stdio: "inherit" });
compile("--project", join(root, "tsconfig.build.json"));

const write = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};
const merged = join(dist, "merged", "ts");
for (const [file, text] of mergeModules(join(root, "runtime"), RUNTIME)) {
  write(join(merged, file), text);
  write(join(merged, "classic", file), overClassic(text));
}
compile("--project", join(root, "tsconfig.merged.json"));

const { COMPILE_OPTIONS } = await import(join(dist, "generator", "emit", "templates.js"));
const entries = readdirSync(join(root, "templates"))
  .filter((file) => file.endsWith(".hbs"))
  .sort()
  .map((file) => {
    const source = readFileSync(join(root, "templates", file), "utf8");
    return `${JSON.stringify(file.slice(0, -".hbs".length))}: ${handlebars.precompile(source, COMPILE_OPTIONS)}`;
  });
writeFileSync(
  join(dist, "generator", "emit", "templates.precompiled.cjs"),
  `module.exports = {\n${entries.join(",\n")}\n};\n`,
);

// All that decides what is emitted: the generator and the runtime.
const hash = createHash("sha256");
for (const file of readdirSync(dist, { recursive: true }).sort()) {
  if (/\.(c?js|ts)$/.test(file)) hash.update(file).update(readFileSync(join(dist, file)));
}
writeFileSync(join(dist, "build.json"), `${JSON.stringify({ sha256: hash.digest("hex") })}\n`);
