import { ERROR_CATALOGUE, type Diagnostic, type ErrorCode } from "../errors.js";
import { plain } from "../text/plain.js";
import { count, styled, type Output } from "./output.js";

const SHOWN_OF_A_KIND = 10;

/** Prints diagnostics by kind, errors last, where the eye ends up. With `--quiet` only errors. */
export function printDiagnostics(output: Output, diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const warnings = diagnostics.filter(({ severity }) => severity === "warning");
  if (!output.quiet) printGroups(output, warnings);
  printGroups(output, errors);
  if (errors.length > 0) output.problem(`${count(errors.length, "error")}, ${count(warnings.length, "warning")}`);
  else if (warnings.length > 0) output.note(count(warnings.length, "warning"));
}

function printGroups(output: Output, diagnostics: readonly Diagnostic[]): void {
  const groups = new Map<ErrorCode, Diagnostic[]>();
  for (const each of diagnostics) {
    const group = groups.get(each.code);
    if (group === undefined) groups.set(each.code, [each]);
    else group.push(each);
  }
  for (const [code, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const colour = group[0]?.severity === "error" ? "red" : "yellow";
    const heading = `${group[0]?.severity ?? ""} ${code}: ${ERROR_CATALOGUE[code].title} (${group.length})`;
    output.problem(styled(process.stderr, colour, heading));
    for (const { message } of group.slice(0, SHOWN_OF_A_KIND))
      output.problem(`  ${plain(message).replaceAll("\n", "\n    ")}`);
    if (group.length > SHOWN_OF_A_KIND) {
      output.problem(`  … and ${group.length - SHOWN_OF_A_KIND} more; \`--json\` lists them all`);
    }
  }
}
