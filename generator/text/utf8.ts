import { isUtf8 } from "node:buffer";
import type { Position } from "./position.js";

const NEWLINE = 0x0a;

/** How bytes fail to be UTF-8 text. */
export interface ForeignBytes {
  readonly received: string;
  readonly fix: string;
  /** Where the text stops being UTF-8, if it starts as such. */
  readonly position?: Position;
}

/** What bytes seem to be instead of UTF-8 text; undefined if they are valid UTF-8. */
export function foreignBytes(content: Uint8Array): ForeignBytes | undefined {
  if (isUtf8(content)) return undefined;
  const [first, second] = content;
  if (first === 0x1f && second === 0x8b) return { received: "a gzip archive", fix: "unpack it" };
  const fix = "save it as UTF-8";
  // Windows PowerShell's redirection writes UTF-16.
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return { received: "UTF-16 text", fix };
  return { received: "other bytes", fix, position: notUtf8At(content) };
}

function notUtf8At(content: Uint8Array): Position {
  let line = 1;
  for (let start = 0; ; line++) {
    const newline = content.indexOf(NEWLINE, start);
    const bytes = content.subarray(start, newline === -1 ? undefined : newline);
    if (!isUtf8(bytes) || newline === -1) {
      const text = new TextDecoder().decode(bytes);
      return { line, column: text.indexOf("\ufffd") + 1 };
    }
    start = newline + 1;
  }
}
