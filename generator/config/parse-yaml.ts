import { isMap, isNode, isScalar, isSeq, parseDocument, type Node } from "yaml";
import { ToolbindError } from "../errors.js";
import { positionOf } from "../text/position.js";
import type { KeyPath } from "../text/locate.js";
import { refuseConflict } from "./conflict.js";

export function parseYamlConfig(
  text: string,
  source: string,
): { value: unknown; locate: (path: KeyPath) => number | undefined } {
  const document = parseDocument(text, { prettyErrors: false, strict: true });
  const error = document.errors[0];
  if (error !== undefined) {
    refuseConflict(text, source);
    throw new ToolbindError("TB1002", {
      what: `The configuration does not parse as YAML (${error.message.replace(/\.$/, "")})`,
      at: { source, ...positionOf(text, error.pos[0]) },
      cause: error,
    });
  }
  try {
    // Every key has a default: a file of comments is a configuration.
    return {
      value: document.contents === null ? {} : document.toJS(),
      locate: (path) => locateNode(document.contents, path),
    };
  } catch (cause) {
    const what = `The configuration does not parse as YAML (${cause instanceof Error ? cause.message : String(cause)})`;
    throw new ToolbindError("TB1002", { what, at: { source }, cause });
  }
}

/** The offset of the last key of a path, or of the nearest enclosing one. */
function locateNode(root: Node | null, path: KeyPath): number | undefined {
  let node: unknown = root;
  let offset: number | undefined;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      offset = isNode(pair.key) ? (pair.key.range?.[0] ?? offset) : offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = isNode(node) ? (node.range?.[0] ?? offset) : offset;
    } else break;
  }
  return offset;
}
