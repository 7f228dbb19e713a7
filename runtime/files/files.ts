// Files for tools that accept them, and files that tools return; a program without them carries none of this.
import { checkAddress, discard, fetchPublic, fileRefused, hostOf } from "../address.js";
import type { AddressOptions } from "../connections.js";
import { post } from "../endpoint.js";
import { isToolbindCallError, misconfigured, ToolbindCallError } from "../errors.js";
import { md5 } from "./digest.js";
import { guarded, unlessAborted } from "../layers/hooks.js";
import type { AnyTool, CallOptions, Fetch, ToolFacts } from "../types.js";
import { settle } from "../settings.js";
import { insistent } from "./transfer.js";

export const UNNAMED = "file";
const ANY_TYPE = "application/octet-stream";
const TRANSFER_MS = 600_000;
/** Stands in where there is no tool, to work out settings. */
const NOBODY = { slug: "files", toolkit: "", version: "-", noAuth: true } as AnyTool;

/** A file that the platform holds, as tools accept it. */
export interface UploadedFile {
  name: string;
  mimetype: string;
  s3key: string;
}

/** What can become an {@link UploadedFile}. A local path cannot: see `fromPath` in the module `node`. */
export type FileSource = Blob | Uint8Array | ArrayBuffer | ReadableStream<Uint8Array> | URL | UploadedFile;

/** What a hook before an upload receives. */
export interface FileUpload {
  readonly source: FileSource;
  readonly name: string;
  readonly mimetype: string;
  readonly tool: string;
  readonly toolkit: string;
}

export type UploadHook = (upload: FileUpload) => FileSource | boolean | void | Promise<FileSource | boolean | void>;

export interface UploadOptions extends AddressOptions {
  /**
   * Called before each upload, one after the other: `false` ends the call, another source replaces the given one.
   * An error it throws ends the call as a HookError.
   */
  readonly beforeFileUpload?: UploadHook | readonly UploadHook[] | undefined;
  /** Milliseconds to fetch or send one file. Default 600,000. */
  readonly transferMs?: number | undefined;
}

export interface UploadFileOptions extends UploadOptions, CallOptions {
  /** The tool that the file is for. */
  readonly tool: Pick<ToolFacts, "slug" | "toolkit">;
  /** Default: the name that the source has, else `file`. */
  readonly name?: string | undefined;
  /** Default: the type that the source has, else `application/octet-stream`. */
  readonly mimetype?: string | undefined;
}

/**
 * Uploads a file to the platform, and returns the value for a tool's file argument.
 * @throws FileError where it is refused or cannot be sent, and the errors of a call
 */
export function uploadFile(given: FileSource, options: UploadFileOptions): Promise<UploadedFile> {
  return abortable(options.signal, () => upload(given, options));
}

async function upload(given: FileSource, options: UploadFileOptions): Promise<UploadedFile> {
  const { tool, beforeFileUpload, transferMs = TRANSFER_MS, allowHosts, resolve, ...rest } = options;
  // The key is for the call, not for the uploads before it.
  const { name, mimetype, idempotencyKey: _key, ...call } = rest;
  const address = addressOptions(call, { allowHosts, resolve });
  let source = given;
  for (const hook of [beforeFileUpload ?? []].flat()) {
    const facts = { ...described(source, name, mimetype), tool: tool.slug, toolkit: tool.toolkit };
    const answer = await guarded({ tool, options: call }, async () => hook({ source, ...facts }));
    if (answer === false) throw fileRefused("beforeFileUpload returned false", "send another file");
    // Anything else is meant as a source, even if it is not one, such as a path.
    if (answer !== undefined && answer !== true) source = answer;
  }
  if (isUploaded(source)) {
    if (typeof source?.s3key === "string") return source;
    throw fileRefused(
      "its value is not a file",
      "pass a Blob, bytes, a web stream or a URL; fromPath reads a path, Readable.toWeb turns a stream of Node.js",
    );
  }

  const signal = limited(call.signal, transferMs);
  const blob = await contentOf(source, { ...address, carry: carrierOf(call), signal });
  const { name: filename, mimetype: type } = described(source, name, mimetype || blob.type);
  const headers = headersOf(type);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const wanted = { toolkit_slug: tool.toolkit, tool_slug: tool.slug, filename, mimetype: type, md5: await md5(bytes) };
  const { body } = await post("file upload", "files/upload/request", wanted, { idempotent: true }, call);
  const s3key = body["key"];
  if (typeof s3key !== "string") throw fileRefused("the platform gave no key for it", "try later");
  const target = body["new_presigned_url"] ?? body["newPresignedUrl"] ?? body["update_presigned_url"];
  if (body["type"] !== "existing") {
    if (typeof target !== "string") throw fileRefused("the platform gave no upload address for it", "try later");
    const backend = (body["metadata"] as { readonly storage_backend?: unknown } | undefined)?.storage_backend;
    if (backend === "azure_blob_storage") headers.set("x-ms-blob-type", "BlockBlob");
    await checkAddress(target, address);
    await put(target, { carry: carrierOf(call), headers, body: new Blob([bytes], { type }), signal });
  }
  return { name: filename, mimetype: type, s3key };
}

/** A file that a tool returned, fetched on demand. */
export interface FileDownload {
  readonly name: string;
  readonly mimetype: string;
  blob(): Promise<Blob>;
  bytes(): Promise<Uint8Array>;
  stream(): Promise<ReadableStream<Uint8Array>>;
  /** Writes it to a stream, such as `toPath` of the module `node` makes. */
  save(to: WritableStream<Uint8Array>): Promise<void>;
}

export interface DownloadOptions extends AddressOptions, Pick<CallOptions, "client" | "fetch" | "signal"> {
  /** Milliseconds from the request to the last byte. Default 600,000. */
  readonly transferMs?: number | undefined;
}

/** What a tool says about a file that it returns. */
export interface DownloadableFile {
  readonly s3url: string;
  readonly name?: string | undefined;
  readonly mimetype?: string | undefined;
}

/** A handle on a file that a tool returned. Nothing is fetched until needed. */
export function downloadFile(file: DownloadableFile, options: DownloadOptions = {}): FileDownload {
  const { s3url, mimetype = ANY_TYPE } = file;
  const name = fileName(file.name ?? nameIn(s3url));
  const limit = (): AbortSignal => limited(options.signal, options.transferMs ?? TRANSFER_MS);
  const fetched = async (signal: AbortSignal): Promise<Response> => {
    const address = addressOptions(options, options);
    return download(s3url, { ...address, carry: carrierOf(options), signal });
  };
  const stream = async (signal: AbortSignal = limit()): Promise<ReadableStream<Uint8Array>> =>
    (await fetched(signal)).body ?? new Blob([]).stream();
  const abort = options.signal;
  const bytes = async (): Promise<Uint8Array> =>
    abortable(abort, async () => {
      const signal = limit();
      return new Uint8Array(await unbroken(signal, async () => (await fetched(signal)).arrayBuffer()));
    });
  return {
    name,
    mimetype,
    stream: () => abortable(abort, () => stream()),
    bytes,
    blob: async () => new Blob([(await bytes()) as never], { type: mimetype }),
    save: (to) =>
      abortable(abort, async () => {
        let signal: AbortSignal;
        let from: ReadableStream<Uint8Array>;
        try {
          signal = limit();
          from = await stream(signal);
        } catch (error) {
          await to.abort(error).catch(() => {});
          throw error;
        }
        try {
          // The pipe handles the signal, and has `to` discard what has arrived.
          await unbroken(undefined, () => from.pipeTo(to as never, { signal }));
        } catch (error) {
          // A pipe that could not begin has not.
          await from.cancel(error).catch(() => {});
          throw error;
        }
      }),
  };
}

/** Data in which each file that a tool returned is also a handle on it. */
export type WithFileHandles<T> = T extends { readonly s3url: string }
  ? T & FileDownload
  : T extends readonly (infer Item)[]
    ? WithFileHandles<Item>[]
    : T extends Blob | ReadableStream<unknown>
      ? T
      : T extends object
        ? { [Key in keyof T]: WithFileHandles<T[Key]> }
        : T;

/** A copy of a result in which each file, at any depth, is also a handle on it. Nothing is fetched until needed. */
export function withFileHandles<T>(data: T, options: DownloadOptions = {}): WithFileHandles<T> {
  const opened = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(opened);
    // Others, such as the bytes that an app gave directly, would lose what they hold.
    if (!isPlain(value)) return value;
    if (typeof (value as Partial<DownloadableFile>).s3url !== "string") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
    }
    const { s3url, name, mimetype } = value as DownloadableFile;
    // The platform may send null for what it should leave out.
    return { ...value, ...downloadFile({ s3url, ...(name && { name }), ...(mimetype && { mimetype }) }, options) };
  };
  return opened(data) as WithFileHandles<T>;
}

interface Transfer extends AddressOptions {
  readonly carry: Fetch;
  readonly signal: AbortSignal;
}

async function contentOf(source: Exclude<FileSource, UploadedFile>, transfer: Transfer): Promise<Blob> {
  if (source instanceof Blob) return source;
  const { signal } = transfer;
  if (source instanceof URL) return unbroken(signal, async () => (await download(source.href, transfer)).blob());
  if (source instanceof ReadableStream) {
    // Through a pipe, so that the signal ends a source that never ends by itself.
    const piped = (): ReadableStream<Uint8Array> => source.pipeThrough(new TransformStream(), { signal });
    return unbroken(signal, async () => new Response(piped()).blob());
  }
  return new Blob([source as never]);
}

async function download(url: string, transfer: Transfer): Promise<Response> {
  const response = await unbroken(transfer.signal, () => fetchPublic(url, transfer));
  if (response.ok) return response;
  discard(response);
  throw fileRefused(`${hostOf(url)} answered with ${response.status}`, "check that the address has not expired");
}

async function put(
  url: string,
  { carry, headers, body, signal }: { carry: Fetch; headers: Headers; body: Blob; signal: AbortSignal },
): Promise<void> {
  const response = await unbroken(signal, () =>
    carry(url, { method: "PUT", headers, body, redirect: "manual", signal }),
  );
  discard(response);
  if (!response.ok) throw fileRefused(`${hostOf(url)} answered with ${response.status}`, "try again");
}

/** A failed transfer becomes a FileError. Its cause is left out, since it may show a signed address. */
async function unbroken<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await unlessAborted(signal, run);
  } catch (cause) {
    if (isToolbindCallError(cause)) throw cause;
    const reason = cause instanceof Error ? cause.name : "an error";
    throw fileRefused(`its transfer ended with ${reason}`, "check the network and the time limit");
  }
}

/** A transfer that its signal ended is not a fault of the file. */
async function abortable<T>(signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!signal?.aborted || !isToolbindCallError(error) || error.code !== "TB5040") throw error;
    const text = ["was aborted while a file was being transferred", "by its signal", "send or fetch it again"] as const;
    throw new ToolbindCallError("TB5022", text, { cause: signal.reason as unknown });
  }
}

/** Whether a value is an object that JSON could have given. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a value holds the bytes of a file, or will. */
export function isFile(value: unknown): value is Exclude<FileSource, UploadedFile | URL> {
  return [Blob, Uint8Array, ArrayBuffer, ReadableStream].some((Kind) => value instanceof Kind);
}

export function isUploaded(source: FileSource): source is UploadedFile {
  return !isFile(source) && !(source instanceof URL);
}

/** @throws FileError for a type that no header can hold */
function headersOf(type: string): Headers {
  try {
    return new Headers({ "content-type": type });
  } catch (cause) {
    throw fileRefused("its mimetype cannot be sent", "give one such as text/plain", { cause });
  }
}

/** The name and the type of a source. */
export function described(source: FileSource, name?: string, mimetype?: string): { name: string; mimetype: string } {
  const own = source as { readonly name?: string; readonly type?: string; readonly mimetype?: string };
  const named = source instanceof URL ? nameIn(source.href) : own.name;
  return { name: name || named || UNNAMED, mimetype: mimetype || own.mimetype || own.type || ANY_TYPE };
}

/** A name that leads to no other folder, whoever made it up. */
function fileName(given: string): string {
  return /^\.{0,2}$/.test(given) ? UNNAMED : given.replace(/[/\\\0]/g, "_");
}

/** The last part of an address's path. */
function nameIn(address: string): string {
  if (!URL.canParse(address)) return UNNAMED;
  const last = new URL(address).pathname.split("/").at(-1) || UNNAMED;
  try {
    return fileName(decodeURIComponent(last));
  } catch {
    return last;
  }
}

function carrierOf({ client, fetch: own, retry }: Pick<CallOptions, "client" | "fetch" | "retry">): Fetch {
  const settings = settle(NOBODY, { ...(client && { client }), ...(own && { fetch: own }), ...(retry && { retry }) });
  return insistent(settings.fetch, settings);
}

/** A client that calls a platform on this machine also accepts files from there. */
function addressOptions(
  { client }: Pick<CallOptions, "client">,
  {
    allowHosts = [],
    resolve,
  }: { allowHosts?: readonly string[] | undefined; resolve?: AddressOptions["resolve"] | undefined },
): AddressOptions {
  const own = new URL(settle(NOBODY, client ? { client } : {}).origin).host;
  return { allowHosts: [...allowHosts, own], ...(resolve && { resolve }) };
}

function limited(signal: AbortSignal | undefined, ms: number): AbortSignal {
  if (!(ms > 0)) throw misconfigured(`transferMs is ${ms}`, "give more than 0");
  const limit = AbortSignal.timeout(Math.min(ms, 2_147_483_647));
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
