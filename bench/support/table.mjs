/**
 * A topic gives tables: `{ title, columns, rows, notes? }`. A column is `{ key, title, unit }`; a row is
 * `{ name, kind, figures, bar?, failure? }`, where kind is `toolbind`, `peer` or `floor`, and a bar is `{ text, met }`.
 */
const UNITS = {
  seconds: (value) => value.toFixed(value < 10 ? 3 : 1),
  milliseconds: (value) => value.toFixed(value < 100 ? 1 : 0),
  microseconds: (value) => value.toFixed(value < 10 ? 2 : 0),
  nanoseconds: (value) => value.toFixed(0),
  megabytes: (value) => (value / 1e6).toFixed(value < 1e7 ? 2 : 0),
  kilobytes: (value) => (value / 1e3).toFixed(2),
  ratio: (value) => `${value.toFixed(value < 10 ? 2 : 0)}×`,
  percent: (value) => `${value.toFixed(1)} %`,
  count: (value) => Math.round(value).toLocaleString("en"),
};

export function printTable({ title, columns, rows, notes = [] }) {
  const barred = rows.some(({ bar }) => bar !== undefined);
  const headings = ["", ...columns.map((column) => column.title), ...(barred ? ["bar", ""] : [])];
  const lines = rows.map(({ name, kind, figures = {}, bar, failure }) => {
    const label = kind === "toolbind" ? name : `${kind}: ${name}`;
    if (failure !== undefined) return [label, failure];
    const cells = columns.map(({ key, unit }) => (figures[key] === undefined ? "" : UNITS[unit](figures[key])));
    return [label, ...cells, ...(barred ? [bar?.text ?? "", bar === undefined ? "" : bar.met ? "met" : "MISSED"] : [])];
  });
  const whole = [headings, ...lines].filter((line) => line.length === headings.length);
  const widths = headings.map((_, at) => Math.max(...whole.map((line) => line[at].length)));
  widths[0] = Math.max(...lines.map(([label]) => label.length));
  const print = ([label, ...cells]) => {
    if (cells.length !== headings.length - 1) return `${label.padEnd(widths[0])}  fails: ${cells[0]}`;
    return [label.padEnd(widths[0]), ...cells.map((cell, at) => cell.padStart(widths[at + 1]))].join("  ").trimEnd();
  };
  return [title, "", print(headings), ...lines.map(print), ...notes.map((note) => `- ${note}`)].join("\n");
}

/** Figures of interleaved cases as rows, with the ratio of one figure to that of the first row. */
export function rowsOf(results, described, { ratioOf } = {}) {
  const base = results.get(described[0].name)?.[ratioOf];
  return described.map(({ name, kind = "toolbind", label = name, barOf }) => {
    const { failure, ...figures } = results.get(name);
    if (failure !== undefined) return { name: label, kind, failure };
    if (ratioOf !== undefined && base !== undefined) figures.ratio = figures[ratioOf] / base;
    return { name: label, kind, figures, ...(barOf !== undefined && { bar: barOf(figures) }) };
  });
}

/** Bars on figures: `{ cpu: [0.6, "0.6 s"] }`; all have to be met. */
export function under(limits) {
  const entries = Object.entries(limits);
  return (figures) => ({
    text: `< ${entries.map(([, [, text]]) => text).join(", ")}`,
    met: entries.every(([key, [limit]]) => figures[key] < limit),
  });
}
