import { gzipSync } from "node:zlib";
import { transform as transpile, build as esbuild } from "esbuild";

/** Minified ES module of an entry file in TypeScript, by bundler; a package in `external` stays an import. */
export const BUNDLERS = {
  esbuild: async (entry, external) => {
    const { outputFiles } = await esbuild({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      external,
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0].text;
  },
  Rollup: async (entry, external) => {
    const [{ rollup }, resolve, terser] = await Promise.all([
      import("rollup"),
      import("@rollup/plugin-node-resolve"),
      import("@rollup/plugin-terser"),
    ]);
    const plugins = [typescript, resolve.default({ extensions: [".ts", ".js"] })];
    const bundle = await rollup({ input: entry, plugins, external: patternsOf(external), onwarn() {} });
    const { output } = await bundle.generate({ format: "es", plugins: [terser.default({ module: true })] });
    return output[0].code;
  },
  Vite: async (entry, external) => {
    const { build } = await import("vite");
    const { output } = await build({
      configFile: false,
      logLevel: "silent",
      build: {
        write: false,
        target: "es2022",
        modulePreload: { polyfill: false },
        rollupOptions: { input: entry, external: patternsOf(external) },
      },
    });
    return output[0].code;
  },
};

function patternsOf(external) {
  return external.map((name) => new RegExp(`^${name.replace("*", ".*")}$`));
}

/** For Rollup, which reads JavaScript only: takes types off, and finds the `.ts` that a `.js` stands for. */
const typescript = {
  name: "typescript",
  async resolveId(source, importer) {
    if (!source.startsWith(".") || !source.endsWith(".js")) return null;
    return this.resolve(source.replace(/\.js$/, ".ts"), importer);
  },
  async transform(code, id) {
    if (!id.endsWith(".ts")) return null;
    const { code: javascript } = await transpile(code, { loader: "ts", format: "esm", target: "es2022" });
    return { code: javascript, map: null };
  },
};

/** Bytes of a bundle, and of what in it is not zod. */
export async function bundleSize(bundler, entry) {
  const code = await BUNDLERS[bundler](entry, []);
  const own = await BUNDLERS[bundler](entry, ["zod", "zod/*"]);
  return { minified: Buffer.byteLength(code), gzipped: gzipped(code), ownGzipped: gzipped(own), code };
}

function gzipped(code) {
  return gzipSync(code, { level: 9 }).length;
}
