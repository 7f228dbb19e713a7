/**
 * What a change means to code that was written against the version before.
 * `breaking` code no longer compiles; `risky` code compiles, and may fail or behave differently at run time.
 */
export type ChangeClass = "breaking" | "risky" | "safe";

/** Arguments go to the tool, data comes from it: what is safe one way breaks the other. */
export type Direction = "input" | "output";

/** One difference inside a tool. */
export interface SchemaChange {
  readonly class: ChangeClass;
  /** Where in the arguments or data: `/labels/[]/name`. Empty for the whole. */
  readonly path: string;
  /** A sentence without a full stop. */
  readonly text: string;
}

/** The worst class of several; `safe` for none. */
export function worst(classes: Iterable<ChangeClass>): ChangeClass {
  let found: ChangeClass = "safe";
  for (const each of classes) {
    if (each === "breaking") return each;
    if (each === "risky") found = each;
  }
  return found;
}
