import { diagnostic, type Diagnostic } from "../errors.js";
import { nearest } from "../../runtime/nearest.js";

/** The names of the file; the first that exists is used. */
export const INTEGRATION_FILES = [
  "integration.yaml",
  "integrations.yaml",
  "integration.yml",
  "integrations.yml",
] as const;

export interface FoundIntegration {
  /** Undefined if there is none, or more than one. */
  readonly name: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds a folder's `integration.yaml`. Two of them are an error, and so is a file with a similar name, since it would
 * be ignored silently.
 * @param names of the folder's files
 * @param folder as messages name it
 */
export function findIntegration(names: readonly string[], folder: string): FoundIntegration {
  const found = INTEGRATION_FILES.filter((name) => names.includes(name));
  const [name, other] = found;
  if (other !== undefined) {
    const what = `There are two integration files, \`${name}\` and \`${other}\`,`;
    const details = { what, at: { source: folder }, expected: "one", fix: `remove \`${other}\`` };
    return { name: undefined, diagnostics: [diagnostic("TB2054", "error", details)] };
  }
  if (name !== undefined) return { name, diagnostics: [] };
  const near = [...names].sort().filter(isNear);
  const diagnostics = near.map((each) => {
    const meant = each.toLowerCase().includes("integrations") ? "integrations.yaml" : "integration.yaml";
    return diagnostic("TB2054", "error", {
      what: "The integration file is misnamed",
      at: { source: `${folder}/${each}` },
      expected: `\`${meant}\``,
      received: `\`${each.slice(0, 60)}\``,
      fix: `rename it to \`${meant}\``,
    });
  });
  return { name: undefined, diagnostics };
}

function isNear(name: string): boolean {
  const [, stem, extension] = /^(.*?)(\.ya?ml|\.json|\.txt)?$/is.exec(name) ?? [];
  if (stem === undefined || (extension === undefined && !/ya?ml$/i.test(stem))) return false;
  return nearest(stem.replace(/[._-]?ya?ml$/i, ""), ["integration", "integrations"]) !== undefined;
}
