import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const RUNTIME = join(import.meta.dirname, "../../runtime");
const PROGRAM = `
  import * as z from "./z.js";
  import { batch, createClient, defineTool, fileUploads, logging, proxy, uploadFile, withTools } from "./index.js";

  const tool = defineTool("A_READ", () => ({
    toolkit: "a", version: "20250906_01", description: "", hints: { readOnly: true },
    input: () => z.looseObject({ a: z.string() }), output: () => z.looseObject({ b: z.integer() }),
  }));
  let count = 0;
  const client = createClient({
    apiKey: "key", userId: "alice", use: [logging({ level: "off" }), fileUploads()],
    fetch: async (url, init) => {
      if (url.endsWith("/proxy")) return Response.json({ status: 204 });
      if (url.endsWith("/upload/request")) return Response.json({ key: "k", type: "existing" });
      if (++count === 1) return new Response("", { status: 503 });
      return Response.json({ successful: true, error: null, data: { b: JSON.parse(init.body).arguments.a.length } });
    },
  });
  globalThis.outcome = (async () => {
    const first = await tool.withResponse({ a: "xyz" }, { client });
    const wrong = await tool.safe({ b: 1 }, { client });
    const many = await batch([(options) => tool({ a: "x" }, { client, ...options })], { concurrency: 1 });
    const bySlug = await withTools(client, { tool }).execute("A_READ", { a: "xy" });
    const { status } = await proxy("ca_1", { endpoint: "/" }, { client });
    const { s3key } = await uploadFile(new Blob(["a"]), { client, tool });
    return JSON.stringify([first.data.b, first.attempts, wrong.error.code, many[0].data.b, bySlug.b, status, s3key]);
  })();
`;
const EXPECTED = '[3,2,"TB5010",1,2,204,"k"]';
/** What workers, browsers and every server runtime have; no `process`, no `require`, no `Buffer`. */
const WEB = [
  "AbortController",
  "AbortSignal",
  "Blob",
  "File",
  "Headers",
  "ReadableStream",
  "Response",
  "URL",
  "WritableStream",
  "btoa",
  "clearTimeout",
  "console",
  "performance",
  "setTimeout",
] as const;

let code = "";
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: RUNTIME, loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "error",
  });
  code = outputFiles[0]!.text;
});

describe("the runtime", () => {
  it("runs on web standards alone, where no string may become code", async () => {
    const globals = Object.fromEntries(WEB.map((name) => [name, globalThis[name]]));
    const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } });
    runInContext(code, context);
    expect(await (context as unknown as { outcome: Promise<string> }).outcome).toBe(EXPECTED);
  });
});
