import { ToolbindError } from "../errors.js";

/** Somebody else has written what is about to be replaced: another run, say. */
export class ChangedMeanwhile extends Error {
  constructor(what: string) {
    super(`${what} has changed in the meantime`);
  }
}

/** @param state of what was there before, such as `it is unchanged` */
export function cannotWrite(subject: string, path: string, cause: unknown, state?: string): ToolbindError {
  if (cause instanceof ToolbindError) return cause;
  const reason = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.message : String(cause));
  return new ToolbindError("TB4001", {
    what: `${subject} cannot be written (${reason})${state === undefined ? "" : `; ${state}`}`,
    at: { source: path },
    fix: cause instanceof ChangedMeanwhile ? "run it again" : "check the folder's permissions and the free space",
    cause,
  });
}

export function inTheWay(path: string, received: string, fix: string): ToolbindError {
  return new ToolbindError("TB4002", {
    what: "A file that toolbind did not write is in the way",
    at: { source: path },
    expected: "nothing, or a file that toolbind wrote",
    received,
    fix,
  });
}
