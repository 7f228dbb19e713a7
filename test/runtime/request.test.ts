import { afterEach, describe, expect, it, vi } from "vitest";
import { previewRequest } from "../../runtime/call.js";
import { createClient, defineTool, type ToolWithOptionalArgs } from "../../runtime/index.js";
import { ARGS, createIssue, VERSION } from "./support.js";

afterEach(() => vi.unstubAllEnvs());

describe("previewRequest", () => {
  it("shows the request that would be sent, without a key and without its secrets", async () => {
    vi.stubEnv("COMPOSIO_API_KEY", "");
    const request = await previewRequest(
      createIssue,
      { arguments: ARGS },
      {
        client: createClient({ headers: { "X-Auth-Token": "hunter2", "x-trace": "t" } }),
        customAuthParams: { parameters: [{ name: "x-api-key", in: "header", value: "hunter2hunter2" }] },
        customConnectionData: {
          authScheme: "SERVICE_ACCOUNT",
          toolkitSlug: "github",
          val: { application_id: "app-12345", installation_id: "inst-12345", private_key: 'a"b\nc-hunter2' },
        },
      },
    );
    expect(request).toMatchObject({
      method: "POST",
      url: "https://backend.composio.dev/api/v3.1/tools/execute/GITHUB_CREATE_AN_ISSUE",
      headers: { "x-api-key": "[redacted]", "x-auth-token": "[redacted]", "x-trace": "t", accept: "application/json" },
    });
    expect(JSON.parse(request.body!)).toMatchObject({ version: VERSION, arguments: ARGS });
    expect(JSON.stringify(request)).not.toContain("hunter2");
  });

  it("checks as a call does", async () => {
    await expect(previewRequest(createIssue, { arguments: {} }, { userId: "alice" })).rejects.toThrow(
      /\/owner: expected string/,
    );
    await expect(previewRequest(createIssue, { arguments: ARGS }, { userId: "" })).rejects.toThrow(/forUser/);
  });

  it("shows the wish to call a tool in words", async () => {
    const request = await previewRequest(createIssue, { text: "do it" }, { userId: "alice" });
    expect(JSON.parse(request.body!)).toEqual({ user_id: "alice", version: VERSION, text: "do it" });
  });
});

describe("importing the runtime", () => {
  it("builds no schema, reads no key and sends nothing", () => {
    const input = vi.fn();
    const tool = defineTool<ToolWithOptionalArgs<object, unknown>>("A_B", () => ({
      toolkit: "a",
      version: null,
      description: "",
      input,
      output: input,
    }));
    expect(tool.slug).toBe("A_B");
    expect(input).not.toHaveBeenCalled();
  });
});
