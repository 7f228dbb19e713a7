import type { Ora } from "ora";
import { plainLine } from "../text/plain.js";
import type { Output } from "./output.js";

/** A run shorter than this shows nothing. */
const DELAY_MS = 250;

export interface Progress {
  readonly report: (stage: string, done: number, total: number) => void;
  readonly stop: () => void;
}

/** A line that says how far a run is, on a terminal only. */
export function createProgress(output: Output): Progress {
  if (output.quiet || output.json || !process.stderr.isTTY) return { report: () => {}, stop: () => {} };
  const begun = performance.now();
  let spinner: Ora | "loading" | "stopped" | undefined;
  let text = "";
  return {
    report: (stage, done, total) => {
      text = total > 0 ? `${plainLine(stage)} ${done}/${total}` : plainLine(stage);
      if (spinner === undefined && performance.now() - begun > DELAY_MS) {
        spinner = "loading";
        void import("ora").then(({ default: ora }) => {
          if (spinner === "loading") spinner = ora({ text, stream: process.stderr }).start();
        });
      } else if (typeof spinner === "object") spinner.text = text;
    },
    stop: () => {
      if (typeof spinner === "object") spinner.stop();
      spinner = "stopped";
    },
  };
}
