import { execFile } from "node:child_process";
import { expect, it } from "vitest";

const MEASURE = new URL("../../bench/support/measure.mjs", import.meta.url).href;

/** What the bench shows of a program that prints this and fails. */
function shown(stdout: string, stderr: string): Promise<string> {
  const program = `process.stdout.write(${JSON.stringify(stdout)}); process.stderr.write(${JSON.stringify(stderr)});
process.exitCode = 1;`;
  const source = `import { interleave, commandCase } from ${JSON.stringify(MEASURE)};
const results = await interleave([commandCase("x", [process.execPath, "-e", ${JSON.stringify(program)}])], 1);
process.stdout.write(results.get("x").failure);`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["--input-type=module", "-e", source], (error, printed) => {
      if (error === null) resolve(printed);
      else reject(error);
    });
  });
}

it.each([
  ["a heading\nzod - Cannot read it\nOne or more failed\n", "", "zod - Cannot read it"],
  ["", "\u001b[31mTypeError: no such thing\u001b[39m\n    at error (x.js:1)\n", "TypeError: no such thing"],
  [
    "",
    `var e="error";${"x".repeat(500)}\n   ^\n\nSyntaxError: ',' expected. (1:63)\n`,
    "SyntaxError: ',' expected. (1:63)",
  ],
  ["Nothing to do\n", "", "Nothing to do"],
  ["", "", "exit code 1"],
])("shows of %j and %j what went wrong", async (stdout, stderr, expected) => {
  expect(await shown(stdout, stderr)).toBe(expected);
});
