// A class costs a bundle nothing unless it is named: the core throws ToolbindCallError and these only distinguish codes.
// The codes are getters, since a static field, compiled to an older target, keeps a class from being tree-shaken.
import { ToolbindCallError, type ValidationIssue } from "./errors.js";

/** A client or call was set up in a way that cannot work (TB5001), or has no key (TB5002). Nothing was sent. */
export class ConfigurationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB500[12]/;
  }
}

/** The tool acts on an account, but neither a user nor an account was named. Nothing was sent. */
export class MissingIdentityError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5003/;
  }
}

/** No fixed toolkit version to call the tool at. Nothing was sent. */
export class VersionError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5004/;
  }
}

/** No toolkit passed to `withTools` or `describeTools` has a tool with this slug. Nothing was sent. */
export class UnknownToolError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5005/;
  }
}

/** An app that is called directly has not been given all credentials that it needs. Nothing was sent. */
export class MissingCredentialsError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5006/;
  }
}

/** The arguments do not fit the tool's input schema, or are not valid JSON. Nothing was sent. */
export class InputValidationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5010/;
  }
}

export interface InputValidationError {
  readonly issues: readonly ValidationIssue[];
}

/** The tool ran, but its data does not fit the output schema and `validate.output` is `strict`. */
export class OutputValidationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5011/;
  }
}

export interface OutputValidationError {
  readonly issues: readonly ValidationIssue[];
  /** The data as it came. */
  readonly data: unknown;
  readonly logId: string | undefined;
}

/** A hook threw; what it threw is the `cause`. */
export class HookError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5012/;
  }
}

/** The platform could not be reached, the connection broke, or it answered with a redirect. */
export class ConnectionError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5020/;
  }
}

/** The answer did not come within `timeoutMs`. The tool may have run. */
export class TimeoutError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5021/;
  }
}

/** The caller's signal ended the call; its reason is the `cause`. */
export class AbortError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5022/;
  }
}

/** The answer is not what the platform documents: not JSON, or without `successful`. The tool may have run. */
export class UnexpectedResponseError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5023/;
  }
}

/** A page gave a cursor that was already followed. */
export class PaginationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5024/;
  }
}

/** A file could not be read, sent or fetched, or its path or address is not allowed. */
export class FileError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5040/;
  }
}

/** An app that is called directly issued no tokens. `slug` is what its server calls the error, such as `invalid_grant`. */
export class AuthorizationError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5050/;
  }
}

/** The connections file cannot be read, decrypted or written, or others may read it. */
export class ConnectionStoreError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5051/;
  }
}

/** The tool ran and says that it failed. */
export class ToolExecutionError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5030/;
  }
}

export interface ToolExecutionError {
  /** What the tool says of the failure. */
  readonly error: string | null;
  readonly data: unknown;
  readonly logId: string | undefined;
}

/** The platform, or an app that was called directly, answered with an HTTP status that says the call failed. */
export class StatusError extends ToolbindCallError {
  static override get codes(): RegExp {
    return /TB5[45]/;
  }
}

export interface StatusError {
  readonly status: number;
  /** What an app that was called directly answered, as it came. */
  readonly data: unknown;
}

/** 400: the platform refused the request. */
export class BadRequestError extends StatusError {
  static override get codes(): RegExp {
    return /TB5400/;
  }
}

/** 401: the key is missing or not valid. */
export class AuthenticationError extends StatusError {
  static override get codes(): RegExp {
    return /TB5401/;
  }
}

/** 403: the connected account may not do this. */
export class PermissionDeniedError extends StatusError {
  static override get codes(): RegExp {
    return /TB5403/;
  }
}

/** 404: no such tool at this version, or no such connected account. */
export class NotFoundError extends StatusError {
  static override get codes(): RegExp {
    return /TB5404/;
  }
}

/** 408: the tool took longer than the platform allows. It may have run. */
export class RequestTimeoutError extends StatusError {
  static override get codes(): RegExp {
    return /TB5408/;
  }
}

/** 410: the tool was deprecated and is gone. */
export class GoneError extends StatusError {
  static override get codes(): RegExp {
    return /TB5410/;
  }
}

/** 413: the request or the answer is too large. */
export class PayloadTooLargeError extends StatusError {
  static override get codes(): RegExp {
    return /TB5413/;
  }
}

/** 422: the connected account is not usable, or the arguments cannot be processed; `slug` says which. */
export class UnprocessableEntityError extends StatusError {
  static override get codes(): RegExp {
    return /TB5422/;
  }
}

/** 429: too many requests to the platform or to the app. */
export class RateLimitError extends StatusError {
  static override get codes(): RegExp {
    return /TB5429/;
  }
}

/** 500: the platform failed. */
export class InternalServerError extends StatusError {
  static override get codes(): RegExp {
    return /TB5500/;
  }
}

/** 501: the platform does not offer this. */
export class NotImplementedError extends StatusError {
  static override get codes(): RegExp {
    return /TB5501/;
  }
}

/** 502: the platform could not talk to the app. */
export class BadGatewayError extends StatusError {
  static override get codes(): RegExp {
    return /TB5502/;
  }
}

/** 503: the app is down. */
export class ServiceUnavailableError extends StatusError {
  static override get codes(): RegExp {
    return /TB5503/;
  }
}
