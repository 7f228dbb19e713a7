import { ToolbindCallError } from "./errors.js";
import type { CallOptions } from "./types.js";
import type { Tool } from "./tool.js";

export interface PageOptions<Input, Output, Item> extends CallOptions {
  /** The argument for the cursor, such as `page_token`. */
  readonly cursor: keyof Input & string;
  /** Gets the cursor of the next page; undefined, null or an empty string after the last. */
  readonly next: (data: Output, args: Input) => unknown;
  /** Gets the items of a page. */
  readonly items: (data: Output) => readonly Item[] | null | undefined;
  /** Identifies an item: one that already came, as when something is added meanwhile, is left out. */
  readonly key?: ((item: Item) => unknown) | undefined;
}

/** The items of all pages, each page fetched when it is needed. */
export interface Pages<Output, Item> extends AsyncIterable<Item> {
  /** The pages themselves, as the tool returns them. */
  byPage(): AsyncIterable<Output>;
}

/**
 * Follows a tool's cursors.
 * @throws PaginationError when a page gives a cursor that was already followed
 */
export function paginate<Input extends object, Output, Item>(
  tool: Tool<Input, Output>,
  args: Input,
  { cursor, next, items, key, ...options }: PageOptions<Input, Output, Item>,
): Pages<Output, Item> {
  async function* byPage(): AsyncGenerator<Output, void> {
    const followed = new Set<string | undefined>([JSON.stringify(args[cursor])]);
    for (let current = args; ;) {
      const page = await tool(current, options);
      yield page;
      const following = next(page, current);
      if (following === undefined || following === null || following === "") return;
      const name = JSON.stringify(following);
      if (followed.has(name)) {
        const text = [
          "gave pages that repeat",
          `${cursor} ${name} came twice`,
          "check `next`, and that the tool uses `cursor`",
        ] as const;
        throw new ToolbindCallError("TB5024", text, { toolSlug: tool.slug });
      }
      followed.add(name);
      current = { ...current, [cursor]: following };
    }
  }
  async function* each(): AsyncGenerator<Item, void> {
    const seen = new Set<unknown>();
    for await (const page of byPage()) {
      for (const item of items(page) ?? []) {
        const name = key?.(item);
        if (key && seen.has(name)) continue;
        seen.add(name);
        yield item;
      }
    }
  }
  return { byPage, [Symbol.asyncIterator]: each };
}
