import { ToolbindError } from "../errors.js";
import { CONFLICT_MARKERS, conflictIn } from "../text/merge-conflict.js";
import { positionOf } from "../text/position.js";

/** Names the cause if a configuration does not parse because a merge of it is not finished. */
export function refuseConflict(text: string, source: string): void {
  const conflict = conflictIn(text);
  if (conflict === undefined) return;
  throw new ToolbindError("TB1002", {
    what: "The configuration does not parse",
    at: { source, ...positionOf(text, conflict) },
    received: CONFLICT_MARKERS,
    fix: "resolve the conflict",
  });
}
