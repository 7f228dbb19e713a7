import { isUtf8 } from "node:buffer";
import type { Position } from "./position.js";

const NEWLINE = 0x0a;

/** Where bytes are no text in UTF-8; undefined where they are. */
export function notUtf8At(content: Uint8Array): Position | undefined {
  if (isUtf8(content)) return undefined;
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
