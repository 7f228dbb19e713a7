import { cancel, intro, isCancel, log, outro, password, select, text } from "@clack/prompts";
import type { App, AuthField, AuthScheme } from "../../../runtime/direct/app.js";
import { plain } from "../../text/plain.js";
import { faultIn, type Given, type GivenFields } from "./fields.js";

const BROKEN_OFF = "Nothing was stored.";

export function begin({ name }: App): void {
  intro(`toolbind connect: ${plain(name)}`);
}

export function end(): void {
  outro("Connected.");
}

/** Asks which scheme to use, where there is more than one; undefined when the user breaks off. */
export async function askScheme(schemes: readonly AuthScheme[]): Promise<AuthScheme | undefined> {
  if (schemes.length === 1) return schemes[0];
  const chosen = await select({
    message: "How should it be connected?",
    options: schemes.map((scheme, index) => ({ value: index, label: plain(scheme.name), hint: scheme.mode })),
  });
  if (!isCancel(chosen)) return schemes[chosen];
  cancel(BROKEN_OFF);
  return undefined;
}

/** Asks for the fields that have no value yet; undefined when the user breaks off. */
export async function askFields(fields: readonly AuthField[], given: GivenFields): Promise<GivenFields | undefined> {
  const answers = new Map<string, Given>();
  for (const field of fields) {
    const known = given.get(field.name);
    if (known !== undefined && known.from !== "default") {
      log.info(`${labelOf(field)}: from ${known.from === "environment" ? "the environment" : "the command line"}`);
      continue;
    }
    const answer = await askField(field, known?.value);
    if (answer === undefined) {
      cancel(BROKEN_OFF);
      return undefined;
    }
    if (answer !== "") answers.set(field.name, { value: answer, from: "person" });
  }
  return answers;
}

async function askField(field: AuthField, initial: string | undefined): Promise<string | undefined> {
  const about = field.description === undefined ? "" : `\n${plain(field.description)}`;
  const message = `${labelOf(field)}${field.required ? "" : " (optional)"}${about}`;
  const validate = (value: string | undefined): string | undefined => faultIn(field, (value ?? initial ?? "").trim());
  const answer = field.secret
    ? await password({ message, validate })
    : await text({ message, validate, ...(initial !== undefined && { initialValue: initial }) });
  return isCancel(answer) ? undefined : (answer ?? "").trim();
}

function labelOf({ name, displayName }: AuthField): string {
  return plain(displayName ?? name);
}

/** Shows where to go, on a line of its own so that it can be copied. */
export function showUrl(url: string): void {
  log.step("Open this address and allow access:");
  process.stdout.write(`\n${plain(url)}\n\n`);
}

/** Asks for the address that the browser was sent to; undefined when the user breaks off. */
export async function askArrival(redirectUri: string): Promise<URL | undefined> {
  const answer = await text({
    message: `You are then redirected to ${plain(redirectUri)}. Paste the full address that the browser shows there:`,
    validate: (value) => (URL.canParse((value ?? "").trim()) ? undefined : "Paste the full address."),
  });
  if (!isCancel(answer)) return new URL(answer.trim());
  cancel(BROKEN_OFF);
  return undefined;
}
