import type { Validation } from "./types.js";

/** What applies where neither the call, nor the client, nor the environment says otherwise. */
export const DEFAULTS: {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly validate: Required<Validation>;
} = {
  baseUrl: "https://backend.composio.dev",
  timeoutMs: 60_000,
  validate: { input: "strict", output: "warn" },
};
