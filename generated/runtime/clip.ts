/* eslint-disable */
// Copied by toolbind; changes are overwritten.
/** The start of a text that is too long for a message. */
export function clip(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}
