/** Files given with `--project`; false for `--no-project`. */
export type ProjectFlag = readonly string[] | false | undefined;

/** Which code of the user's is looked at. */
export const PROJECT: readonly [
  flags: string,
  description: string,
  parse: (file: string, others: ProjectFlag) => ProjectFlag,
] = [
  "--project <tsconfig>",
  "your project (default: tsconfig.json beside the configuration); may be repeated",
  (file, others) => [...(others || []), file],
];
