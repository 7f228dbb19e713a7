import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { ValidateFunction } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CallOptions, proxy, suggestFixes, uploadFile } from "../../runtime/index.js";
import {
  type Platform,
  PlatformFailure,
  PlatformHttpError,
  type PlatformHandler,
  startPlatform,
} from "../../testing/index.js";
import { API_KEY, ARGS, clientOf, createIssue, snapshot } from "./support.js";

const corpus = process.env["TOOLBIND_CORPUS"] || undefined;
const SCHEMA_OF_300 = new Set(["nullable"]);

/** OpenAPI 3.0 as JSON Schema: `nullable` also lets null pass. */
function toSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toSchema);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(
    ([key, value]) => !(SCHEMA_OF_300.has(key) && typeof value === "boolean"),
  );
  const plain = Object.fromEntries(entries.map(([key, value]) => [key, toSchema(value)]));
  return (node as { nullable?: unknown }).nullable === true ? { anyOf: [plain, { type: "null" }] } : plain;
}

describe.skipIf(corpus === undefined)(
  "the platform's own description (skipped unless TOOLBIND_CORPUS names the real data)",
  () => {
    const handlers: Record<string, PlatformHandler> = {};
    const answers: Response[] = [];
    let platform: Platform;
    let acceptsRequest: ValidateFunction;
    let holds: (path: string, sent: unknown, status?: number) => Promise<void>;
    let acceptsAnswer: (status: number) => ValidateFunction;

    beforeAll(async () => {
      platform = await startPlatform({
        snapshot,
        handlers,
        apiKey: API_KEY,
        gone: ["GONE_TOOL"],
        maxBodyBytes: 100_000,
      });
      const text = readFileSync(join(corpus!, "composio/openapi-v3.1.json"), "utf8");
      const description = toSchema(JSON.parse(text)) as { [key: string]: never };
      const ajv = new Ajv2020({
        strict: false,
        validateSchema: false,
        validateFormats: false,
        logger: false,
        allErrors: true,
      });
      ajv.addSchema({ ...(description as object), $id: "https://platform.test/openapi" });
      const operation = "https://platform.test/openapi#/paths/~1api~1v3.1~1tools~1execute~1%7Btool_slug%7D/post";
      const compile = (pointer: string) =>
        ajv.compile({ $ref: `${operation}${pointer}/content/application~1json/schema` });
      holds = async (path, sent, status = 200) => {
        const at = `https://platform.test/openapi#/paths/${path}/post`;
        const part = (pointer: string) => ajv.compile({ $ref: `${at}${pointer}/content/application~1json/schema` });
        const [accepts, acceptsReply] = [part("/requestBody"), part(`/responses/${status}`)];
        expect(accepts(sent), JSON.stringify([sent, accepts.errors])).toBe(true);
        expect(acceptsReply(await answers[0]!.json()), JSON.stringify(acceptsReply.errors)).toBe(true);
      };
      acceptsRequest = compile("/requestBody");
      acceptsAnswer = (status) => compile(`/responses/${status}`);
    });
    afterAll(() => platform.close());

    /** Calls, and holds what went over the wire against the description. */
    async function exchange(
      options: CallOptions,
      body: () => Promise<unknown> = () => createIssue.safe(ARGS, { ...client(), ...options }),
    ): Promise<void> {
      answers.length = 0;
      await body();
      const sent = platform.requests.at(-1)!.body;
      expect(acceptsRequest(sent), JSON.stringify(acceptsRequest.errors)).toBe(true);
      const answer = answers[0]!;
      const accepts = acceptsAnswer(answer.status);
      expect(accepts(await answer.json()), JSON.stringify(accepts.errors)).toBe(true);
    }
    const client = () => ({
      client: clientOf(platform.url, {
        fetch: async (url, init) => {
          const answer = await fetch(url, init);
          answers.push(answer.clone());
          return answer;
        },
      }),
    });

    it("is an oracle that can say no", () => {
      expect(acceptsRequest({ user_id: 5 })).toBe(false);
      expect(
        acceptsRequest({
          custom_connection_data: { authScheme: "MAGIC", toolkitSlug: "a", val: { access_token: "" } },
        }),
      ).toBe(false);
      expect(acceptsAnswer(200)({ data: {}, successful: true })).toBe(false);
      expect(acceptsAnswer(404)({ error: { message: "a" } })).toBe(false);
    });

    it("fits calls that succeed, fail in the tool, and fail before", async () => {
      await exchange({});
      await exchange({ connectedAccountId: "ca_1", version: "20250101_00" });
      await exchange({ version: "20990101_00" });
      await exchange({ validate: { input: "off" } }, () =>
        createIssue.safe({ ...ARGS, title: 5 } as never, { ...client(), validate: { input: "off" } }),
      );
      await exchange({}, () => createIssue.fromText("do it", client()));
      handlers["GITHUB_CREATE_AN_ISSUE"] = () => {
        throw new PlatformFailure("no");
      };
      await exchange({});
      for (const status of [400, 401, 403, 404, 408, 410, 413, 422, 429, 500, 501, 502, 503]) {
        handlers["GITHUB_CREATE_AN_ISSUE"] = () => {
          throw new PlatformHttpError(status, { suggestedFix: "fix", errors: ["e"] });
        };
        await exchange({});
      }
    });

    it("fits idempotency keys, requests to apps, and uploads", async () => {
      await exchange({ idempotencyKey: "a" });
      const options = client();
      const requests = [
        { endpoint: "/a" },
        { endpoint: "/a", method: "HEAD" },
        { endpoint: "/a", method: "POST", body: { a: 1 }, query: { b: 2 }, headers: { c: "d" } },
        { endpoint: "/a", method: "PUT", binaryBody: new Uint8Array([1]) },
        { endpoint: "/a", method: "PUT", binaryBody: new Blob(["a"], { type: "text/plain" }) },
        { endpoint: "/a", method: "PUT", binaryBody: { url: "https://a.example/b", contentType: "text/plain" } },
      ] as const;
      for (const request of requests) {
        answers.length = 0;
        await proxy("ca_1", request, options);
        await holds("~1api~1v3.1~1tools~1execute~1proxy", platform.requests.at(-1)!.body);
      }
      answers.length = 0;
      await uploadFile(new Blob(["a"], { type: "text/plain" }), { ...options, tool: createIssue });
      const sent = platform.requests.find(({ path }) => path.endsWith("/files/upload/request"));
      await holds("~1api~1v3.1~1files~1upload~1request", sent!.body);
    });

    it("fits links to connect", async () => {
      answers.length = 0;
      handlers["GITHUB_CREATE_AN_ISSUE"] = () => {
        throw new PlatformHttpError(404, { message: "Connected account not found" });
      };
      const use = [suggestFixes({ authConfigs: { github: "ac_1" }, callbackUrl: "https://acme.test/done" })];
      await createIssue.safe(ARGS, { ...client(), use });
      answers.shift();
      await holds("~1api~1v3.1~1connected_accounts~1link", platform.requests.at(-1)!.body, 201);
    });

    it("fits custom credentials", async () => {
      await exchange({
        customAuthParams: {
          baseUrl: "https://a.example",
          parameters: [{ name: "a", in: "query", value: 1 }],
          body: { a: 1 },
        },
        customConnectionData: {
          authScheme: "OAUTH2",
          toolkitSlug: "github",
          val: {
            access_token: "t",
            refresh_token: null,
            expires_in: 5,
            scope: ["a"],
            authed_user: { scope: "a" },
            subdomain: "b",
          },
        },
      });
    });

    it("knows every scheme that the runtime's types know", () => {
      const schemes = [
        "OAUTH2",
        "DCR_OAUTH",
        "API_KEY",
        "BASIC_WITH_JWT",
        "BASIC",
        "BEARER_TOKEN",
        "OAUTH1",
        "NO_AUTH",
        "SERVICE_ACCOUNT",
        "GOOGLE_SERVICE_ACCOUNT",
        "S2S_OAUTH2",
      ] as const;
      const known: NonNullable<CallOptions["customConnectionData"]>["authScheme"][] = [...schemes];
      const incomplete: CallOptions = {
        // @ts-expect-error a server's own token is needed, as the platform's own client has it
        customConnectionData: { authScheme: "S2S_OAUTH2", toolkitSlug: "a", val: { client_id: "b" } },
      };
      expect(acceptsRequest({ custom_connection_data: incomplete.customConnectionData })).toBe(false);
      for (const authScheme of known) {
        expect(
          acceptsRequest({ custom_connection_data: { authScheme, toolkitSlug: "a", val: { access_token: "t" } } }),
          authScheme,
        ).toBe(true);
      }
    });
  },
);
