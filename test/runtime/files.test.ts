import { createHash, randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod/mini";
import { checkAddress, isPublic } from "../../runtime/address.js";
import {
  AbortError,
  defineTool,
  downloadFile,
  type Fetch,
  fileArgument,
  FileError,
  type FileSource,
  type FileUpload,
  fileUploads,
  type InputValidationError,
  type LogEntry,
  logging,
  type ToolWithOptionalArgs,
  type UploadedFile,
  uploadFile,
  withFileHandles,
} from "../../runtime/index.js";
import { md5 } from "../../runtime/files/digest.js";
import { createManualClock, type Platform, startPlatform } from "../../testing/index.js";
import { API_KEY, clientOf, everythingIn, failureOf, VERSION } from "./support.js";

const FILE = {
  type: "object",
  properties: { name: { type: "string" }, mimetype: { type: "string" }, s3key: { type: "string" } },
  required: ["name", "mimetype", "s3key"],
};
const snapshot = [
  {
    slug: "DRIVE_UPLOAD",
    toolkit: { slug: "drive" },
    version: VERSION,
    input_parameters: {
      type: "object",
      properties: { file: FILE, more: { type: "array", items: FILE }, folder: { type: "string" } },
      required: ["file"],
    },
  },
];
const fileSchema = () => z.looseObject({ name: z.string(), mimetype: z.string(), s3key: z.string() });
const uploadTool = defineTool<
  ToolWithOptionalArgs<{ file?: UploadedFile; more?: UploadedFile[]; folder?: string }, unknown>
>("DRIVE_UPLOAD", () => ({
  toolkit: "drive",
  version: VERSION,
  description: "",
  input: () =>
    z.looseObject({
      file: z.optional(fileSchema()),
      more: z.optional(z.array(fileSchema())),
      folder: z.optional(z.string()),
    }) as never,
  output: () => z.unknown() as never,
}));

const BYTES = new Uint8Array([104, 101, 108, 108, 111]);
let platform: Platform;

beforeEach(async () => {
  platform = await startPlatform({
    snapshot,
    apiKey: API_KEY,
    handlers: { DRIVE_UPLOAD: ({ arguments: args }) => args },
  });
});
afterEach(() => platform.close());

/** A client whose transfers break, are put off, and then go through, or are answered as told. Nothing is sent. */
function flaky(answer?: () => Response) {
  const clock = createManualClock();
  const sent: string[] = [];
  let transfers = 0;
  const client = clientOf(platform.url, {
    clock,
    fetch: async (url, { method, body }) => {
      sent.push(method);
      if (method === "POST")
        return Response.json({ key: "k", type: "new", new_presigned_url: "https://store.example/k" });
      transfers += 1;
      if (answer) return answer();
      if (transfers === 1) throw new TypeError("reset");
      if (transfers === 2) return new Response("", { status: 503, headers: { "retry-after": "2" } });
      expect(url).toMatch(/^https:\/\/store\.example\//);
      return new Response((body as Blob | undefined) ?? BYTES);
    },
  });
  return { client, clock, sent };
}

const options = () => ({ client: clientOf(platform.url), tool: uploadTool });
const stored = () => [...platform.files.values()];

describe("md5", () => {
  it("is what Node says, at every length around a block and beyond a piece", async () => {
    for (const length of [...Array.from({ length: 200 }, (_, index) => index), 1000, 65_536, 5_000_003]) {
      // Within a longer buffer, as from a pool.
      const bytes = new Uint8Array(randomBytes(length + 3)).subarray(3);
      expect(await md5(bytes), `${length}`).toBe(createHash("md5").update(bytes).digest("hex"));
    }
  });

  it("of a large file lets other work go on", async () => {
    let others = 0;
    const timer = setInterval(() => others++, 0);
    await md5(new Uint8Array(20_000_000));
    clearInterval(timer);
    expect(others).toBeGreaterThan(3);
  });
});

describe("uploadFile", () => {
  it.each<[string, () => FileSource, string, string]>([
    ["a File", () => new File([BYTES], "a.txt", { type: "text/plain" }), "a.txt", "text/plain"],
    ["a Blob", () => new Blob([BYTES], { type: "text/plain" }), "file", "text/plain"],
    ["bytes", () => BYTES, "file", "application/octet-stream"],
    ["a part of bytes", () => new Uint8Array([0, ...BYTES, 0]).subarray(1, 6), "file", "application/octet-stream"],
    ["a buffer", () => BYTES.slice().buffer, "file", "application/octet-stream"],
    ["a stream", () => new Blob([BYTES]).stream(), "file", "application/octet-stream"],
  ])("brings %s to the platform", async (_, make, name, mimetype) => {
    const file = await uploadFile(make(), options());
    expect(file).toEqual({ name, mimetype, s3key: expect.stringContaining("requests/drive/DRIVE_UPLOAD/") });
    expect(platform.files.get(file.s3key)).toEqual({ name, mimetype, bytes: BYTES });
    expect(platform.requests.map(({ method, path }) => `${method} ${path.split("/").slice(0, 4).join("/")}`)).toEqual([
      "POST /api/v3.1/files",
      "PUT /storage/requests/drive",
    ]);
    expect(platform.requests[1]!.headers).not.toHaveProperty("x-api-key");
  });

  it("takes a name and a type, and passes on what is uploaded already", async () => {
    const named = await uploadFile(BYTES, { ...options(), name: "b.md", mimetype: "text/markdown" });
    expect(named).toMatchObject({ name: "b.md", mimetype: "text/markdown" });
    const before = platform.requests.length;
    expect(await uploadFile(named, options())).toBe(named);
    const error = await failureOf(uploadFile(BYTES, { ...options(), mimetype: "text/plain\nx: y" }));
    expect(error.code).toBe("TB5040");
    expect(platform.requests).toHaveLength(before);
  });

  it("fetches an address, and names the file after it", async () => {
    const first = await uploadFile(new File([BYTES], "a.txt", { type: "text/plain" }), options());
    const file = await uploadFile(new URL(`${platform.url}/storage/${first.s3key}`), options());
    expect(file).toMatchObject({ name: "file_1", mimetype: "text/plain" });
    expect(stored().map(({ bytes }) => bytes)).toEqual([BYTES, BYTES]);
  });

  it("sends no bytes that the platform has already", async () => {
    const fetch = vi.fn<Fetch>(async () => Response.json({ id: "f", key: "k", type: "existing", metadata: {} }));
    const client = clientOf(platform.url, { fetch });
    expect(await uploadFile(BYTES, { client, tool: uploadTool })).toMatchObject({ s3key: "k" });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("tells Azure what kind of blob it is", async () => {
    const azure = await startPlatform({ snapshot, apiKey: API_KEY, storage: "azure_blob_storage" });
    const file = await uploadFile(BYTES, { client: clientOf(azure.url), tool: uploadTool });
    expect(azure.files.has(file.s3key)).toBe(true);
    await azure.close();
  });

  it("asks beforeFileUpload, which may refuse or swap the file", async () => {
    const beforeFileUpload = vi.fn(() => false);
    const failure = await failureOf(uploadFile(BYTES, { ...options(), beforeFileUpload }));
    expect(failure).toBeInstanceOf(FileError);
    expect(platform.requests).toHaveLength(0);
    expect(beforeFileUpload.mock.calls).toEqual([
      [
        {
          source: BYTES,
          name: "file",
          mimetype: "application/octet-stream",
          tool: "DRIVE_UPLOAD",
          toolkit: "drive",
        },
      ],
    ]);
    await uploadFile(BYTES, { ...options(), beforeFileUpload: async () => new File(["x"], "x.txt") });
    expect(stored()).toMatchObject([{ name: "x.txt" }]);
  });

  it("refuses a result of beforeFileUpload that is not a file, such as a path", async () => {
    for (const given of ["/etc/hosts", null, 5]) {
      const beforeFileUpload = () => given as never;
      const failure = await failureOf(uploadFile(BYTES, { ...options(), beforeFileUpload }));
      expect(failure).toBeInstanceOf(FileError);
      expect(failure.message).toMatch(/fromPath reads a path, Readable\.toWeb turns a stream/);
    }
    expect(platform.requests).toHaveLength(0);
  });

  it("waits neither for a stream that never ends nor for a fetch that does not listen", async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const cancel = vi.fn();
    const deaf = clientOf(platform.url, { fetch: never });
    const remote = new URL("https://files.example/a");
    for (const limit of [() => ({ transferMs: 20 }), () => ({ signal: AbortSignal.timeout(20) })]) {
      const code = "signal" in limit() ? "TB5022" : "TB5040";
      const source = new ReadableStream<Uint8Array>({ pull: never, cancel });
      expect((await failureOf(uploadFile(source, { ...options(), ...limit() }))).code).toBe(code);
      expect((await failureOf(uploadFile(remote, { client: deaf, tool: uploadTool, ...limit() }))).code).toBe(code);
      const file = downloadFile({ s3url: remote.href }, { client: deaf, ...limit() });
      expect((await failureOf(file.blob())).code).toBe(code);
      const body = clientOf(platform.url, { fetch: async () => new Response(new ReadableStream({ pull: never })) });
      const half = downloadFile({ s3url: remote.href }, { client: body, ...limit() });
      const abort = vi.fn();
      expect((await failureOf(half.save(new WritableStream({ abort })))).code).toBe(code);
      expect(abort).toHaveBeenCalledOnce();
    }
    expect(cancel).toHaveBeenCalledTimes(2);
  });

  it.each([0, -1, NaN])("takes no %s for a time limit", async (transferMs) => {
    expect((await failureOf(uploadFile(BYTES, { ...options(), transferMs }))).code).toBe("TB5001");
    const file = downloadFile({ s3url: "https://files.example/a" }, { ...options(), transferMs });
    for (const read of [() => file.blob(), () => file.stream(), () => file.save(new WritableStream())]) {
      expect((await failureOf(read())).code).toBe("TB5001");
    }
  });

  it("fails with a FileError that shows no signature", async () => {
    const answers = [
      () => Response.json({ key: "k", new_presigned_url: `${platform.url}/storage/k?signature=hush`, metadata: {} }),
      () => new Response("no", { status: 403 }),
    ];
    const client = clientOf(platform.url, { fetch: async () => answers.shift()!() });
    const failure = await failureOf(uploadFile(BYTES, { client, tool: uploadTool }));
    expect(failure).toMatchObject({ code: "TB5040" });
    expect(failure.message).toContain("answered with 403");
    expect(everythingIn(failure)).not.toContain("hush");
  });

  it("ends with an AbortError where its signal ends it, before and within the transfer", async () => {
    for (const inTransfer of [false, true]) {
      const controller = new AbortController();
      const client = clientOf(platform.url, {
        fetch: (url, init) => {
          if (init.method !== "PUT") return fetch(url, init as RequestInit);
          controller.abort("enough");
          return Promise.reject(init.signal.reason as Error);
        },
      });
      if (!inTransfer) controller.abort("enough");
      const failure = await failureOf(uploadFile(BYTES, { client, tool: uploadTool, signal: controller.signal }));
      expect(failure).toBeInstanceOf(AbortError);
      expect(failure).toMatchObject({ code: "TB5022", cause: "enough", retryable: false });
    }
  });

  it("repeats a transfer that broke or that the store puts off, and not the upload of another", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { client, clock, sent } = flaky();
    const file = await clock.settle(uploadFile(BYTES, { client, tool: uploadTool }));
    expect(file.s3key).toBe("k");
    expect(sent).toEqual(["POST", "PUT", "PUT", "PUT"]);
    expect(clock.performance.now()).toBe(2500);
    expect(clock.pending).toBe(0);
    vi.restoreAllMocks();
  });

  it("repeats no transfer that is refused, nor one more often than the call may be", async () => {
    for (const [answer, retry, transfers] of [
      [() => new Response("", { status: 403 }), {}, 1],
      [() => new Response("", { status: 503 }), {}, 3],
      [() => new Response("", { status: 503 }), { attempts: 1 }, 1],
    ] as const) {
      const { client, clock, sent } = flaky(answer);
      const failure = await clock.settle(failureOf(uploadFile(BYTES, { client, tool: uploadTool, retry })));
      expect(failure.code).toBe("TB5040");
      expect(sent.filter((method) => method === "PUT")).toHaveLength(transfers);
    }
  });

  it("ends at once where its signal ends the pause before a repetition", async () => {
    const controller = new AbortController();
    const { client, clock, sent } = flaky(() => new Response("", { status: 503 }));
    const { signal } = controller;
    const failure = failureOf(uploadFile(BYTES, { client, tool: uploadTool, signal }));
    while (!sent.includes("PUT")) await clock.advance(0);
    controller.abort("enough");
    expect(await failure).toMatchObject({ code: "TB5022", cause: "enough" });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ["a path", "notes.txt"],
    ["a stream of Node's", process.stdin],
    ["nothing", null],
  ])("refuses %s, which is not a file", async (_, source) => {
    const failure = await failureOf(uploadFile(source as never, options()));
    expect(failure.code).toBe("TB5040");
    expect(failure.message).toContain("fromPath");
  });

  it("fails where the platform names no address to send it to", async () => {
    const client = clientOf(platform.url, { fetch: async () => Response.json({ key: "k", type: "new" }) });
    expect((await failureOf(uploadFile(BYTES, { client, tool: uploadTool }))).code).toBe("TB5040");
  });

  it("sends nothing to a private address that it is told to send to", async () => {
    const fetch = vi.fn<Fetch>(async () =>
      Response.json({ key: "k", new_presigned_url: "https://10.0.0.1/steal", metadata: {} }),
    );
    const client = clientOf(platform.url, { fetch });
    expect((await failureOf(uploadFile(BYTES, { client, tool: uploadTool }))).code).toBe("TB5040");
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

describe("fileUploads", () => {
  it("uploads the files among the arguments, at any depth, and nothing else", async () => {
    const client = clientOf(platform.url, { use: [fileUploads()] });
    const uploaded = { name: "old", mimetype: "a/b", s3key: "old-key" };
    const result = await uploadTool(
      { file: fileArgument(new File([BYTES], "a.txt")), more: [uploaded, fileArgument(BYTES)], folder: "f" },
      { client },
    );
    expect(result).toMatchObject({ file: { name: "a.txt" }, more: [uploaded, { name: "file" }], folder: "f" });
    expect(platform.files.size).toBe(2);
    expect(platform.executions).toHaveLength(1);
  });

  it("uploads files in objects without a prototype", async () => {
    const client = clientOf(platform.url, { use: [fileUploads()] });
    const args = { file: fileArgument(new File([BYTES], "a.txt")), more: [] };
    const bare = Object.assign(Object.create(null) as object, args) as typeof args;
    const result = await uploadTool(bare, { client });
    expect(result).toMatchObject({ file: { name: "a.txt", s3key: expect.any(String) } });
  });

  it.each([
    ["go round", (args: object) => Object.assign(args, { self: [args] })],
    [
      "nest without an end",
      (args: object) => Object.assign(args, { deep: JSON.parse("[".repeat(20_000) + "]".repeat(20_000)) as unknown }),
    ],
  ])("leaves arguments that %s for the call to refuse", async (_, spoil) => {
    const client = clientOf(platform.url, { use: [fileUploads()] });
    const args = { file: fileArgument(new File([BYTES], "a.txt")) };
    const error = await failureOf(uploadTool(spoil(args) as never, { client }));
    expect(error.code).toBe("TB5010");
  });

  it("takes an address only where the tool takes a file, and drops an empty optional one", async () => {
    const { s3key } = await uploadFile(BYTES, options());
    const url = new URL(`${platform.url}/storage/${s3key}`);
    const client = clientOf(platform.url, { use: [fileUploads()] });
    const result = await uploadTool({ file: fileArgument(url), more: [] }, { client });
    expect(result).toMatchObject({ file: { name: "file_1" } });
    await failureOf(uploadTool({ file: "" as never, folder: "" }, { client }));
    expect((platform.requests.at(-1)!.body as { arguments: object }).arguments).toEqual({ folder: "" });
  });

  it("keeps the idempotency key for the call itself", async () => {
    const client = clientOf(platform.url, { use: [fileUploads()] });
    await uploadTool({ file: fileArgument(BYTES) }, { client, idempotencyKey: "order-7" });
    expect(platform.requests.map(({ headers }) => headers["idempotency-key"])).toEqual([
      undefined,
      undefined,
      "order-7",
    ]);
  });

  it("uploads nothing for a call that cannot be made", async () => {
    const client = clientOf(platform.url, { use: [fileUploads()] });
    const file = fileArgument(BYTES);
    const invalid = await failureOf(
      uploadTool({ file, folder: 5 as never, more: [{ name: "a" } as never] }, { client }),
    );
    expect(invalid.code).toBe("TB5010");
    expect((invalid as InputValidationError).issues.map(({ pointer }) => pointer).sort()).toEqual([
      "/folder",
      "/more/0/mimetype",
      "/more/0/s3key",
    ]);
    const latest = await failureOf(uploadTool({ file }, { client, version: "latest" }));
    expect(latest.code).toBe("TB5004");
    const nobody = await failureOf(uploadTool({ file }, { client, userId: "" }));
    expect(nobody.code).toBe("TB5003");
    expect(platform.requests).toHaveLength(0);
    await uploadTool({ file, folder: 5 as never }, { client, validate: { input: "off" } }).catch(() => {});
    expect(platform.files.size).toBe(1);
  });

  it("asks several hooks in turn, each of what the one before it made, for the tools in its scope", async () => {
    const asked: string[] = [];
    const named = (answer: string) => async (upload: FileUpload) => {
      asked.push(`${upload.name} of ${upload.tool}`);
      return new File([upload.source as Blob], answer);
    };
    const client = clientOf(platform.url, {
      use: [
        fileUploads({ scope: { toolkits: ["slack"] }, beforeFileUpload: () => false }),
        fileUploads({ scope: { tools: ["DRIVE_UPLOAD"] }, beforeFileUpload: [named("b.txt"), named("c.txt")] }),
      ],
    });
    const result = await uploadTool({ file: fileArgument(new File([BYTES], "a.txt")) }, { client });
    expect(result).toMatchObject({ file: { name: "c.txt" } });
    expect(asked).toEqual(["a.txt of DRIVE_UPLOAD", "b.txt of DRIVE_UPLOAD"]);
    expect(stored()).toMatchObject([{ name: "c.txt", bytes: BYTES }]);
  });

  it("is not taken by logs for attempts at the call", async () => {
    const entries: LogEntry[] = [];
    const write = (entry: LogEntry) => void entries.push(entry);
    const client = clientOf(platform.url, { use: [logging({ level: "debug", write }), fileUploads()] });
    await uploadTool({ file: fileArgument(BYTES) }, { client });
    expect(entries.map(({ level, attempt }) => [level, attempt])).toEqual([
      ["debug", 1],
      ["info", 1],
      ["debug", 1],
    ]);
  });

  it("ends the call with what beforeFileUpload throws, as a HookError", async () => {
    const beforeFileUpload = () => {
      throw new Error("too large for us");
    };
    const client = clientOf(platform.url, { use: [fileUploads({ beforeFileUpload })] });
    for (const call of [
      uploadTool({ file: fileArgument(BYTES) }, { client }),
      uploadFile(BYTES, { ...options(), beforeFileUpload }),
    ]) {
      const failure = await failureOf(call);
      expect(failure).toMatchObject({
        code: "TB5012",
        toolSlug: "DRIVE_UPLOAD",
        cause: { message: "too large for us" },
      });
    }
    expect(platform.requests).toHaveLength(0);
  });

  it("ends the call when an upload is refused", async () => {
    const client = clientOf(platform.url, { use: [fileUploads({ beforeFileUpload: () => false })] });
    expect((await failureOf(uploadTool({ file: fileArgument(BYTES) }, { client }))).code).toBe("TB5040");
    expect(platform.executions).toHaveLength(0);
  });

  it("sends on no other file where one is refused", async () => {
    let begun = (): void => {};
    const other = new Promise<void>((resolve) => (begun = resolve));
    const signals: AbortSignal[] = [];
    const fetch: Fetch = (_, { signal }) => {
      signals.push(signal);
      begun();
      return new Promise(() => {});
    };
    const beforeFileUpload = async ({ name }: FileUpload) => (name === "a.txt" ? true : other.then(() => false));
    const client = clientOf(platform.url, { fetch, use: [fileUploads({ beforeFileUpload })] });
    const files = ["a.txt", "b.txt"].map((name) => fileArgument(new File([BYTES], name)));
    expect(await failureOf(uploadTool({ more: files }, { client }))).toBeInstanceOf(FileError);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it("is needed for a file that is not uploaded", async () => {
    const failure = await failureOf(uploadTool({ file: fileArgument(BYTES) }, { client: clientOf(platform.url) }));
    expect(failure.code).toBe("TB5010");
    expect(failure.message).toMatch(/Fix: use fileUploads\(\); nothing was sent\.$/);
  });
});

describe("downloadFile", () => {
  async function stream(to: Uint8Array[]) {
    return new WritableStream<Uint8Array>({ write: (chunk) => void to.push(chunk) });
  }

  it("fetches when asked, as a blob, bytes, or a stream", async () => {
    const { s3key } = await uploadFile(new File([BYTES], "a.txt", { type: "text/plain" }), options());
    const before = platform.requests.length;
    const file = downloadFile(
      { s3url: `${platform.url}/storage/${s3key}`, name: "a.txt", mimetype: "text/plain" },
      options(),
    );
    expect(file).toMatchObject({ name: "a.txt", mimetype: "text/plain" });
    expect(platform.requests).toHaveLength(before);
    expect(await (await file.blob()).text()).toBe("hello");
    expect((await file.blob()).type).toBe("text/plain");
    expect(await file.bytes()).toEqual(BYTES);
    expect(await new Response((await file.stream()) as never).text()).toBe("hello");
    const chunks: Uint8Array[] = [];
    await file.save(await stream(chunks));
    expect(Buffer.concat(chunks).toString()).toBe("hello");
    expect(platform.requests.at(-1)!.headers).not.toHaveProperty("x-api-key");
  });

  it("has a name that leads to no other folder, whatever the tool says", () => {
    const names = ["../../etc/passwd", "..\\x", "..", "", "a\0b", "…é.txt"];
    const s3url = "https://files.example/1";
    expect(names.map((name) => downloadFile({ s3url, name }).name)).toEqual([
      ".._.._etc_passwd",
      ".._x",
      "file",
      "file",
      "a_b",
      "…é.txt",
    ]);
    expect(downloadFile({ s3url: "https://files.example/..%2Fx" }).name).toBe(".._x");
  });

  it("lets go of both ends where it cannot be saved", async () => {
    const cancel = vi.fn();
    const fetch: Fetch = async () => new Response(new ReadableStream({ cancel }));
    const client = clientOf(platform.url, { fetch });
    const busy = new WritableStream<Uint8Array>();
    busy.getWriter();
    const address = { s3url: "https://files.example/1" };
    expect(await failureOf(downloadFile(address, { client }).save(busy))).toBeInstanceOf(FileError);
    expect(cancel).toHaveBeenCalledOnce();
    const abort = vi.fn();
    const never = downloadFile(address, { client, transferMs: 0 });
    expect((await failureOf(never.save(new WritableStream({ abort })))).code).toBe("TB5001");
    expect(abort).toHaveBeenCalledOnce();
  });

  it("follows redirects, each checked", async () => {
    const hops = ["https://cdn.example/2", "/3"];
    const asked: string[] = [];
    const fetch: Fetch = async (url) => {
      asked.push(url);
      const location = hops.shift();
      return location ? new Response(null, { status: 302, headers: { location } }) : new Response("done");
    };
    const client = clientOf(platform.url, { fetch });
    const file = downloadFile({ s3url: "https://files.example/1" }, { client });
    expect(await (await file.blob()).text()).toBe("done");
    expect(asked).toEqual(["https://files.example/1", "https://cdn.example/2", "https://cdn.example/3"]);
    for (const location of ["http://cdn.example/", "https://127.0.0.1/", "https://[::1]/", "file:///etc/passwd"]) {
      hops.push(location);
      asked.length = 0;
      expect((await failureOf(file.blob())).code).toBe("TB5040");
      expect(asked).toHaveLength(1);
      hops.length = 0;
    }
    hops.push(...Array.from({ length: 9 }, () => "https://cdn.example/again"));
    expect((await failureOf(file.blob())).message).toContain("redirects too often");
  });

  it("tells where it was to be saved that nothing comes", async () => {
    const abort = vi.fn();
    const file = downloadFile({ s3url: `${platform.url}/storage/none` }, options());
    await expect(file.save(new WritableStream({ abort }))).rejects.toBeInstanceOf(FileError);
    expect(abort).toHaveBeenCalledOnce();
  });

  it("fetches again what broke", async () => {
    const { client, clock, sent } = flaky();
    const file = downloadFile({ s3url: "https://store.example/k" }, { client });
    expect(await clock.settle(file.bytes())).toEqual(BYTES);
    expect(sent).toEqual(["GET", "GET", "GET"]);
  });

  it("ends with an AbortError where its signal ends it", async () => {
    const { s3key } = await uploadFile(BYTES, options());
    const { signal } = { signal: AbortSignal.abort("enough") };
    const file = downloadFile({ s3url: `${platform.url}/storage/${s3key}` }, { ...options(), signal });
    for (const read of [() => file.blob(), () => file.save(new WritableStream())]) {
      expect(await failureOf(read())).toMatchObject({ code: "TB5022", cause: "enough" });
    }
  });

  it("tells what went wrong without the address's signature", async () => {
    const file = downloadFile({ s3url: `${platform.url}/storage/none?signature=hush` }, options());
    const failure = await failureOf(file.bytes());
    expect(failure.message).toContain("404");
    expect(everythingIn(failure)).not.toContain("hush");
    const retry = { attempts: 1 };
    const client = clientOf(platform.url, { retry, fetch: () => Promise.reject(new Error("hush")) });
    expect(
      everythingIn(await failureOf(downloadFile({ s3url: "https://a.example/" }, { client }).blob())),
    ).not.toContain("hush");
  });
});

describe("withFileHandles", () => {
  it("makes handles of the files in a result, at any depth, and leaves the rest as it is", async () => {
    const { s3key } = await uploadFile(new File([BYTES], "a.txt", { type: "text/plain" }), options());
    const s3url = `${platform.url}/storage/${s3key}`;
    const given = {
      id: 1,
      none: null,
      file: { s3url, name: "a.txt", mimetype: "text/plain", size: 5 },
      pages: [{ more: [{ s3url, name: null as never as string }] }],
      text: { s3url: 5 },
    };
    const copy = structuredClone(given);
    const before = platform.requests.length;
    const { file, pages, ...rest } = withFileHandles(given, options());
    expect(platform.requests).toHaveLength(before);
    expectTypeOf(file.size).toEqualTypeOf<number>();
    expectTypeOf(rest).toEqualTypeOf<{ id: number; none: null; text: { s3url: number } }>();
    expect(rest).toEqual({ id: 1, none: null, text: { s3url: 5 } });
    expect(file).toMatchObject({ s3url, name: "a.txt", mimetype: "text/plain", size: 5 });
    expect(await (await file.blob()).text()).toBe("hello");
    const [page] = pages;
    expect(page!.more[0]!.name).toBe("file_1");
    expect(await page!.more[0]!.bytes()).toEqual(BYTES);
    expect(given).toEqual(copy);
  });

  it("leaves alone what is not JSON, such as the bytes that an app gives directly", () => {
    const [bytes, when] = [new Blob(["x"]), new Date(0)];
    expect(withFileHandles(bytes, options())).toBe(bytes);
    const opened = withFileHandles({ list: [bytes], when }, options());
    expectTypeOf(opened.list).toEqualTypeOf<Blob[]>();
    expect(opened.list[0]).toBe(bytes);
    expect(opened.when).toBe(when);
  });

  it("checks their addresses", async () => {
    const { a } = withFileHandles({ a: { s3url: "https://169.254.169.254/latest" } }, options());
    expect((await failureOf(a.bytes())).code).toBe("TB5040");
  });
});

describe("addresses", () => {
  it.each([
    "http://files.example/",
    "ftp://files.example/",
    "https://user:pass@files.example/",
    "https://localhost/",
    "https://localhost./",
    "https://a.localhost/",
    "https://intranet/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://kubernetes.default.svc/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://198.19.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001::1]/",
    "https://[2001:db8::1]/",
    "https://[fc00::1]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "data:text/plain,hi",
    "nonsense",
    "",
  ])("%s is refused", async (address) => {
    await expect(checkAddress(address, {})).rejects.toBeInstanceOf(FileError);
  });

  it.each([
    "https://files.example/a?b=c",
    "https://172.32.0.1/",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://bucket.s3.us-east-1.amazonaws.com/x",
  ])("%s is allowed", async (address) => {
    await checkAddress(address, {});
  });

  it("are allowed by name, and only as named", async () => {
    await checkAddress("http://127.0.0.1:8080/x", { allowHosts: ["127.0.0.1:8080"] });
    await expect(checkAddress("http://127.0.0.1:8081/x", { allowHosts: ["127.0.0.1:8080"] })).rejects.toThrow();
    await expect(checkAddress("file://127.0.0.1:8080/x", { allowHosts: ["127.0.0.1:8080"] })).rejects.toThrow();
  });

  it("are looked up where a way is given, and every one must be public", async () => {
    const check = (...found: string[]) => checkAddress("https://rebind.example/", { resolve: async () => found });
    await check("8.8.8.8", "2606:4700::1111");
    await expect(check("8.8.8.8", "10.0.0.1")).rejects.toBeInstanceOf(FileError);
    await expect(check("::1")).rejects.toBeInstanceOf(FileError);
    await expect(check()).rejects.toBeInstanceOf(FileError);
    const lost = async () => Promise.reject(Object.assign(new Error("no such host"), { code: "ENOTFOUND" }));
    const unknown = await failureOf(checkAddress("https://rebind.example/", { resolve: lost }));
    expect(unknown).toBeInstanceOf(FileError);
    expect(unknown.message).toContain("rebind.example could not be looked up (ENOTFOUND)");
    expect(isPublic("1.2.3")).toBe(false);
    expect(isPublic("fe80::1%eth0")).toBe(false);
  });
});
