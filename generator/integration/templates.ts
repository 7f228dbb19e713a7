import { nearest } from "../../runtime/nearest.js";

/** A part of a text that stands for a field, or was meant to. */
interface Part {
  /** As it is written. */
  readonly raw: string;
  /** Offset in the text. */
  readonly index: number;
}

export interface TemplateFault extends Part {
  readonly what: string;
  readonly fix: string;
}

export interface Template {
  /** With every field as `{{name}}`. */
  readonly text: string;
  /** The fields that it names. */
  readonly uses: readonly string[];
  readonly faults: readonly TemplateFault[];
  /** Names that differ from a field's only in case and punctuation; taken as that field. */
  readonly guesses: readonly (Part & { readonly meant: string })[];
}

/** What is a template or was meant to be one, up to its end on the same level or the next brace. */
const PARTS = /\{%[^{}]*\}?|\{#[^{}]*#\}|\{{3,}[^{}]*\}*|\$?\{\{[^{}]*\}\}+|(?:\{{1,2}|\$)?\$\{[^{}]*\}+|\$?\{\{|\$\{/g;
const NAME = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/;
/** What other platforms write before the name of a field. */
const PREFIX = /^(?:connectionConfig|connection_config|credentials)\./;

/** Text that looks like a template but is sent unchanged. */
const LOOKALIKES =
  /(?<![{$])\{([A-Za-z_][\w.-]*)\}(?!\})|<([A-Za-z_][\w-]*)>|(?<![\w$])\$([A-Za-z_]\w*)|(?<!\w)%([A-Za-z_]\w*)%/g;

const ONLY_NAMES = "there are no filters, expressions or statements";

/** Whether a text holds anything that could be a template. */
export function hasTemplate(text: string): boolean {
  return text.search(PARTS) !== -1;
}

/**
 * Reads a template: `{{name}}`, or as other platforms have it `${name}` and `${connectionConfig.name}`.
 * `known` are the field names that it may use; `others` maps other names to what they stand for.
 */
export function readTemplate(
  source: string,
  known: readonly string[],
  others: Readonly<Record<string, string>> = {},
): Template {
  const uses: string[] = [];
  const faults: TemplateFault[] = [];
  const guesses: (Part & { meant: string })[] = [];
  const text = source.replace(PARTS, (raw, index: number) => {
    const part = { raw, index };
    const inner = /^(?:\$\{([^{}]*)\}|\{\{([^{}]*)\}\})$/.exec(raw);
    const written = (inner?.[1] ?? inner?.[2])?.trim();
    if (written === undefined) {
      const isOpen = /^\$?\{+$/.test(raw);
      const what = isOpen ? `\`${raw}\` is never closed` : `\`${raw}\` is not a template; ${ONLY_NAMES}`;
      faults.push({ ...part, what, fix: "write the name of a field as `{{name}}`" });
      return raw;
    }
    const name = known.includes(written) ? written : written.replace(PREFIX, "");
    if (known.includes(name)) {
      uses.push(name);
      return `{{${name}}}`;
    }
    if (!NAME.test(name)) {
      faults.push({
        ...part,
        what: `\`${raw}\` contains more than the name of a field; ${ONLY_NAMES}`,
        fix: fixOf(name, known),
      });
      return raw;
    }
    const same = known.filter((each) => fold(each) === fold(name));
    if (same.length === 1) {
      guesses.push({ ...part, meant: same[0]! });
      uses.push(same[0]!);
      return `{{${same[0]!}}}`;
    }
    const other = Object.keys(others).find((each) => fold(each) === fold(name));
    if (other !== undefined) {
      const meant = others[other]!;
      if (meant !== name) guesses.push({ ...part, meant });
      uses.push(meant);
      return `{{${meant}}}`;
    }
    const meant = nearest(name, known);
    const fix =
      meant === undefined
        ? `declare \`${name}\` under \`fields\`, as \`- name: ${name}\`${known.length === 0 ? "" : `, or use ${quoteAll(known)}`}`
        : `did you mean \`{{${meant}}}\`?`;
    faults.push({ ...part, what: `\`${raw}\` does not name a field of this scheme`, fix });
    return raw;
  });
  return { text, uses, faults, guesses };
}

/** Parts of a text that other programs take as templates: `{name}`, `<name>`, and `$name` and `%name%` of a known field. */
export function lookalikesIn(text: string, known: readonly string[]): readonly (Part & { readonly fix: string })[] {
  const plain = text.replace(PARTS, (raw) => " ".repeat(raw.length));
  return [...plain.matchAll(LOOKALIKES)].flatMap(({ 0: raw, 1: braced, 2: angled, 3: dollar, 4: percent, index }) => {
    const name = braced ?? angled ?? dollar ?? percent ?? "";
    const field = known.find((each) => fold(each) === fold(name));
    if (field !== undefined) return [{ raw, index, fix: `write \`{{${field}}}\`` }];
    if (braced === undefined && angled === undefined) return [];
    return [{ raw, index, fix: `write \`{{${name}}}\` if it refers to a field, and declare that under \`fields\`` }];
  });
}

function fixOf(name: string, known: readonly string[]): string {
  const first = /[A-Za-z_][\w-]*/.exec(name)?.[0];
  if (first === undefined) return "write the name of a field as `{{name}}`";
  const field = known.includes(first) ? first : undefined;
  return field === undefined
    ? "write the name of a field as `{{name}}`, or the text itself without braces"
    : `write \`{{${field}}}\``;
}

/** Letters and digits only, so that `apiKey` and `api_key` are the same. */
export function fold(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

export function quoteAll(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
