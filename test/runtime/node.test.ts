import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createClient, downloadFile, FileError } from "../../runtime/index.js";
import { failureOf } from "./support.js";
import { fromPath, resolveHost, toPath } from "../../runtime/node.js";

let root = "";
let allowed = "";

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "toolbind-node-")));
  allowed = join(root, "uploads");
  for (const folder of ["uploads/deep", "uploads/.ssh", "uploads/.git", "uploads-evil", "other"]) {
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const file of [
    "uploads/a.txt",
    "uploads/deep/b.PDF",
    "uploads/.env",
    "uploads/.env.local",
    "uploads/server.pem",
    "uploads/id_rsa",
    "uploads/credentials.json",
    "uploads/.vault-token",
    "uploads/.ssh/config",
    "uploads/.git/config",
    "uploads-evil/c.txt",
    "other/d.txt",
  ]) {
    await writeFile(join(root, file), `content of ${file}`);
  }
  await symlink(join(root, "other/d.txt"), join(allowed, "link.txt"));
  await symlink(join(root, "other"), join(allowed, "linked"));
  await symlink(join(allowed, "a.txt"), join(allowed, "inner.txt"));
  await symlink(join(allowed, ".env"), join(allowed, "harmless.txt"));
});
afterAll(() => rm(root, { recursive: true }));

describe("fromPath", () => {
  it("reads a file of an allowed folder, named and typed after its path", async () => {
    const file = await fromPath(join(allowed, "a.txt"), { allow: allowed });
    expect(file).toMatchObject({ name: "a.txt", type: "text/plain", size: 24 });
    expect(await file.text()).toBe("content of uploads/a.txt");
    const deep = await fromPath(join(allowed, "deep/../deep/b.PDF"), { allow: [join(root, "none"), allowed] });
    expect(deep).toMatchObject({ name: "b.PDF", type: "application/pdf" });
    const linked = await fromPath(join(allowed, "inner.txt"), { allow: allowed });
    expect(await linked.text()).toBe("content of uploads/a.txt");
  });

  it.each([
    ["out of it", "../other/d.txt"],
    ["to a folder that begins alike", "../uploads-evil/c.txt"],
    ["over a link to a file elsewhere", "link.txt"],
    ["over a link to a folder elsewhere", "linked/d.txt"],
    ["to settings", ".env"],
    ["to settings of an environment", ".env.local"],
    ["to settings behind a link", "harmless.txt"],
    ["to a certificate", "server.pem"],
    ["to a key", "id_rsa"],
    ["into .ssh", ".ssh/config"],
    ["into .git", ".git/config"],
    ["to credentials", "credentials.json"],
    ["to a token", ".vault-token"],
    ["to a folder", "deep"],
    ["to nothing", "none.txt"],
  ])("refuses a path that leads %s", async (_, path) => {
    const failure = fromPath(join(allowed, path), { allow: allowed });
    await expect(failure).rejects.toBeInstanceOf(FileError);
    await expect(failure).rejects.toThrow(/Fix: /);
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe", async () => {
    execFileSync("mkfifo", [join(allowed, "pipe")]);
    await expect(fromPath(join(allowed, "pipe"), { allow: allowed })).rejects.toThrow("is not a file");
  });

  it("reads nothing where nothing is allowed", async () => {
    await expect(fromPath(join(allowed, "a.txt"), { allow: [] })).rejects.toBeInstanceOf(FileError);
    await expect(fromPath("/proc/self/environ", { allow: "/" })).rejects.toBeInstanceOf(FileError);
  });

  it("reports a platform without a file system", async () => {
    vi.stubGlobal("process", {});
    const failure = fromPath("a.txt", { allow: "." });
    vi.unstubAllGlobals();
    await expect(failure).rejects.toThrow("this platform has no file system");
  });
});

describe("toPath", () => {
  it("writes a new file into an allowed folder", async () => {
    const path = join(allowed, "new.txt");
    await new Blob(["hello"]).stream().pipeTo((await toPath(path, { allow: allowed })) as never);
    expect(await readFile(path, "utf8")).toBe("hello");
  });

  it("says what to do about an existing file already", async () => {
    const path = join(allowed, "a.txt");
    await expect(toPath(path, { allow: allowed })).rejects.toThrow(
      /\(EEXIST\)\. Fix: name another, or remove it first\./,
    );
  });

  it("leaves nothing where writing ends early, so that it can be done again", async () => {
    const path = join(allowed, "broken.txt");
    for (const fault of ["abort", "chunk"]) {
      const to = (await toPath(path, { allow: allowed })).getWriter();
      await to.write(new Uint8Array([1, 2, 3]));
      if (fault === "abort") await to.abort(new Error("cut"));
      else await expect(to.write({} as never)).rejects.toThrow();
      await expect(readFile(path)).rejects.toThrow("ENOENT");
    }
  });

  it("says what the system says where it cannot write on", async () => {
    const { open, ...others } = await import("node:fs/promises");
    const full = async (path: string, flags: number) =>
      Object.assign(await open(path, flags), {
        writeFile: () => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })),
      });
    const { getBuiltinModule: real } = process;
    const getBuiltinModule = (name: string) => (name === "node:fs/promises" ? { ...others, open: full } : real(name));
    vi.stubGlobal("process", Object.create(process, { getBuiltinModule: { value: getBuiltinModule } }));
    const path = join(allowed, "full.txt");
    const file = downloadFile(
      { s3url: "https://files.example/1" },
      { client: createClient({ apiKey: "key" }), fetch: async () => new Response("hello") },
    );
    const failure = failureOf(file.save(await toPath(path, { allow: allowed })));
    expect((await failure).message).toContain("full.txt cannot be written (ENOSPC). Fix: make room on the disk.");
    vi.unstubAllGlobals();
    await expect(readFile(path)).rejects.toThrow("ENOENT");
  });

  it.each(["a.txt", "../other/e.txt", "linked/e.txt", "link.txt", ".env.new", "none/e.txt"])(
    "leaves %s alone",
    async (path) => {
      await expect(toPath(join(allowed, path), { allow: allowed })).rejects.toBeInstanceOf(FileError);
    },
  );
});

it("resolveHost gives the addresses of a name", async () => {
  expect((await resolveHost("localhost")).every((address) => /^(127\.|::1$)/.test(address))).toBe(true);
});
