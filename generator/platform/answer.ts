import type { HttpAnswer } from "./transport.js";

/** The JSON of a body; undefined if it is not JSON. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function looksLikeHtml(text: string): boolean {
  return /^\s*<(?:!doctype|html|\?xml|head|body)/i.test(text);
}

/** What a body that is not JSON seems to be. */
export function describeText(text: string, headers: HttpAnswer["headers"]): string {
  if (text.trim() === "") return "an empty body";
  if (!looksLikeHtml(text))
    return `${text.length} characters of ${headers.get("content-type") ?? "no type"}, truncated or not JSON`;
  const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1]?.trim();
  return title === undefined || title === "" ? "an HTML page" : `an HTML page, "${title}"`;
}

function errorIn(body: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  return typeof error === "object" && error !== null ? (error as Record<string, unknown>) : { message: error };
}

/** Whether a body is one that the platform documents for failures. */
export function isErrorBody(body: unknown): boolean {
  return errorIn(body) !== undefined;
}

/** Says that the address is wrong, not that what was asked for does not exist. */
export function isRouteError(body: unknown): boolean {
  return /route/i.test(String(errorIn(body)?.["slug"] ?? ""));
}

export function messageIn(body: unknown): string {
  const message = errorIn(body)?.["message"];
  return typeof message === "string" ? message : "no reason given";
}

/** What the platform says to do about a failure. */
export function suggestionIn(body: unknown): string | undefined {
  const suggestion = errorIn(body)?.["suggested_fix"];
  return typeof suggestion === "string" && suggestion !== "" ? suggestion : undefined;
}
