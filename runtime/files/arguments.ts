// Files among the arguments of a call, uploaded as the tool is called.
import {
  described,
  type FileSource,
  isFile,
  isPlain,
  isUploaded,
  UNNAMED,
  type UploadedFile,
  uploadFile,
  type UploadOptions,
} from "./files.js";
import { type Scope, within } from "../layers/hooks.js";
import type { AnyTool, CallOptions, Middleware } from "../types.js";
import { invalid, listIssues, validate } from "../validation.js";
import { settle } from "../settings.js";
import { withFetch } from "../layers/watch.js";

/** Types a source as the file argument of a tool; the layer {@link fileUploads} uploads it when the tool is called. */
export function fileArgument(source: FileSource): UploadedFile {
  return source as UploadedFile;
}

export interface FileUploadsOptions extends UploadOptions {
  /** The calls whose files are uploaded. Default: all. */
  readonly scope?: Scope | undefined;
}

/** A layer that uploads the files among the arguments, so that a call accepts file sources. Apps that are called directly get them unchanged. */
export function fileUploads({ scope = {}, ...options }: FileUploadsOptions = {}): Middleware {
  return within(scope, async (call, next) => {
    const { tool, body } = call;
    if (!("arguments" in body) || tool.executor) return next(call);
    await checkBefore(tool, body.arguments, call.options);
    // Layers that watch the call's own requests ignore these.
    const { options: own } = withFetch(call, (carry) => (url, init) => carry(url, { ...init, forToken: true }));
    // Where one is refused, the others are not sent on.
    const together = new AbortController();
    const signal = own.signal ? AbortSignal.any([own.signal, together.signal]) : together.signal;
    let args: unknown;
    try {
      args = await withUploads(tool, body.arguments, [], (source) =>
        uploadFile(source, { ...own, ...options, tool, signal }),
      );
    } catch (error) {
      together.abort(error);
      throw error;
    }
    return next({ ...call, body: { arguments: args } });
  });
}

/**
 * Nothing is uploaded for a call that cannot be made.
 * @throws what the call itself would
 */
async function checkBefore(tool: AnyTool, given: unknown, options: CallOptions): Promise<void> {
  const files = new Set<string>();
  const planned = await withUploads(tool, given, [], async (source, path) => {
    if (isUploaded(source)) return source;
    // The platform decides where it is stored.
    files.add(JSON.stringify([...path, "s3key"]));
    return { ...described(source), s3key: UNNAMED };
  });
  if (files.size === 0) return;
  const { facts, validate: mode } = settle(tool, options);
  const issues = mode.input === "off" ? [] : validate(tool.input, planned, true);
  const left = issues.filter(({ path }) => !files.has(JSON.stringify(path)));
  if (left.length > 0) throw invalid(facts, listIssues(left), left);
}

/** No tool takes a file deeper than this. */
const MOST_NESTED = 100;

/** A copy in which each file is replaced by a reference to its upload. */
async function withUploads(
  tool: AnyTool,
  value: unknown,
  path: readonly (string | number)[],
  upload: (source: FileSource, path: readonly (string | number)[]) => Promise<UploadedFile>,
  around: readonly unknown[] = [],
): Promise<unknown> {
  if (isFile(value)) return upload(value, path);
  const takesFile = (at: readonly (string | number)[]): boolean => declaredKeys(tool.input as never, at).has("s3key");
  if (value instanceof URL) return takesFile(path) ? upload(value, path) : value;
  // Cycles and very deep values are left for the call to refuse: a stack overflow here would leave promises behind.
  if (around.length > MOST_NESTED || around.includes(value)) return value;
  const inside = [...around, value];
  if (Array.isArray(value)) {
    return Promise.all(value.map((item, index) => withUploads(tool, item, [...path, index], upload, inside)));
  }
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).filter(([key, inner]) => inner !== "" || !takesFile([...path, key]));
  return Object.fromEntries(
    await Promise.all(
      entries.map(
        async ([key, inner]) => [key, await withUploads(tool, inner, [...path, key], upload, inside)] as const,
      ),
    ),
  );
}

interface Node {
  readonly _zod: { readonly def: Definition };
}

interface Definition {
  readonly shape?: Readonly<Record<string, Node>>;
  readonly element?: Node;
  readonly items?: readonly Node[];
  readonly rest?: Node | null;
  readonly innerType?: Node;
  readonly options?: readonly Node[];
}

/** The definitions of a schema, with wrappers removed and alternatives listed. */
function unwrap(node: Node | null | undefined): readonly Definition[] {
  if (!node) return [];
  const { def } = node._zod;
  return def.innerType ? unwrap(def.innerType) : (def.options?.flatMap(unwrap) ?? [def]);
}

/** The keys that a schema declares for the object at a path. */
function declaredKeys(schema: Node, path: readonly (string | number)[]): ReadonlySet<string> {
  let level = unwrap(schema);
  for (const step of path) {
    level = level.flatMap(({ shape = {}, element, items, rest }) => {
      if (typeof step === "number") return unwrap(items?.[step] ?? element ?? rest);
      return Object.hasOwn(shape, step) ? unwrap(shape[step as string]) : [];
    });
  }
  return new Set(level.flatMap(({ shape = {} }) => Object.keys(shape)));
}
