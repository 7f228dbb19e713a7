// Files of this machine, for Node, Bun and Deno. Nothing else in the runtime imports this module, and reading is
// never automatic: a path is opened only where the program asks for it, and only below the folders that it allows.
import { fileRefused } from "./address.js";

export { fileConnections, type FileConnectionsOptions } from "./connections/file.js";
export type { Keyring } from "./connections/keyring.js";

interface FileHandle {
  readFile(): Promise<Uint8Array>;
  writeFile(bytes: Uint8Array): Promise<void>;
  stat(): Promise<{ isFile(): boolean }>;
  close(): Promise<void>;
}

/** The parts of Node's modules that are used here, so that a project without Node's types compiles. */
interface Modules {
  readonly "node:fs/promises": {
    readonly constants: Readonly<Record<string, number>>;
    realpath(path: string): Promise<string>;
    open(path: string, flags: number): Promise<FileHandle>;
    unlink(path: string): Promise<void>;
  };
  readonly "node:path": { readonly sep: string; resolve(...parts: string[]): string };
  readonly "node:dns/promises": {
    lookup(hostname: string, options: { readonly all: true }): Promise<readonly { readonly address: string }[]>;
  };
}

interface WithModules {
  readonly process?: { getBuiltinModule?<Name extends keyof Modules>(name: Name): Modules[Name] | undefined };
}

export interface PathOptions {
  /** Folders that files may be in, at any depth, after resolving links. Nothing else is touched. */
  readonly allow: string | readonly string[];
}

/** Folders and files that hold secrets, wherever they are. */
const SECRET =
  /^(\.(ssh|aws|azure|gnupg|gpg|kube|docker|dockercfg|git|env.*|netrc|npmrc|yarnrc.*|pypirc|pgpass|my\.cnf|htpasswd|vault-token|terraformrc|s3cfg|boto|password-store|git-credentials|.*_history)|gcloud|credentials(\.(json|toml|ya?ml|ini|tfrc\.json))?|id_(rsa|dsa|ecdsa|ed25519).*|.*\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk))$/i;
/** What to do about an error of the system. */
const REMEDIES: Readonly<Record<string, string>> = {
  EEXIST: "name another, or remove it first",
  ENOSPC: "make room on the disk",
  EDQUOT: "make room on the disk",
  EMFILE: "close other files first",
};
const SYSTEM = /^[/\\](proc|sys|dev)([/\\]|$)/;

const TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  doc: "application/msword",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  gif: "image/gif",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  md: "text/markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  svg: "image/svg+xml",
  txt: "text/plain",
  webp: "image/webp",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  xml: "application/xml",
  zip: "application/zip",
};

/**
 * Reads a file of this machine, with the name and media type that its path implies.
 * @throws FileError if it is outside the allowed folders, may hold secrets, or cannot be read
 */
export async function fromPath(path: string, options: PathOptions): Promise<File> {
  const { open, realpath, constants } = builtin("node:fs/promises");
  const real = await within(path, options, realpath);
  // The path has no links by now; one created since is not followed, and a pipe is not waited for.
  const { O_RDONLY = 0, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  const handle = await reading(path, () => open(real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    const opened = await reading(path, () => realpath(real));
    if (opened !== real) throw fileRefused("its path changed while it was opened", "try again");
    if (!(await handle.stat()).isFile()) throw fileRefused("the path is not a file", "name a file");
    const bytes = await reading(path, () => handle.readFile());
    const name = nameOf(path);
    return new File([bytes as never], name, { type: TYPES[name.split(".").at(-1)!.toLowerCase()] ?? "" });
  } finally {
    await handle.close();
  }
}

/**
 * A stream that writes a new file of this machine; an existing file is left alone, and an incomplete one is removed.
 * @throws FileError if it would be outside the allowed folders, may hold secrets, or cannot be created
 */
export async function toPath(path: string, options: PathOptions): Promise<WritableStream<Uint8Array>> {
  const { open, realpath, unlink, constants } = builtin("node:fs/promises");
  const { resolve, sep } = builtin("node:path");
  const folder = resolve(path, "..");
  const real = await within(path, options, async () => (await realpath(folder)) + sep + nameOf(path));
  const { O_WRONLY = 1, O_CREAT = 64, O_EXCL = 128, O_NOFOLLOW = 0 } = constants;
  const handle = await reading(path, () => open(real, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW));
  const discard = async (): Promise<void> => {
    await handle.close();
    await unlink(real);
  };
  return new WritableStream<Uint8Array>({
    write: async (bytes) => {
      try {
        // On a handle, it continues where the last one ended.
        await reading(path, () => handle.writeFile(bytes), "written");
      } catch (error) {
        await discard().catch(() => {});
        throw error;
      }
    },
    close: () => handle.close(),
    abort: discard,
  });
}

/** The addresses of a host name, for the option `resolve` of uploads and downloads. */
export async function resolveHost(hostname: string): Promise<readonly string[]> {
  const found = await builtin("node:dns/promises").lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}

/** The path without links, if it is in an allowed folder and does not seem to hold secrets. */
async function within(
  path: string,
  { allow }: PathOptions,
  realpath: (path: string) => Promise<string>,
): Promise<string> {
  const { sep } = builtin("node:path");
  const real = await reading(path, () => realpath(path));
  const roots = await Promise.all(
    [allow].flat().map((root) =>
      builtin("node:fs/promises")
        .realpath(root)
        .catch(() => undefined),
    ),
  );
  const inside = roots.some((root) => root !== undefined && real.startsWith(root.endsWith(sep) ? root : root + sep));
  if (!inside) throw fileRefused("the path is outside the allowed folders", "move the file, or allow its folder");
  if (SYSTEM.test(real) || real.split(/[/\\]/).some((part) => SECRET.test(part))) {
    throw fileRefused("the path looks like it holds secrets", "copy the file elsewhere if it holds none");
  }
  return real;
}

async function reading<T>(path: string, run: () => Promise<T>, what = "opened"): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const code = (cause as { readonly code?: string }).code ?? "an error";
    throw fileRefused(
      `${nameOf(path)} cannot be ${what} (${code})`,
      REMEDIES[code] ?? "check its path and permissions",
      {
        cause,
      },
    );
  }
}

function nameOf(path: string): string {
  return (
    path
      .replace(/[/\\]+$/, "")
      .split(/[/\\]/)
      .at(-1) || "file"
  );
}

function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  const module = (globalThis as WithModules).process?.getBuiltinModule?.(name);
  if (module) return module;
  throw fileRefused("this platform has no file system", "pass a Blob, bytes or a stream");
}
