import { describe, expect, expectTypeOf, it } from "vitest";
import * as z from "zod/mini";
import { defineTool, paginate, PaginationError, type ToolWithOptionalArgs } from "../../runtime/index.js";
import { done, scripted } from "./fake.js";
import { VERSION } from "./support.js";

interface Page {
  files: { id: string }[];
  next_page_token?: string | null;
}
const list = defineTool<ToolWithOptionalArgs<{ folder: string; page_token?: string }, Page>>("DRIVE_LIST", () => ({
  toolkit: "drive",
  version: VERSION,
  description: "",
  hints: { readOnly: true },
  input: () => z.looseObject({ folder: z.string() }) as never,
  output: () => z.unknown() as never,
}));

const files = (...ids: string[]) => ids.map((id) => ({ id }));

function paged(...pages: Page[]) {
  const fake = scripted(pages.map((page) => () => done(page)));
  const options = {
    client: fake.client,
    cursor: "page_token",
    next: (page: Page) => page.next_page_token,
    items: (page: Page) => page.files,
  } as const;
  const sent = () =>
    fake.requests.map(([, { body }]) => (JSON.parse(body as string) as { arguments: object }).arguments);
  return { options, sent };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("paginate", () => {
  it("gives the items of all pages, with the other arguments on each", async () => {
    const { options, sent } = paged({ files: files("a", "b"), next_page_token: "2" }, { files: files("c") });
    const items = paginate(list, { folder: "f" }, options);
    expectTypeOf(items).toExtend<AsyncIterable<{ id: string }>>();
    expect(await all(items)).toEqual(files("a", "b", "c"));
    expect(sent()).toEqual([{ folder: "f" }, { folder: "f", page_token: "2" }]);
  });

  it.each([undefined, null, ""])("ends at the cursor %j", async (next_page_token) => {
    const { options, sent } = paged({ files: [], ...(next_page_token !== undefined && { next_page_token }) });
    expect(await all(paginate(list, { folder: "f" }, options))).toEqual([]);
    expect(sent()).toHaveLength(1);
  });

  it("goes page by page, and fetches no page before it is needed", async () => {
    const { options, sent } = paged({ files: files("a"), next_page_token: "2" }, { files: files("b") });
    const pages = paginate(list, { folder: "f" }, options).byPage();
    expect(sent()).toHaveLength(0);
    for await (const page of pages) {
      expect(page.files).toEqual(files("a"));
      break;
    }
    expect(sent()).toHaveLength(1);
  });

  it("begins where the arguments say, again for each loop", async () => {
    const { options, sent } = paged({ files: files("a") });
    const items = paginate(list, { folder: "f", page_token: "9" }, options);
    expect(await all(items)).toEqual(await all(items));
    expect(sent()[0]).toEqual({ folder: "f", page_token: "9" });
  });

  it("fails, rather than loop, when a cursor comes again", async () => {
    const { options, sent } = paged(
      { files: files("a"), next_page_token: "2" },
      { files: files("b"), next_page_token: "3" },
      { files: files("c"), next_page_token: "2" },
    );
    const found: unknown[] = [];
    const looping = (async () => {
      for await (const item of paginate(list, { folder: "f" }, options)) found.push(item);
    })();
    await expect(looping).rejects.toBeInstanceOf(PaginationError);
    await expect(looping).rejects.toMatchObject({ code: "TB5024", toolSlug: "DRIVE_LIST" });
    expect(found).toHaveLength(3);
    expect(sent()).toHaveLength(3);
  });

  it("leaves out what came before, where a key is given", async () => {
    const { options } = paged({ files: files("a", "b"), next_page_token: "2" }, { files: files("b", "c") });
    expect(await all(paginate(list, { folder: "f" }, { ...options, key: ({ id }) => id }))).toEqual(
      files("a", "b", "c"),
    );
    expect(await all(paginate(list, { folder: "f" }, paged({ files: files("a", "a") }).options))).toHaveLength(2);
  });

  it("takes numbered pages too, and pages without items", async () => {
    let page = 0;
    const { client, requests } = scripted([() => done(++page < 3 ? [page] : [])]);
    const numbered = defineTool<ToolWithOptionalArgs<{ page?: number }, number[]>>("A_LIST", () => ({
      toolkit: "a",
      version: VERSION,
      description: "",
      input: () => z.looseObject({}) as never,
      output: () => z.unknown() as never,
    }));
    const items = paginate(
      numbered,
      {},
      {
        client,
        cursor: "page",
        next: (data, { page = 1 }) => (data.length > 0 ? page + 1 : undefined),
        items: (data) => data,
      },
    );
    expect(await all(items)).toEqual([1, 2]);
    expect(requests).toHaveLength(3);
  });
});
