/** The meaning of a command's exit code. */
export const EXIT = {
  done: 0,
  /** The user's input or configuration. */
  input: 1,
  usage: 2,
  /** A check found a difference. */
  difference: 3,
  /** A bug of ours. */
  bug: 70,
} as const;
