// Control characters but tab and line feed, and the marks that reorder or split what a terminal shows.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

// What CI runners interpret as commands: `::` at the start of a line, and `##[…]`, `##vso[…]` anywhere.
const LINE_COMMAND = /^\s*:(?=:)/gm;
const COMMAND = /#(?=#(?:\[|vso\[|teamcity\[))/g;

/** Text from outside made harmless for a terminal and a log of CI: without escape sequences, hidden marks and commands. */
export function plain(text: string): string {
  const shown = text.replace(/\r\n?/g, "\n").replace(UNSAFE, "");
  return shown.replace(LINE_COMMAND, "$& ").replace(COMMAND, "$& ");
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plain(text).replace(/\s+/g, " ").trim();
}

/** JSON text that is harmless too and means the same: what `JSON.stringify` leaves as it is gets escaped. */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, escapeCharacter).replace(COMMAND, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function plainJson(value: unknown): string {
  return escapeJson(JSON.stringify(value, null, 2));
}
