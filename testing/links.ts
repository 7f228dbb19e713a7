import { errorResponse } from "./errors.js";
import { isObject } from "../generator/text/json.js";

const EXPIRES_AT = "2099-01-01T00:00:00.000Z";

/** The endpoint `/connected_accounts/link`: a link that leads nowhere, for the given auth config and user. */
export function answerLink(body: unknown, requestId: string): Response {
  const { auth_config_id: authConfig, user_id: user } = isObject(body) ? body : {};
  if (typeof authConfig !== "string" || typeof user !== "string") {
    const details = { message: "A link needs auth_config_id and user_id", code: 400, slug: "Request_InvalidBody" };
    return errorResponse(400, details, requestId);
  }
  const token = `lk_${authConfig}_${user}`;
  const link = { link_token: token, redirect_url: `https://connect.test/${token}`, expires_at: EXPIRES_AT };
  return Response.json(
    { ...link, connected_account_id: `ca_${user}` },
    { status: 201, headers: { "x-request-id": requestId } },
  );
}
