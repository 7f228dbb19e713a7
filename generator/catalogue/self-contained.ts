import type { SchemaDocument } from "./types.js";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A schema with all that it refers to, as one JSON value: its own document, or, where it is one of the many parts of an
 * app's document, that part beside the schemas that the parts share.
 */
export function selfContained({ document, pointer }: SchemaDocument): unknown {
  if (pointer === "" || !isPartOfApp(pointer)) return document;
  const keys = pointer.split("/").slice(1);
  const part = keys.reduce<unknown>((value, key) => (value as JsonObject)[key], document);
  if (typeof part !== "object" || part === null) return part;
  const { components, definitions } = document as JsonObject;
  const { schemas } = (components ?? {}) as JsonObject;
  return {
    ...part,
    ...(schemas !== undefined && { components: { schemas } }),
    ...(definitions !== undefined && { definitions }),
  };
}

/** Where the made-up parts of an app's document stand. */
export const PARTS = "x-toolbind-parts";

function isPartOfApp(pointer: string): boolean {
  return pointer.startsWith(`/${PARTS}/`);
}
