import { ToolbindCallError, type ValidationIssue } from "./errors.js";
import type { CallSettings } from "./settings.js";
import type { AnyTool, ResponseEnvelope } from "./types.js";
import { listIssues, validate } from "./validation.js";

const MAX_REMEMBERED = 10_000;

/** @throws InputValidationError for arguments that do not fit the tool's input schema */
export function checkArguments(tool: AnyTool, settings: CallSettings, args: unknown): void {
  const issues = settings.validate.input === "off" ? [] : validate(tool.input, args, true);
  if (issues.length > 0) throw invalid(settings.facts, listIssues(issues), issues);
}

export function invalid(
  facts: CallSettings["facts"],
  why: string,
  issues: readonly ValidationIssue[] = [],
  cause?: unknown,
): ToolbindCallError {
  const text = ["was given invalid arguments", why, "correct them; nothing was sent"] as const;
  return new ToolbindCallError("TB5010", text, { ...facts, issues, cause });
}

/**
 * Holds data against the tool's output schema.
 * @returns the answer, with what does not fit under `drift`
 * @throws OutputValidationError when validation is strict
 */
export function checkData(
  tool: AnyTool,
  { facts, client, validate: mode }: CallSettings,
  answer: ResponseEnvelope<unknown>,
): ResponseEnvelope<unknown> {
  const drift = mode.output === "off" ? [] : validate(tool.output, answer.data, false);
  if (drift.length === 0) return answer;
  if (mode.output === "strict") {
    const remedy = 'it ran; set validate: { output: "warn" } to take it';
    const { data, logId, status, requestId } = answer;
    const details = { ...facts, status, requestId, issues: drift, data, logId };
    throw new ToolbindCallError("TB5011", ["gave unexpected data", listIssues(drift), remedy], details);
  }
  const { reported, options } = client;
  if (reported.size > MAX_REMEMBERED) reported.clear();
  const issues = drift.filter(({ pointer }) => {
    const place = `${facts.toolSlug}@${facts.version}${pointer.replace(/\/\d+(?=\/|$)/g, "/0")}`;
    return !reported.has(place) && reported.add(place);
  });
  if (issues.length > 0) {
    (async () => options.onDrift?.({ slug: facts.toolSlug, version: facts.version, issues }))().catch(() => {});
  }
  return { ...answer, drift };
}
