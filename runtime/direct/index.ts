export type { AppConnection, Connection, ConnectionStore } from "../connections.js";
export type { App, AuthField, AuthScheme, OAuth1Scheme, OAuth2Scheme, PlainScheme, RequestAdditions } from "./app.js";
export type { AuthContext, Authoriser, AuthRequest } from "./authoriser.js";
export { direct } from "./executor.js";
export type { Encoding, Parameter, RequestBody, Route, Server, ServerVariable } from "./route.js";
