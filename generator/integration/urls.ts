import { isLoopback } from "../../runtime/direct/loopback.js";

const FIELD = /\{\{[^{}]*\}\}/g;

/** Why a URL cannot be used, and what was expected. */
export interface UrlFault {
  readonly expected: string;
  readonly fix?: string;
}

/**
 * What is wrong with a URL whose parts may be `{{fields}}`: it has to be `https`, or `http` on this machine. One that
 * starts with a field is determined by the connection, and checked when it is used.
 */
export function urlFault(template: string): UrlFault | undefined {
  const expected = "an https URL (http only on this machine)";
  if (/\s/.test(template.replace(FIELD, ""))) return { expected: `${expected}, without spaces` };
  if (/^\{\{[^{}]*\}\}(?:[/?].*)?$/.test(template)) return undefined;
  const single = /(?<!\{)\{([\w-]+)\}(?!\})/.exec(template);
  if (single !== null) return { expected, fix: `write \`{{${single[1]}}}\` for a field` };
  if (!/^[a-z][a-z0-9+.-]*:/i.test(template)) {
    return { expected, fix: `write \`https://${template.replace(/^\/+/, "").slice(0, 60)}\`` };
  }
  // A digit fits in a host, in a port and in a path.
  const plain = template.replace(FIELD, "1");
  const url = URL.canParse(plain) ? new URL(plain) : undefined;
  if (url === undefined) return { expected };
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    return url.protocol === "http:" ? { expected, fix: `write \`https:${template.slice(5, 60)}\`` } : { expected };
  }
  if (url.username !== "" || url.password !== "") return { expected: `${expected}, without user name and password` };
  return url.hash === "" ? undefined : { expected: `${expected}, without \`#\`` };
}

/** Whether a link can be shown to people. */
export function isLink(text: string): boolean {
  if (/[\s<>"`]/.test(text) || !URL.canParse(text)) return false;
  return /^https?:$/.test(new URL(text).protocol);
}

/** Whether a path names a file below the folder that it is relative to. */
export function isPathBelow(path: string): boolean {
  if (path === "" || /[\\:\0]/.test(path) || path.startsWith("/")) return false;
  return !path.split("/").includes("..");
}
