import { createHash } from "node:crypto";
import { errorResponse } from "./errors.js";
import { isObject } from "../generator/text/json.js";

/** A file that was uploaded. */
export interface StoredFile {
  readonly name: string;
  readonly mimetype: string;
  readonly bytes: Uint8Array;
}

export type StorageBackend = "s3" | "azure_blob_storage";

export interface Storage {
  /** Files by their `s3key`. */
  readonly files: ReadonlyMap<string, StoredFile>;
  /** The endpoint `/files/upload/request`. */
  readonly request: (body: unknown, origin: string, requestId: string) => Response;
  /** The addresses that it hands out. */
  readonly serve: (request: Request, key: string) => Promise<Response>;
}

const FIELDS = ["toolkit_slug", "tool_slug", "filename", "mimetype", "md5"] as const;

/** Holds uploaded files, and refuses those that differ from their announcement. */
export function createStorage(backend: StorageBackend): Storage {
  const files = new Map<string, StoredFile>();
  const announced = new Map<string, Readonly<Record<(typeof FIELDS)[number], string>>>();
  return {
    files,
    request: (body, origin, requestId) => {
      if (!isObject(body) || FIELDS.some((field) => typeof body[field] !== "string")) {
        const details = { message: `A file needs ${FIELDS.join(", ")}`, code: 400, slug: "Request_InvalidBody" };
        return errorResponse(400, details, requestId);
      }
      const file = body as Readonly<Record<(typeof FIELDS)[number], string>>;
      const id = `file_${announced.size + 1}`;
      const key = `requests/${file.toolkit_slug}/${file.tool_slug}/${id}`;
      announced.set(key, file);
      const url = `${origin}/storage/${key}?signature=secret_${id}`;
      const metadata = { storage_backend: backend };
      const answer = { id, key, new_presigned_url: url, newPresignedUrl: url, type: "new", metadata };
      return Response.json(answer, { headers: { "x-request-id": requestId } });
    },
    serve: async (request, key) => {
      const file = files.get(key);
      if (request.method === "GET") {
        if (!file) return new Response("no such file", { status: 404 });
        return new Response(file.bytes as never, { headers: { "content-type": file.mimetype } });
      }
      const expected = announced.get(key);
      const bytes = new Uint8Array(await request.arrayBuffer());
      const isBlob = request.headers.get("x-ms-blob-type") === "BlockBlob";
      const fits =
        expected !== undefined &&
        createHash("md5").update(bytes).digest("hex") === expected.md5 &&
        request.headers.get("content-type") === expected.mimetype &&
        isBlob === (backend === "azure_blob_storage");
      if (!fits) return new Response("not the file that was announced", { status: 400 });
      files.set(key, { name: expected.filename, mimetype: expected.mimetype, bytes });
      return new Response(null, { status: 200 });
    },
  };
}
