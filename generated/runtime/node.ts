/* eslint-disable */
// Copied by toolbind; changes are overwritten.
import { Turns, byAppAndUser, factsOf, fileRefused } from "./shared.js";
import { type Connection, type KeptConnection, type ManagedConnections, ToolbindCallError, environment } from "./tool.js";

// From connections/system.ts
// What the connections file needs from its system: Node, Bun or Deno.

interface FileHandle {
  readFile(): Promise<Uint8Array>;
  writeFile(text: string): Promise<void>;
  stat(): Promise<Stats>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

interface Stats {
  readonly mode: number;
  readonly uid: number;
  readonly mtimeMs: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

/** The parts of Node's modules that are used here, so that a project without Node's types compiles. */
interface Modules {
  readonly "node:fs/promises": {
    readonly constants: Readonly<Record<string, number>>;
    open(path: string, flags: number, mode?: number): Promise<FileHandle>;
    lstat(path: string): Promise<Stats>;
    mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
    readdir(path: string): Promise<string[]>;
    rename(from: string, to: string): Promise<void>;
    rm(path: string, options: { force: true }): Promise<void>;
  };
  readonly "node:path": {
    join(...parts: string[]): string;
    resolve(...parts: string[]): string;
    dirname(path: string): string;
    basename(path: string): string;
    isAbsolute(path: string): boolean;
  };
  readonly "node:os": { homedir(): string; hostname(): string };
  readonly "node:crypto": {
    scrypt(
      password: string,
      salt: Uint8Array,
      length: number,
      options: { N: number; r: number; p: number; maxmem: number },
      done: (error: Error | null, key: Uint8Array) => void,
    ): void;
  };
}

interface Process {
  readonly pid: number;
  readonly platform: string;
  getuid?(): number;
  kill(pid: number, signal: 0): unknown;
  getBuiltinModule?<Name extends keyof Modules>(name: Name): Modules[Name] | undefined;
}

function refused(cause: string, remedy: string): ToolbindCallError {
  return new ToolbindCallError("TB5051", ["cannot keep connections", cause, remedy]);
}

function unusable(path: string, error: unknown): unknown {
  if (error instanceof ToolbindCallError) return error;
  const code = codeOf(error);
  if (code === "ELOOP") return refused(`${path} is a link`, "name the file itself");
  return refused(`${path} cannot be used (${code ?? "unknown"})`, "check the path and its permissions");
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | null)?.code;
}

function randomName(): string {
  return hex(crypto.getRandomValues(new Uint8Array(8)));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function processOf(): Process {
  const { process } = globalThis as { readonly process?: Process };
  if (process) return process;
  throw refused("this platform has no file system", "use memoryConnections, or a store of your own");
}

function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  const module = processOf().getBuiltinModule?.(name);
  if (module) return module;
  throw refused("this platform has no file system", "use memoryConnections, or a store of your own");
}

// From connections/seal.ts
// How connections are written: encrypted as a whole, with AES-256-GCM.

/** A connection and its owner. */
interface Entry {
  readonly app: string;
  readonly userId: string;
  readonly connection: Connection;
}

/** What is written: everything but this frame is encrypted. */
interface Sealed {
  readonly toolbind: "connections";
  readonly version: 1;
  /** Absent if the key is not a passphrase. */
  readonly salt?: string;
  readonly iv: string;
  readonly data: string;
}

interface Key {
  readonly key: Awaited<ReturnType<typeof crypto.subtle.importKey>>;
  /** Absent if the key is not a passphrase. */
  readonly salt?: string;
}

const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 };
const KEY_BYTES = 32;
const IV_BYTES = 12;
const SALT_BYTES = 16;
const SHORTEST_PASSPHRASE = 16;
/** The command that makes a key. */
const MAKE_KEY = `node -p "crypto.randomBytes(32).toString('base64')"`;

/**
 * The key in a text: 32 bytes in base64, else a passphrase.
 * @param given the salt of the passphrase, where the file has one
 */
async function importKey(secret: string, given: string | undefined): Promise<Key> {
  const raw = fromBase64(secret);
  const isRaw = raw?.length === KEY_BYTES;
  if (!isRaw && secret.length < SHORTEST_PASSPHRASE) {
    throw refused("the key is too short", `use 32 bytes in base64, which this prints: ${MAKE_KEY}`);
  }
  const salt = isRaw ? undefined : (given ?? toBase64(crypto.getRandomValues(new Uint8Array(SALT_BYTES))));
  const bytes = salt === undefined ? raw! : await stretch(secret, fromBase64(salt) ?? new Uint8Array());
  const key = await crypto.subtle.importKey("raw", bytes as never, "AES-GCM", false, ["encrypt", "decrypt"]);
  return salt === undefined ? { key } : { key, salt };
}

function stretch(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    builtin("node:crypto").scrypt(passphrase.normalize("NFKC"), salt, KEY_BYTES, SCRYPT, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

async function seal(entries: readonly Entry[], { key, salt }: Key): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const frame = { toolbind: "connections", version: 1, ...(salt !== undefined && { salt }), iv: toBase64(iv) } as const;
  const text = new TextEncoder().encode(JSON.stringify(entries));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(frame) as never }, key, text);
  const sealed: Sealed = { ...frame, data: toBase64(new Uint8Array(data)) };
  return `${JSON.stringify(sealed, undefined, 2)}\n`;
}

async function unseal(sealed: Sealed, { key }: Key, file: string): Promise<Entry[]> {
  const { data, ...frame } = sealed;
  try {
    const iv = fromBase64(frame.iv)!;
    const algorithm = { name: "AES-GCM", iv: iv as never, additionalData: bound(frame) as never };
    const text = await crypto.subtle.decrypt(algorithm, key, fromBase64(data)! as never);
    return JSON.parse(new TextDecoder().decode(text)) as Entry[];
  } catch {
    const remedy =
      "set TOOLBIND_CONNECTIONS_KEY to the key it was written with, unset it if the system's keyring has that key, or " +
      "remove the file and connect again";
    throw refused(`${file} cannot be decrypted: it was written with another key, or changed`, remedy);
  }
}

/** The frame is authenticated too, so that it cannot be changed. */
function bound({ toolbind, version, salt = "" }: Omit<Sealed, "data">): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([toolbind, version, salt]));
}

function parseSealed(text: string, file: string): Sealed {
  try {
    const value = JSON.parse(text) as Partial<Sealed> | null;
    const isText = (each: unknown): boolean => typeof each === "string" && fromBase64(each) !== undefined;
    const isWhole = isText(value?.iv) && isText(value?.data) && (value?.salt === undefined || isText(value.salt));
    if (value?.toolbind === "connections" && value.version === 1 && isWhole) return value as Sealed;
  } catch {
    // Said below.
  }
  throw refused(`${file} is not a connections file of this version`, "update toolbind, or name another file");
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Undefined if the text is not base64, in either alphabet. */
function fromBase64(text: string): Uint8Array | undefined {
  const standard = text.trim().replaceAll("-", "+").replaceAll("_", "/");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(standard)) return undefined;
  try {
    return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

// From connections/lock.ts
// A lock that processes share: a file that one of them creates, and removes when it is done.

const FILE_MODE = 0o600;
/** How long to wait for a lock. A renewal, which takes one, gives up sooner. */
const LOCK_WAIT_MS = 60_000;
/** When the lock of an unreachable process counts as left behind. */
const LOCK_STALE_MS = 120_000;
const LOCK_PAUSE_MS = 25;

/** Runs an action that only one process may run at a time. */
async function locked<T>(lock: string, run: (isMine: () => Promise<boolean>) => Promise<T>): Promise<T> {
  const { open, rm, constants } = builtin("node:fs/promises");
  const { O_WRONLY = 1, O_CREAT = 64, O_EXCL = 128, O_NOFOLLOW = 0 } = constants;
  const mark = JSON.stringify({ pid: processOf().pid, host: builtin("node:os").hostname(), name: randomName() });
  const isMine = async (): Promise<boolean> => (await markOf(lock))?.mark === mark;
  for (let waited = 0; ; waited += LOCK_PAUSE_MS) {
    try {
      const handle = await open(lock, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE);
      try {
        await handle.writeFile(mark);
      } finally {
        await handle.close();
      }
      break;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw unusable(lock, error);
    }
    if (await removeLeftBehind(lock)) continue;
    if (waited >= LOCK_WAIT_MS) throw refused(`${lock} is held by another process`, "try again, or remove it");
    await new Promise((resolve) => setTimeout(resolve, LOCK_PAUSE_MS));
  }
  try {
    return await run(isMine);
  } finally {
    if (await isMine()) await rm(lock, { force: true });
  }
}

/** Removes a lock whose process is gone; whether there may be none now. */
async function removeLeftBehind(lock: string): Promise<boolean> {
  const { rename, rm } = builtin("node:fs/promises");
  const found = await markOf(lock);
  if (found === undefined) return true;
  if (!isLeftBehind(found)) return false;
  // Moved first, so that of several that find it only one removes it, and a new one that came in between is put back.
  const aside = `${lock}.${randomName()}.tmp`;
  try {
    await rename(lock, aside);
  } catch {
    return true;
  }
  const taken = await markOf(aside);
  if (taken !== undefined && taken.mark !== found.mark) await rename(aside, lock).catch(() => undefined);
  else await rm(aside, { force: true });
  return true;
}

interface Found {
  readonly mark: string;
  readonly mtimeMs: number;
}

async function markOf(lock: string): Promise<Found | undefined> {
  const { open, constants } = builtin("node:fs/promises");
  try {
    const handle = await open(lock, constants["O_RDONLY"]! | (constants["O_NOFOLLOW"] ?? 0));
    try {
      const { mtimeMs } = await handle.stat();
      return { mark: new TextDecoder().decode(await handle.readFile()), mtimeMs };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable(lock, error);
  }
}

function isLeftBehind({ mark, mtimeMs }: Found): boolean {
  try {
    const { pid, host } = JSON.parse(mark) as { pid: number; host: string };
    if (host === builtin("node:os").hostname()) {
      try {
        processOf().kill(pid, 0);
      } catch (error) {
        return codeOf(error) === "ESRCH";
      }
    }
  } catch {
    // Not written to its end: its process has just made it, or was killed then.
  }
  return Date.now() - mtimeMs > LOCK_STALE_MS;
}

// From connections/private-file.ts
// A file that only its owner may read, replaced as a whole.

const FOLDER_MODE = 0o700;
const FILE_MODE_private_file = 0o600;

/**
 * The text of a file that nobody else may read; undefined where there is none. Links are not followed.
 * @throws ConnectionStoreError
 */
async function readPrivate(file: string): Promise<string | undefined> {
  const { open, constants } = builtin("node:fs/promises");
  let handle: FileHandle;
  try {
    handle = await open(file, constants["O_RDONLY"]! | (constants["O_NOFOLLOW"] ?? 0));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable(file, error);
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw refused(`${file} is not a file`, "name another");
    checkOwner(file, stats, 0o077, `chmod 600 ${file}`);
    return new TextDecoder().decode(await handle.readFile());
  } finally {
    await handle.close();
  }
}

/** Creates the folder, and refuses one that is a link or that others may write to. */
async function makeFolder(file: string): Promise<void> {
  const { lstat, mkdir } = builtin("node:fs/promises");
  const folder = builtin("node:path").dirname(file);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const stats = await lstat(folder);
    if (!stats.isDirectory()) throw refused(`${folder} is a link`, "name the folder itself");
    checkOwner(folder, stats, 0o022, `chmod 700 ${folder}`);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Windows has no such permissions; there the user's own folder keeps others out. */
function checkOwner(path: string, { mode, uid }: Stats, forbidden: number, remedy: string): void {
  const { platform, getuid } = processOf();
  if (platform === "win32") return;
  if (getuid !== undefined && uid !== processOf().getuid!())
    throw refused(`${path} belongs to another user`, "name another");
  if ((mode & forbidden) !== 0) {
    throw refused(`others may ${forbidden === 0o077 ? "read" : "change"} ${path}`, `run \`${remedy}\``);
  }
}

/** Replaces a file as a whole: whatever happens, what is there is the old content or the new. */
async function replace(file: string, text: string, isMine: () => Promise<boolean>): Promise<void> {
  const { open, readdir, rename, rm, constants } = builtin("node:fs/promises");
  const { basename, dirname, join } = builtin("node:path");
  const folder = dirname(file);
  try {
    // No one else is writing now, so these were left behind.
    for (const name of await readdir(folder)) {
      if (name.startsWith(`${basename(file)}.`) && name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
    }
    const temporary = `${file}.${randomName()}.tmp`;
    const { O_WRONLY = 1, O_CREAT = 64, O_EXCL = 128, O_NOFOLLOW = 0 } = constants;
    const handle = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE_private_file);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (!(await isMine())) {
      await rm(temporary, { force: true });
      throw refused("another process took the lock", "try again");
    }
    await rename(temporary, file);
  } catch (error) {
    throw unusable(file, error);
  }
}

/** A toolbind file where the system keeps a user's data. */
function inDataFolder(name: string): string {
  const { join, isAbsolute } = builtin("node:path");
  const home = builtin("node:os").homedir();
  const { platform } = processOf();
  const ofSystem =
    platform === "win32"
      ? (environment("LOCALAPPDATA") ?? join(home, "AppData", "Local"))
      : platform === "darwin"
        ? join(home, "Library", "Application Support")
        : join(home, ".local", "share");
  const xdg = environment("XDG_DATA_HOME");
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : ofSystem, "toolbind", name);
}

// From connections/keyring.ts
// A key in the system's keyring, where the package that reaches it is installed.

/** What is used of the package `@napi-rs/keyring`. */
export interface Keyring {
  readonly AsyncEntry: new (service: string, account: string, options: KeyringOptions) => KeyringEntry;
}

interface KeyringEntry {
  /** Rejects where the keyring is locked or cannot be reached. */
  getPassword(): Promise<string | null | undefined>;
  setPassword(password: string): Promise<unknown>;
}

interface KeyringOptions {
  readonly linux: { readonly store: "secret-service" };
}

const KEYRING_PACKAGE: string = "@napi-rs/keyring";
/** What Vite's replacement for an optional package throws. */
const VITE_STAND_IN = /Could not resolve "@napi-rs\/keyring"/;
const SERVICE = "toolbind";
const ACCOUNT = "connections";
/** Without it the package falls back to a store of the kernel, which loses everything when the machine restarts. */
const OPTIONS: KeyringOptions = { linux: { store: "secret-service" } };

/** The package, where it is installed. Bundlers are kept from looking for it. */
async function importKeyring(): Promise<Keyring> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ KEYRING_PACKAGE) as Promise<Keyring>;
}

/** What loading the package gives; undefined where it is not installed. */
async function keyringOf(load: () => Keyring | Promise<Keyring | undefined>): Promise<Keyring | undefined> {
  try {
    return await load();
  } catch (error) {
    if (/^(ERR_)?MODULE_NOT_FOUND$/.test(codeOf(error) ?? "") || VITE_STAND_IN.test(String(error))) return undefined;
    throw unreachable(error, `install ${KEYRING_PACKAGE} again`);
  }
}

/** The key that the keyring has; undefined where it has none. */
async function keyInKeyring(keyring: Keyring): Promise<string | undefined> {
  const found = await asking(async () => entryOf(keyring).getPassword());
  if (!found) return undefined;
  if (fromBase64(found)?.length === KEY_BYTES) return found;
  const cause = `what the system's keyring has for the service ${SERVICE} and the account ${ACCOUNT} is not a valid key`;
  throw refused(cause, `remove it there, or ${set()}`);
}

/** Creates a key in the keyring, unless another process has just done so. */
async function makeKeyInKeyring(keyring: Keyring): Promise<string> {
  const lock = inDataFolder("keyring.lock");
  await makeFolder(lock);
  return locked(lock, async () => {
    const found = await keyInKeyring(keyring);
    if (found !== undefined) return found;
    const key = toBase64(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
    await asking(async () => entryOf(keyring).setPassword(key));
    if ((await keyInKeyring(keyring)) === key) return key;
    throw refused("the system's keyring does not keep a key", set());
  });
}

function entryOf({ AsyncEntry }: Keyring): KeyringEntry {
  return new AsyncEntry(SERVICE, ACCOUNT, OPTIONS);
}

async function asking<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw unreachable(error, "start or unlock it");
  }
}

function unreachable(error: unknown, remedy: string): unknown {
  const [why = "an error"] = (error instanceof Error ? error.message : String(error)).split("\n");
  return refused(`the system's keyring cannot be used (${why})`, `${remedy}, or ${set()}`);
}

function set(): string {
  return `set TOOLBIND_CONNECTIONS_KEY to what this prints: ${MAKE_KEY}`;
}

// From connections/file.ts
// Connections in a file on this machine, for Node, Bun and Deno.

export interface FileConnectionsOptions {
  /**
   * Default: `TOOLBIND_CONNECTIONS_FILE`, else `toolbind/connections.json` where the system keeps a
   * user's data.
   */
  readonly path?: string;
  /**
   * What the file is encrypted with: 32 bytes in base64, or a passphrase of at least 16 characters.
   * Default: `TOOLBIND_CONNECTIONS_KEY`, else the key in the system's keyring.
   */
  readonly key?: string | (() => string | Promise<string>);
  /**
   * Loads the package that reaches the system's keyring, for programs that are bundled with it:
   * `() => import("@napi-rs/keyring")`. Default: it is imported if it is installed and no other key is given.
   */
  readonly keyring?: () => Promise<Keyring | undefined>;
}

/**
 * Keeps connections in one encrypted file that only its owner may read. Nothing is read or written before first use.
 * Processes may share it.
 */
export function fileConnections({
  path: given,
  key: source,
  keyring: load = importKeyring,
}: FileConnectionsOptions = {}): ManagedConnections {
  const turns = new Turns();
  const keys = new Map<string, Promise<Key>>();
  let path: string | undefined;
  let ofKeyring: string | undefined;
  const fileOf = (): string => (path ??= builtin("node:path").resolve(given || connectionsFile()));

  /** Undefined if the keyring has none yet. */
  async function secretOf(mayMake: boolean): Promise<string | undefined> {
    const secret =
      (await (typeof source === "function" ? source() : source)) || environment("TOOLBIND_CONNECTIONS_KEY");
    if (secret) return secret;
    if (ofKeyring !== undefined) return ofKeyring;
    const keyring = await keyringOf(load);
    if (keyring === undefined) {
      throw refused(
        "there is no key",
        `set TOOLBIND_CONNECTIONS_KEY to what this prints: ${MAKE_KEY}; or install ${KEYRING_PACKAGE}, to have one in ` +
          "the system's keyring",
      );
    }
    return (ofKeyring = (await keyInKeyring(keyring)) ?? (mayMake ? await makeKeyInKeyring(keyring) : undefined));
  }

  async function keyFor(secret: string, salt?: string): Promise<Key> {
    const cached = JSON.stringify([secret, salt]);
    const key = keys.get(cached) ?? importKey(secret, salt);
    keys.set(cached, key);
    return key;
  }

  /** What the file contains, and the key that it is written with; without a key if there is neither a key nor a file. */
  async function read(mayMake = false): Promise<{ entries: Entry[]; key: Key | undefined }> {
    const text = await readPrivate(fileOf());
    const secret = await secretOf(mayMake && text === undefined);
    if (text === undefined) return { entries: [], key: secret === undefined ? undefined : await keyFor(secret) };
    const sealed = parseSealed(text, fileOf());
    if (secret === undefined) {
      throw refused(
        `the system's keyring does not have the key of ${fileOf()}`,
        "set TOOLBIND_CONNECTIONS_KEY to the key it was written with, or remove the file and connect again",
      );
    }
    const key = await keyFor(secret, sealed.salt);
    return { entries: await unseal(sealed, key, fileOf()), key };
  }

  function change<T>(
    edit: (entries: Entry[]) => { readonly entries: readonly Entry[]; readonly result: T },
  ): Promise<T> {
    return turns.take("", async () => {
      const file = fileOf();
      await makeFolder(file);
      return locked(`${file}.lock`, async (isMine) => {
        const { entries, key } = await read(true);
        const next = edit(entries);
        await replace(file, await seal(next.entries, key!), isMine);
        return next.result;
      });
    });
  }

  const isOf = (app: string, userId: string) => (entry: Entry) => entry.app === app && entry.userId === userId;
  return {
    async get(app, userId) {
      return (await read()).entries.find(isOf(app, userId))?.connection;
    },
    set(app, userId, connection) {
      return change((entries) => {
        const others = entries.filter((entry) => !isOf(app, userId)(entry));
        return { entries: [...others, { app, userId, connection }], result: undefined };
      });
    },
    remove(app, userId) {
      return change((entries) => {
        const others = entries.filter((entry) => !isOf(app, userId)(entry));
        return { entries: others, result: others.length < entries.length };
      });
    },
    async list(): Promise<readonly KeptConnection[]> {
      return (await read()).entries.map(factsOf).sort(byAppAndUser);
    },
    exclusive(app, userId, run) {
      const name = JSON.stringify([app, userId]);
      return turns.take(name, async () => {
        await makeFolder(fileOf());
        return locked(`${fileOf()}.${await digest(name)}.lock`, run);
      });
    },
  };
}

/** The default file for connections. */
function connectionsFile(): string {
  return environment("TOOLBIND_CONNECTIONS_FILE") ?? inDataFolder("connections.json");
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return hex(bytes.subarray(0, 8));
}

// From node.ts
// Files of this machine, for Node, Bun and Deno. Nothing else in the runtime imports this module, and reading is
// never automatic: a path is opened only where the program asks for it, and only below the folders that it allows.

interface FileHandle_node {
  readFile(): Promise<Uint8Array>;
  writeFile(bytes: Uint8Array): Promise<void>;
  stat(): Promise<{ isFile(): boolean }>;
  close(): Promise<void>;
}

/** The parts of Node's modules that are used here, so that a project without Node's types compiles. */
interface Modules_node {
  readonly "node:fs/promises": {
    readonly constants: Readonly<Record<string, number>>;
    realpath(path: string): Promise<string>;
    open(path: string, flags: number): Promise<FileHandle_node>;
    unlink(path: string): Promise<void>;
  };
  readonly "node:path": { readonly sep: string; resolve(...parts: string[]): string };
  readonly "node:dns/promises": {
    lookup(hostname: string, options: { readonly all: true }): Promise<readonly { readonly address: string }[]>;
  };
}

interface WithModules {
  readonly process?: { getBuiltinModule?<Name extends keyof Modules_node>(name: Name): Modules_node[Name] | undefined };
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
  const { open, realpath, constants } = builtin_node("node:fs/promises");
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
  const { open, realpath, unlink, constants } = builtin_node("node:fs/promises");
  const { resolve, sep } = builtin_node("node:path");
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
  const found = await builtin_node("node:dns/promises").lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}

/** The path without links, if it is in an allowed folder and does not seem to hold secrets. */
async function within(
  path: string,
  { allow }: PathOptions,
  realpath: (path: string) => Promise<string>,
): Promise<string> {
  const { sep } = builtin_node("node:path");
  const real = await reading(path, () => realpath(path));
  const roots = await Promise.all(
    [allow].flat().map((root) =>
      builtin_node("node:fs/promises")
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

function builtin_node<Name extends keyof Modules_node>(name: Name): Modules_node[Name] {
  const module = (globalThis as WithModules).process?.getBuiltinModule?.(name);
  if (module) return module;
  throw fileRefused("this platform has no file system", "pass a Blob, bytes or a stream");
}
