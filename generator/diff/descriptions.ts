import type { Description } from "../openapi/document.js";
import type { Content, Operation, OperationParameter } from "../openapi/operation.js";
import { readOperations } from "../openapi/operations.js";
import type { At } from "../openapi/refs.js";
import { buildSchemaNode } from "../schema/build.js";
import { SchemaError } from "../schema/error.js";
import { worst, type ChangeClass, type Direction, type SchemaChange } from "./change.js";
import { compareSchemas } from "./schemas.js";

export interface OperationChange {
  readonly kind: "added" | "removed" | "changed";
  /** `GET /tools/{slug}`, as the description before writes it; an added one as the one after does. */
  readonly operation: string;
  readonly class: ChangeClass;
  /** Paths begin with the part of the operation: `query:limit`, `body`, `200`. */
  readonly changes: readonly SchemaChange[];
}

export interface DescriptionDiff {
  readonly class: ChangeClass;
  /** Sorted by operation. */
  readonly operations: readonly OperationChange[];
  /** How many operations the description after has on paths that the one before does not mention. */
  readonly others: number;
}

/**
 * What the step from one OpenAPI description to another means for code that sends the requests of the first. Operations
 * on paths that the first does not mention are counted; a different wording is not a change.
 */
export function diffDescriptions(before: Description, after: Description): DescriptionDiff {
  const old = operationsOf(before);
  const now = operationsOf(after);
  const paths = new Set([...old.values()].map(({ path }) => withoutNames(path)));
  const operations: OperationChange[] = [];
  let others = 0;
  for (const [key, operation] of old) {
    const other = now.get(key);
    const name = nameOf(operation);
    if (other === undefined) operations.push({ kind: "removed", operation: name, class: "breaking", changes: [] });
    else {
      const changes = new DescriptionComparison(before, after).operations(operation, other);
      if (changes.length === 0) continue;
      operations.push({ kind: "changed", operation: name, class: worst(changes.map((each) => each.class)), changes });
    }
  }
  for (const [key, operation] of now) {
    if (old.has(key)) continue;
    if (paths.has(withoutNames(operation.path)))
      operations.push({ kind: "added", operation: nameOf(operation), class: "safe", changes: [] });
    else others++;
  }
  operations.sort((a, b) => (a.operation < b.operation ? -1 : 1));
  return { class: worst(operations.map((each) => each.class)), operations, others };
}

/** By method and path; the names of a path's parameters make no difference to a request. */
function operationsOf(description: Description): Map<string, Operation> {
  // Unreadable parts of one description are missing there, and show as such.
  const operations = [...readOperations(description, () => {})];
  return new Map(operations.map((each) => [`${each.method} ${withoutNames(each.path)}`, each]));
}

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function withoutNames(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

class DescriptionComparison {
  readonly #before: Description;
  readonly #after: Description;
  readonly #changes: SchemaChange[] = [];

  constructor(before: Description, after: Description) {
    this.#before = before;
    this.#after = after;
  }

  operations(before: Operation, after: Operation): readonly SchemaChange[] {
    if (!before.deprecated && after.deprecated) this.#add("risky", "", "is now deprecated");
    this.#parameters(before, after);
    this.#body(before, after);
    this.#answers(before, after);
    return this.#changes;
  }

  #add(kind: ChangeClass, path: string, text: string): void {
    this.#changes.push({ class: kind, path, text });
  }

  #parameters(before: Operation, after: Operation): void {
    const old = parametersOf(before);
    const now = parametersOf(after);
    for (const [key, parameter] of old) {
      const other = now.get(key);
      if (other === undefined) {
        this.#add("breaking", key, "parameter removed");
        continue;
      }
      if (!parameter.required && other.required) this.#add("breaking", key, "is now required");
      if (parameter.required && !other.required) this.#add("safe", key, "is now optional");
      if (!parameter.deprecated && other.deprecated) this.#add("risky", key, "is now deprecated");
      const [wrote, writes] = [serialisationOf(parameter), serialisationOf(other)];
      if (wrote !== writes) this.#add("breaking", key, `is written as ${writes}, was ${wrote}`);
      this.#schemas(parameter.schema, other.schema, "input", key);
    }
    for (const [key, { required }] of now) {
      if (old.has(key)) continue;
      this.#add(required ? "breaking" : "safe", key, `new ${required ? "required" : "optional"} parameter`);
    }
  }

  #body({ body: old }: Operation, { body: now }: Operation): void {
    if (old === undefined || now === undefined) {
      if (old !== undefined) this.#add("breaking", "body", "is no longer accepted");
      if (now !== undefined)
        this.#add(now.required ? "breaking" : "safe", "body", `new ${now.required ? "required" : "optional"} body`);
      return;
    }
    if (!old.required && now.required) this.#add("breaking", "body", "is now required");
    if (old.required && !now.required) this.#add("safe", "body", "is now optional");
    this.#contents(old.contents, now.contents, "input", "body");
  }

  #answers({ responses: old }: Operation, { responses: now }: Operation): void {
    for (const { status, contents } of old) {
      const other = now.find((each) => each.status === status);
      if (other !== undefined) this.#contents(contents, other.contents, "output", status);
      else this.#add(isSuccess(status) ? "breaking" : "safe", status, "is no longer among the responses");
    }
    for (const { status } of now) {
      if (old.some((each) => each.status === status)) continue;
      this.#add(isSuccess(status) ? "risky" : "safe", status, "is now among the responses");
    }
  }

  #contents(old: readonly Content[], now: readonly Content[], direction: Direction, path: string): void {
    for (const { type, schema } of old) {
      const other = now.find((each) => each.type === type);
      if (other === undefined) this.#add("breaking", path, `is no longer ${type}`);
      else this.#schemas(schema, other.schema, direction, path);
    }
    for (const { type } of now) {
      if (old.some((each) => each.type === type)) continue;
      this.#add(direction === "input" ? "safe" : "risky", path, `may now be ${type}`);
    }
  }

  #schemas(before: At | undefined, after: At | undefined, direction: Direction, path: string): void {
    // No schema says nothing, as an empty one does.
    const anything = { pointer: "", value: true };
    try {
      const [old, now] = [rootOf(this.#before, before ?? anything), rootOf(this.#after, after ?? anything)];
      for (const change of compareSchemas(old, now, direction, { wording: false }))
        this.#add(change.class, `${path}${change.path}`, change.text);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      this.#add("risky", path, `cannot be compared: ${error.message}`);
    }
  }
}

function rootOf(
  { root, dialect, source, load }: Description,
  { pointer, value }: Pick<At, "pointer" | "value">,
): ReturnType<typeof buildSchemaNode>["root"] {
  const isMade = pointer === "";
  return buildSchemaNode({ document: isMade ? value : root, pointer, dialect, location: { source, pointer } }, load)
    .root;
}

/** By place and name; those of the path by their position, as their names are never sent. */
function parametersOf({ parameters, path }: Operation): Map<string, OperationParameter> {
  const names = [...path.matchAll(/\{([^}]*)\}/g)].map((match) => match[1]);
  return new Map(
    parameters.map((parameter) => {
      const { in: place, name } = parameter;
      if (place === "path") return [`path:${names.indexOf(name) + 1}`, parameter];
      return [`${place}:${place === "header" ? name.toLowerCase() : name}`, parameter];
    }),
  );
}

/** How a value becomes text, the defaults of OpenAPI filled in. */
function serialisationOf({ in: place, content, style, explode }: OperationParameter): string {
  if (content !== undefined) return content;
  const effective = style ?? (place === "query" || place === "cookie" ? "form" : "simple");
  return `${effective}${(explode ?? effective === "form") ? ", exploded" : ""}`;
}

function isSuccess(status: string): boolean {
  return status.startsWith("2") || status === "default";
}
