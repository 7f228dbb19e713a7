import type { RequestPreview } from "../../runtime/request.js";
import { escapeJson, plainLine } from "../text/plain.js";

/** A request as a command for a POSIX shell. A key is named by its environment variable and never written out. */
export function toCurl({ method, url, headers, body }: RequestPreview): string {
  const lines = [`curl -X ${method} ${quote(url)}`];
  for (const [name, value] of Object.entries(headers)) {
    const isKey = name === "x-api-key" || name === "x-user-api-key";
    lines.push(isKey ? `-H "${name}: $COMPOSIO_API_KEY"` : `-H ${quote(`${name}: ${value}`)}`);
  }
  // `--data-raw` takes a leading `@` as it is.
  if (body !== undefined) lines.push(`--data-raw '${escapeJson(body).replaceAll("'", `'\\''`)}'`);
  return lines.join(" \\\n  ");
}

/** One word of a POSIX shell, whatever the text holds. */
function quote(text: string): string {
  return `'${plainLine(text).replaceAll("'", `'\\''`)}'`;
}
