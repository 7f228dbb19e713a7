import { setMaxListeners } from "node:events";
import { Agent as HttpAgent, get as getByHttp, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as getByHttps } from "node:https";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";

/** An answer whose body has been read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/** Sends a GET request; follows no redirect, as one could carry the key elsewhere. */
export type Transport = (
  url: string,
  headers: Readonly<Record<string, string>>,
  ends: { readonly signal: AbortSignal; readonly timeoutMs: number },
) => Promise<HttpAnswer>;

/** A body has more bytes than anything that the platform lists. */
export class TooLarge extends Error {
  constructor() {
    super(`more than ${MAX_BODY_BYTES / 1024 / 1024} MiB`);
  }
}

/** No answer came in time. */
export class TimedOut extends Error {}

const MAX_BODY_BYTES = 256 * 1024 * 1024;

const DECODERS: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Straight to the platform. Node.js's own client takes half of what its `fetch` does. */
export function straight(): Transport {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  return async (url, headers, { signal, timeoutMs }) => {
    // Each request of a pull listens to the one signal.
    setMaxListeners(0, signal);
    const isHttp = url.startsWith("http:");
    const options = {
      agent: isHttp ? agents.http : agents.https,
      headers: { ...headers, "accept-encoding": Object.keys(DECODERS).join(", ") },
      signal,
    };
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<HttpAnswer>((resolve, reject) => {
        const request = (isHttp ? getByHttp : getByHttps)(url, options, (response) => {
          answerOf(response).then(resolve, (error: unknown) => {
            request.destroy();
            reject(error as Error);
          });
        });
        request.on("error", reject);
        timer = setTimeout(() => request.destroy(new TimedOut()), timeoutMs);
      });
    } finally {
      clearTimeout(timer);
    }
  };
}

async function answerOf(response: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode = 0, headers } = response;
  const body = await joined(response);
  const decode = DECODERS[headers["content-encoding"]?.trim().toLowerCase() ?? ""];
  const decoded = decode === undefined ? body : await decode(body, { maxOutputLength: MAX_BODY_BYTES }).catch(tooLarge);
  return {
    status: statusCode,
    headers: { get: (name) => String(headers[name.toLowerCase()] ?? "") || null },
    text: decoded.toString("utf8"),
  };
}

function tooLarge(error: NodeJS.ErrnoException): never {
  throw error.code === "ERR_BUFFER_TOO_LARGE" ? new TooLarge() : error;
}

/** The bytes of a body. */
export async function joined(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
