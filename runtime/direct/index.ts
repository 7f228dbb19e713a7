export type { AppConnection, Connection, ConnectionStore } from "../connections.js";
export type {
  App,
  AuthContext,
  AuthField,
  Authoriser,
  AuthRequest,
  AuthScheme,
  OAuth1Scheme,
  OAuth2Scheme,
  PlainScheme,
  RequestAdditions,
} from "./app.js";
export { direct } from "./executor.js";
export type { Encoding, Parameter, RequestBody, Route, Server, ServerVariable } from "./route.js";
