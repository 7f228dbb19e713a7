// Builds dist/: JavaScript and declarations, the runtime over classic zod, and the templates, precompiled.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const handlebars = require("handlebars");
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});

const runtime = join(dist, "runtime");
for (const file of readdirSync(runtime)) {
  if (file.startsWith("flavour.classic.")) continue;
  const source = join(runtime, file.replace(/^flavour\./, "flavour.classic."));
  cpSync(source, join(runtime, "classic", file), { recursive: true });
}

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

// All that decides what is emitted: the generator, and the runtime, which is copied as it is and as it is built.
const hash = createHash("sha256");
for (const folder of [dist, join(root, "runtime")]) {
  for (const file of readdirSync(folder, { recursive: true }).sort()) {
    if (/\.(c?js|ts)$/.test(file)) hash.update(file).update(readFileSync(join(folder, file)));
  }
}
writeFileSync(join(dist, "build.json"), `${JSON.stringify({ sha256: hash.digest("hex") })}\n`);
