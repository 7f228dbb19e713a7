import { keysOf } from "./json-pointer.js";

/** The offset at which the value that a JSON pointer names begins, or the deepest value on the way to it. */
export function offsetOfPointer(json: string, pointer: string): number {
  let at = skipBlanks(json, 0);
  for (const segment of keysOf(pointer)) {
    const found = json[at] === "{" ? memberOf(json, at, segment) : json[at] === "[" ? itemOf(json, at, segment) : -1;
    if (found === -1) return at;
    at = found;
  }
  return at;
}

function memberOf(json: string, open: number, key: string): number {
  let found = -1;
  for (let at = skipBlanks(json, open + 1); json[at] === '"';) {
    const end = skipString(json, at);
    const value = skipBlanks(json, skipBlanks(json, end) + 1);
    // Of a key that is there twice, parsers take the last.
    if (JSON.parse(json.slice(at, end)) === key) found = value;
    at = skipBlanks(json, skipValue(json, value));
    if (json[at] === ",") at = skipBlanks(json, at + 1);
  }
  return found;
}

function itemOf(json: string, open: number, segment: string): number {
  let at = skipBlanks(json, open + 1);
  for (let index = 0; at < json.length && json[at] !== "]"; index++) {
    if (String(index) === segment) return at;
    at = skipBlanks(json, skipValue(json, at));
    if (json[at] === ",") at = skipBlanks(json, at + 1);
  }
  return -1;
}

function skipBlanks(json: string, at: number): number {
  while (at < json.length && " \t\n\r\ufeff".includes(json[at] as string)) at++;
  return at;
}

function skipString(json: string, at: number): number {
  for (let end = at + 1; end < json.length; end++) {
    if (json[end] === "\\") end++;
    else if (json[end] === '"') return end + 1;
  }
  return json.length;
}

function skipValue(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length;) {
    const character = json[at] as string;
    if (character === '"') at = skipString(json, at);
    else if (character === "{" || character === "[") {
      depth++;
      at++;
    } else if (character === "}" || character === "]") {
      if (depth === 0) return at;
      at++;
      if (--depth === 0) return at;
    } else if (depth === 0 && character === ",") return at;
    else at++;
    if (depth === 0 && character === '"') return at;
  }
  return json.length;
}
