export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets an own property whatever its name: an assignment to `__proto__` would not make one. */
export function setOwn(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The same value with each object rebuilt by `change`, which gets objects whose members are rebuilt already. */
function rebuild(value: Json, change: (object: JsonObject) => Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => rebuild(item, change));
  if (!isObject(value)) return value;
  const copy = {};
  for (const [key, item] of Object.entries(value)) setOwn(copy, key, rebuild(item, change));
  return change(copy);
}

/** Zod leaves a `__proto__` out of the objects it copies; a call sends the value as it was given. */
export function withoutProto(value: Json): Json {
  return rebuild(value, (object) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== "__proto__")));
}
