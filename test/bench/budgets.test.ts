import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import kept from "../../bench/budgets.json" with { type: "json" };

interface Row {
  readonly name: string;
  /** Null for what needs the bundlers, where bench's own packages are not installed. */
  readonly figure: number | null;
  readonly budget: number;
}

const PROGRAM = fileURLToPath(new URL("../../bench/budgets.mjs", import.meta.url));

/** What the program prints; it exits with 1 when a budget is exceeded. */
function measured(): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, "--json"], (error, stdout) => {
      if (stdout === "") reject(error ?? new Error("nothing was printed"));
      else resolve(JSON.parse(stdout) as Row[]);
    });
  });
}

const rows = measured();

it.each(Object.keys(kept.budgets))("stays within the budget of %s", async (name) => {
  const { figure, budget } = (await rows).find((row) => row.name === name) as Row;
  if (figure !== null) expect(figure).toBeLessThanOrEqual(budget);
});
