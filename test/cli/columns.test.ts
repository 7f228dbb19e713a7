import { afterEach, expect, test } from "vitest";
import { columns } from "../../generator/terminal/output.js";

const { isTTY, columns: width } = process.stdout;

afterEach(() => {
  Object.assign(process.stdout, { isTTY, columns: width });
});

const rows = [
  ["SLUG", "DESCRIPTION"],
  ["ACME_ONE", "Ends with 🚀"],
];

test("columns end where a terminal does, and no character is cut in two", () => {
  Object.assign(process.stdout, { isTTY: true, columns: 22 });
  expect(columns(rows)).toBe("SLUG      DESCRIPTION\nACME_ONE  Ends with 🚀");
  Object.assign(process.stdout, { columns: 21 });
  expect(columns(rows)).toBe("SLUG      DESCRIPTION\nACME_ONE  Ends with …");
  Object.assign(process.stdout, { columns: 16 });
  expect(columns(rows)).toBe("SLUG      DESCR…\nACME_ONE  Ends …");
});

test("columns are whole on a terminal that does not know its width", () => {
  Object.assign(process.stdout, { isTTY: true, columns: 0 });
  expect(columns(rows)).toBe("SLUG      DESCRIPTION\nACME_ONE  Ends with 🚀");
});
