import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { BENCH, ROOT } from "./packages.mjs";

const SOURCES = ["generator", "runtime", "templates", "testing", "scripts", "specs"];
const SETTINGS = ["package.json", "tsconfig.json", "tsconfig.build.json", "tsconfig.merged.json"];

/**
 * A temporary folder that everything is measured in: a build of this toolbind, so that edits made meanwhile change
 * nothing, a `node_modules` of its own with zod and the peers, and what the topics write.
 */
export class Workspace {
  path = realpathSync(mkdtempSync(join(tmpdir(), "toolbind-bench-")));
  #emitted = new Map();

  constructor() {
    process.on("exit", () => rmSync(this.path, { recursive: true, force: true }));
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
    this.write("package.json", '{ "type": "module" }\n');
    mkdirSync(join(this.path, "node_modules"));
    for (const name of ["zod", "ajv", "@composio", "@kubb"]) {
      symlinkSync(join(BENCH, "node_modules", name), join(this.path, "node_modules", name));
    }
    this.#build();
  }

  #build() {
    for (const name of [...SOURCES, ...SETTINGS])
      cpSync(join(ROOT, name), join(this.path, "toolbind", name), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(this.path, "toolbind", "node_modules"));
    const build = join(this.path, "toolbind", "scripts", "build.mjs");
    const { status, stdout } = spawnSync(process.execPath, [build], { encoding: "utf8" });
    if (status !== 0) throw new Error(`toolbind does not build:\n${stdout}`);
  }

  at(...path) {
    return join(this.path, ...path);
  }

  write(file, content) {
    mkdirSync(dirname(this.at(file)), { recursive: true });
    writeFileSync(this.at(file), content);
    return this.at(file);
  }

  /** A file of the build. */
  built(...path) {
    return this.at("toolbind", "dist", ...path);
  }

  /** The command that generates from a catalogue into a folder here. */
  generate(catalogue, out, ...flags) {
    const places = ["--catalogue", catalogue, "--out", this.at(out)];
    return [process.execPath, this.built("generator", "cli.js"), "generate", ...places, "--quiet", ...flags];
  }

  /** The command that generates from an OpenAPI description into a folder here. */
  generateApp(description, slug, out, ...flags) {
    const places = ["--openapi", description, "--name", slug, "--out", this.at(out)];
    return [process.execPath, this.built("generator", "cli.js"), "generate", ...places, "--quiet", ...flags];
  }

  /** Generates into a folder once; its path, and function names by slug by toolkit. */
  emit(catalogue, out, ...flags) {
    let emitted = this.#emitted.get(out);
    if (emitted === undefined) {
      const [program, ...args] = this.generate(catalogue, out, ...flags);
      execFileSync(program, args, { stdio: ["ignore", "ignore", "ignore"] });
      const { names } = JSON.parse(readFileSync(this.at(out, "toolbind.manifest.json"), "utf8"));
      this.#emitted.set(out, (emitted = { path: this.at(out), names }));
    }
    return emitted;
  }

  /** Removes an output folder and what is remembered of it. */
  forget(out) {
    this.#emitted.delete(out);
    rmSync(this.at(out), { recursive: true, force: true });
    const cache = this.at("node_modules", ".cache");
    if (existsSync(cache)) rmSync(cache, { recursive: true });
  }
}
