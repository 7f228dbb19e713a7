import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import type { ToolMap } from "../../generated/tool-map.js";
import {
  defineTool,
  downloadFile,
  fileArgument,
  fileUploads,
  proxy,
  type ToolWithOptionalArgs,
  type UploadedFile,
  withFileHandles,
} from "../../runtime/index.js";
import { createMockClient, type MockHandlers, PlatformFailure, PlatformHttpError } from "../../testing/index.js";
import {
  ARGS,
  type CreateIssueInput,
  createIssue,
  failureOf,
  type Issue,
  VERSION,
  weather,
} from "../runtime/support.js";

interface Map {
  GITHUB_CREATE_AN_ISSUE: { input: CreateIssueInput; output: Issue };
  WEATHER_NOW: { input: Record<string, unknown>; output: unknown };
}

describe("createMockClient", () => {
  it("answers with what its handlers say, typed by slug", async () => {
    const client = createMockClient<Map>({
      GITHUB_CREATE_AN_ISSUE: (args, call) => {
        expectTypeOf(args).toEqualTypeOf<CreateIssueInput>();
        expect(call.version).toBe(VERSION);
        return { number: args.title.length, state: "open" };
      },
    });
    expect(await createIssue(ARGS, { client })).toEqual({ number: ARGS.title.length, state: "open" });
    expect(await createIssue.withResponse(ARGS, { client: client.forUser("bob") })).toMatchObject({
      status: 200,
      attempts: 1,
      logId: "mock_2",
      drift: [],
    });
    expect(client.calls).toMatchObject([
      { slug: "GITHUB_CREATE_AN_ISSUE", arguments: ARGS, userId: "mock-user" },
      { userId: "bob" },
    ]);
  });

  it("does not compile with an unknown slug or data of the wrong type", () => {
    const handlers: MockHandlers<Map>[] = [
      // @ts-expect-error no such slug
      { GITHUB_CREATE_ISSUE: () => ({ number: 1, state: "open" }) },
      // @ts-expect-error data of the wrong type
      { GITHUB_CREATE_AN_ISSUE: () => ({ number: "1", state: "open" }) },
    ];
    expect(handlers).toHaveLength(2);
    createMockClient<ToolMap>({ GITHUB_CREATE_AN_ISSUE: ({ title }) => Response.json({ title }) });
  });

  it("fails for a call that has no handler, and for one called like a method of objects", async () => {
    const client = createMockClient<Map>({});
    const error = await failureOf(createIssue(ARGS, { client }));
    expect(error).toMatchObject({ code: "TB5501", attempts: 1 });
    expect(error.message).toBe(
      "GITHUB_CREATE_AN_ISSUE failed with 501: No handler for GITHUB_CREATE_AN_ISSUE. Fix: Add one to createMockClient.",
    );
    expect((await failureOf(weather({}, { client, version: VERSION }))).code).toBe("TB5501");
  });

  it("names the handler whose slug is misspelt", async () => {
    const client = createMockClient({ GITHUB_CREATE_AN_ISUE: () => ({}) });
    const { message } = await failureOf(createIssue(ARGS, { client }));
    expect(message).toContain(
      "No handler for GITHUB_CREATE_AN_ISSUE. Fix: Add one to createMockClient, or correct the slug of the one for GITHUB_CREATE_AN_ISUE.",
    );
  });

  it("checks arguments and data as any client does", async () => {
    const client = createMockClient({ GITHUB_CREATE_AN_ISSUE: () => ({ number: "7" }) });
    expect((await failureOf(createIssue({} as never, { client }))).code).toBe("TB5010");
    expect(client.calls).toHaveLength(0);
    expect((await failureOf(createIssue(ARGS, { client, validate: { output: "strict" } }))).code).toBe("TB5011");
  });

  it("shows what a handler threw that it should not have", async () => {
    const bug = new TypeError("cannot read x");
    const client = createMockClient({
      GITHUB_CREATE_AN_ISSUE: () => {
        throw bug;
      },
    });
    const error = await failureOf(createIssue(ARGS, { client }));
    expect(error).toMatchObject({ code: "TB5000", toolSlug: "GITHUB_CREATE_AN_ISSUE" });
    expect(error.message).toContain("its mock handler threw TypeError: cannot read x");
    expect(error.cause).toBe(bug);
  });

  it("accepts a Response again, and nothing that is not JSON", async () => {
    const response = Response.json({ data: 5, successful: true });
    const client = createMockClient({ WEATHER_NOW: () => response, GITHUB_CREATE_AN_ISSUE: () => ({ number: 1n }) });
    for (const _ of [1, 2]) expect(await weather({}, { client, version: VERSION })).toBe(5);
    expect((await failureOf(createIssue(ARGS, { client }))).message).toContain("its mock handler threw TypeError");
  });

  it("takes a user's key", async () => {
    const options = { userApiKey: "uk", apiKey: undefined, userId: undefined };
    const client = createMockClient({ WEATHER_NOW: () => "fine" }, options);
    expect(await weather({}, { client, version: VERSION })).toBe("fine");
    expect(client.calls).toMatchObject([{ userId: "mock-user" }]);
  });

  it("takes uploads", async () => {
    const file = z.looseObject({ name: z.string(), mimetype: z.string(), s3key: z.string() });
    const upload = defineTool<ToolWithOptionalArgs<{ file: UploadedFile }, unknown>>("DRIVE_UPLOAD", () => ({
      toolkit: "drive",
      version: VERSION,
      description: "",
      input: () => z.looseObject({ file }) as never,
      output: () => z.unknown() as never,
    }));
    const client = createMockClient(
      { DRIVE_UPLOAD: (args) => (args as { readonly file: unknown }).file },
      { use: [fileUploads()] },
    );
    const given = fileArgument(new File(["a"], "a.txt", { type: "text/plain" }));
    expect(await upload({ file: given }, { client })).toEqual({
      name: "a.txt",
      mimetype: "text/plain",
      s3key: "mock/file",
    });
    expect(client.calls).toHaveLength(1);
  });

  it("answers proxied requests, which are not calls", async () => {
    const client = createMockClient<Map>(
      {},
      { proxy: ({ endpoint, query }) => ({ status: 404, data: { endpoint, query } }) },
    );
    expect(await proxy("ca_1", { endpoint: "/x", query: { a: 1 } }, { client })).toMatchObject({
      status: 404,
      data: { endpoint: "/x", query: { a: "1" } },
    });
    expect(client.calls).toHaveLength(0);
    const failure = await failureOf(proxy("ca_1", { endpoint: "/x" }, { client: createMockClient<Map>({}) }));
    expect(failure.message).toBe(
      "proxy failed with 501: Nothing answers for proxy. Fix: Pass createMockClient(handlers, { proxy }).",
    );
  });

  it("gives the files that a call refers to, which are not calls either", async () => {
    const s3url = "https://files.test/report.csv?X-Amz-Signature=abc";
    const handlers = { WEATHER_NOW: () => ({ file: { s3url, mimetype: "text/csv" } }) };
    const client = createMockClient(handlers, { download: (address) => `from ${address}` });
    const data = (await weather({}, { client, version: VERSION })) as { readonly file: { readonly s3url: string } };
    const { file } = withFileHandles(data, { client });
    for (const _ of [1, 2]) expect(await (await file.blob()).text()).toBe(`from ${s3url}`);
    expect(client.calls).toHaveLength(1);
    const failure = await failureOf(downloadFile({ s3url }, { client: createMockClient(handlers) }).blob());
    expect(failure.message).toBe(
      "toolbind could not handle a file: nothing answers for files.test. Fix: Pass createMockClient(handlers, { download }).",
    );
  });

  it("fails as the platform does where a handler says so, without repeating", async () => {
    const client = createMockClient({
      GITHUB_CREATE_AN_ISSUE: () => {
        throw new PlatformFailure("closed");
      },
      WEATHER_NOW: () => {
        throw new PlatformHttpError(503);
      },
    });
    expect((await failureOf(createIssue(ARGS, { client }))).code).toBe("TB5030");
    expect((await failureOf(weather({}, { client, version: VERSION }))).code).toBe("TB5503");
    expect(client.calls).toHaveLength(2);
  });
});
