// Calls Shelf with the connection that `toolbind connect` made. README.md says how to get there.
import { createClient } from "./generated/index.js";
import { isToolbindCallError } from "./generated/runtime/index.js";
import { fileConnections } from "./generated/runtime/node.js";
import * as shelf from "./generated/shelf/index.js";

const client = createClient({ connections: fileConnections() });

try {
  // Access that has run out is refreshed once, however many calls find out at the same time.
  const [me, { books }] = await Promise.all([
    shelf.getCurrentUser({}, { client }),
    shelf.listBooks({ author: "Ada Lovelace" }, { client }),
  ]);
  console.log("%s calls through %s, library %s", me.name, me.via, me.library);
  for (const { id, title } of books) console.log("%d. %s", id, title);

  const added = await shelf.addBook({ title: "Silas Marner", author: "George Eliot", year: 1861 }, { client });
  console.log("added as %d", added.id);
} catch (error) {
  if (!isToolbindCallError(error)) throw error;
  console.error("%s: %s", error.code, error.message);
  process.exitCode = 1;
}
