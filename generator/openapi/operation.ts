import type { Server } from "../../runtime/direct/route.js";
import type { JsonObject } from "../text/json.js";
import type { At } from "./refs.js";

/** One operation of a description, whatever its edition. */
export interface Operation {
  /** In upper case. */
  readonly method: string;
  readonly path: string;
  readonly id: string | undefined;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  readonly parameters: readonly OperationParameter[];
  readonly body: OperationBody | undefined;
  readonly responses: readonly OperationResponse[];
  /** Alternatives, each with its schemes by name and the scopes that they require; undefined where the description does not say. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[] | undefined;
  /** Empty if it has none of its own. */
  readonly servers: readonly Server[];
  readonly extensions: JsonObject;
  readonly at: At<JsonObject>;
}

export interface OperationParameter {
  readonly name: string;
  readonly in: "path" | "query" | "querystring" | "header" | "cookie";
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly description: string | undefined;
  readonly example: unknown;
  readonly style: string | undefined;
  readonly explode: boolean | undefined;
  readonly allowReserved: boolean;
  /** A value in a path may hold slashes, which are sent as they are. */
  readonly isRaw: boolean;
  /** The separators of lists within the list, level by level. */
  readonly inner: readonly string[] | undefined;
  /** Media type that the value is serialised in, instead of a style. */
  readonly content: string | undefined;
  readonly schema: At | undefined;
}

/** A body in one of the media types that the operation takes. */
export interface OperationBody {
  readonly required: boolean;
  readonly description: string | undefined;
  readonly contents: readonly Content[];
}

export interface Content {
  readonly type: string;
  readonly schema: At | undefined;
  /** OpenAPI 3.2: the schema of each item of a stream. */
  readonly items: At | undefined;
  readonly encoding: At<JsonObject> | undefined;
}

export interface OperationResponse {
  /** `200`, `2XX` or `default`. */
  readonly status: string;
  readonly description: string | undefined;
  readonly contents: readonly Content[];
}
