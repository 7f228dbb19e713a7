import type { RequestPreview } from "../../../runtime/types.js";
import { escapeJson, plainLine } from "../../text/plain.js";

/**
 * A request as a command for a POSIX shell.
 * @param key the environment variable that stands for the platform's key, which is never written out
 */
export function toCurl({ method, url, headers, body }: RequestPreview, key: string | undefined): string {
  const lines = [`curl -X ${method} ${quote(url)}`];
  for (const [name, value] of Object.entries(headers)) {
    const isKey = key !== undefined && (name === "x-api-key" || name === "x-user-api-key");
    lines.push(isKey ? `-H "${name}: $${key}"` : `-H ${quote(`${name}: ${value}`)}`);
  }
  // `--data-raw` takes a leading `@` as it is.
  if (body !== undefined) lines.push(`--data-raw '${escapeJson(body).replaceAll("'", `'\\''`)}'`);
  return lines.join(" \\\n  ");
}

/** One word of a POSIX shell, whatever the text holds. */
function quote(text: string): string {
  return `'${plainLine(text).replaceAll("'", `'\\''`)}'`;
}
