import { ToolbindCallError } from "./errors.js";
import type { ResponseEnvelope } from "./options.js";
import type { CallSettings } from "./settings.js";
import type { AnyTool } from "./tool.js";
import { listIssues, validate } from "./validation.js";

const MAX_REMEMBERED = 10_000;

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
