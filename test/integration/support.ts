import { readIntegration } from "../../generator/integration/index.js";
import type { IntegrationReading } from "../../generator/integration/index.js";

/** Reads a text as `integration.yaml`, with files that it may extend. */
export function read(text: string, beside: Readonly<Record<string, string>> = {}): IntegrationReading {
  return readIntegration(
    { name: "integration.yaml", text },
    {
      readBeside: (path) => (Object.hasOwn(beside, path) ? { name: path, text: beside[path]! } : undefined),
    },
  );
}

/** `line:column severity code`, and the message without its place. */
export function shown({ diagnostics }: IntegrationReading): string[] {
  return diagnostics.map(({ at, severity, code, message }) => {
    const source = at?.source === "integration.yaml" ? "" : `${at?.source}:`;
    const place = `${at?.source}:${at?.line}:${at?.column}`;
    return `${source}${at?.line}:${at?.column} ${severity} ${code} ${message.replace(` at ${place}`, "")}`;
  });
}

/** The only scheme of a text that has nothing wrong with it. */
export function schemeOf(text: string): unknown {
  const reading = read(text);
  if (reading.diagnostics.length > 0) throw new Error(shown(reading).join("\n"));
  return reading.integration?.app.schemes[0];
}
