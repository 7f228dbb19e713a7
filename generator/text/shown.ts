/** Text from outside as a message shows it: on one line, and not long. */
export function clip(text: string, most: number = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** A value from outside as a message shows it: what is short as JSON has it, and everything else by its type. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(clip(value));
  return typeof value === "number" || typeof value === "boolean" ? String(value) : typeName(value);
}

/** The type of a value, as in `received an array`. */
export function typeName(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return withArticle(Array.isArray(value) ? "array" : typeof value);
}

export function withArticle(noun: string): string {
  return `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;
}
