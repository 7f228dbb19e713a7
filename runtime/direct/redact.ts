import { encodeForm, encodeStrict } from "./encode.js";

const REDACTED = "[redacted]";

/** Removes secrets from what is shown, in every encoding. */
export class Redactor {
  readonly #find: () => readonly string[];
  #found: ReadonlySet<string> | undefined;
  #forms: readonly string[] | undefined;

  /** @param secrets gives the secrets, and is called when something is first shown */
  constructor(secrets: () => readonly string[]) {
    this.#find = secrets;
  }

  get #secrets(): ReadonlySet<string> {
    return (this.#found ??= new Set(this.#find().filter((secret) => secret !== "")));
  }

  /** The secrets as they are and encoded, those that contain others first. */
  get forms(): readonly string[] {
    if (this.#forms) return this.#forms;
    const forms = [...this.#secrets].flatMap((secret) => [
      secret,
      encodeURIComponent(secret.replace(/\p{Surrogate}/gu, "\uFFFD")),
      encodeStrict(secret),
      encodeForm(secret),
      JSON.stringify(secret).slice(1, -1),
    ]);
    this.#forms = [...new Set(forms)].sort((a, b) => b.length - a.length);
    return this.#forms;
  }

  text(text: string): string {
    return this.forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text);
  }

  /** A copy of what JSON can hold; other values unchanged. */
  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value === "number") return this.#secrets.has(String(value)) ? REDACTED : value;
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [this.text(key), this.value(inner)]));
  }

  headers(headers: Headers): Headers {
    const shown = new Headers();
    headers.forEach((value, name) => shown.append(name, this.text(value)));
    return shown;
  }

  /** The error thrown, or, where it contains a secret, a copy without it. */
  cause(cause: unknown): unknown {
    const { code, cause: inner } = (cause ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
    const said = [cause, inner].map((each) =>
      each instanceof Error ? `${each.message}\n${each.stack}` : String(each),
    );
    if (said.every((text) => this.text(text) === text)) return cause;
    const shown = new Error(cause instanceof Error ? this.text(cause.message) : REDACTED);
    const reason = (inner as { readonly code?: unknown } | undefined)?.code;
    return Object.assign(
      shown,
      { stack: shown.message, ...(code !== undefined && { code }) },
      reason !== undefined && { cause: { code: reason } },
    );
  }
}
