/** One thing that was done, or was there already. */
export interface Step {
  readonly action: "written" | "changed" | "copied" | "kept" | "missing";
  readonly path: string;
  readonly files?: number;
  readonly note?: string;
}
