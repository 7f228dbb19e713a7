import type { YAMLError } from "yaml";
import { CONFLICT_MARKERS, conflictIn } from "../text/merge-conflict.js";
import type { Problems } from "./problems.js";
import type { IntegrationFile } from "./types.js";

/** `key: {{name}}…` and `- {{name}}…` without quotes, with what stands before the value. */
const UNQUOTED_TEMPLATE = /^(\s*(?:-\s+)*(?:[^\s#"'{[][^:#"']*:\s+|-\s+))(\{\{.*?)\s*$/;
/** `key: text` without quotes, containing characters that YAML treats as syntax. */
const UNQUOTED_TEXT = /^\s*(?:-\s+)*([\w .-]{1,60}):\s+(?:([@`%])|[^\s"'{[|>#&*!][^#]*?(:)(?:\s|$))/;
const FIRST_LINE = /^(?:[ \t]*(?:#.*|---)?\r?\n)*( +)\S/;

/** Reports why a text is not valid YAML: the first error, which usually causes the others, and every unquoted template. */
export function explainSyntax(file: IntegrationFile, errors: readonly YAMLError[], problems: Problems): void {
  const lines = new Set<number>();
  let first = true;
  for (const { code, pos, message } of errors) {
    const offset = Math.min(pos[0], file.text.length);
    const start = file.text.lastIndexOf("\n", offset - 1) + 1;
    const line = lineAt(file.text, offset);
    if (lines.has(start)) continue;
    lines.add(start);
    const template = UNQUOTED_TEMPLATE.exec(line);
    const [, before = "", value = ""] = template ?? [];
    if (template !== null) {
      problems.error(
        "TB2050",
        { file, offset: start + before.length },
        {
          what: "A value that starts with `{{` must be quoted",
          expected: "text in quotes",
          received: `\`${value.slice(0, 60)}\``,
          fix: `write \`${before.trim()} ${JSON.stringify(value.replace(/\s+#.*$/, "").slice(0, 60))}\``,
        },
      );
    } else if (first) problems.error("TB2050", { file, offset }, explain(file.text, offset, code, message));
    first = false;
  }
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return text.slice(start).split(/\r?\n/, 1)[0]!;
}

function explain(
  text: string,
  offset: number,
  code: string,
  message: string,
): { what: string; expected?: string; received?: string; fix: string } {
  const what = "The integration file is not YAML";
  if (conflictIn(text) !== undefined)
    return { what, expected: "YAML", received: CONFLICT_MARKERS, fix: "resolve the conflict" };
  const tabs = code === "TAB_AS_INDENT" || /^\t/.test(text.slice(offset));
  if (tabs)
    return { what, expected: "spaces as indentation", received: "a tab", fix: "replace each tab with two spaces" };
  const indent = FIRST_LINE.exec(text)?.[1];
  if (indent !== undefined && !text.startsWith(" ", text.lastIndexOf("\n", offset - 1) + 1)) {
    return {
      what,
      expected: `${indent.length} spaces at the start of the line, as in the first one`,
      received: "fewer",
      fix: "remove the spaces before the first key",
    };
  }
  const [, key, sign, colon] = UNQUOTED_TEXT.exec(lineAt(text, offset)) ?? [];
  if (key !== undefined) {
    return {
      what,
      expected: "text in quotes",
      received: `\`${sign ?? colon}\` in unquoted text`,
      fix: `put the text after \`${key.trim()}:\` in quotes`,
    };
  }
  return { what: `${what} (${message.replace(/\s+/g, " ").replace(/\.$/, "")})`, fix: "correct the line" };
}
