// A process that writes connections of one app, as file-connections.test.ts starts several.
import { fileConnections } from "../../runtime/node.js";

const [app = "", times = "0"] = process.argv.slice(2);
const store = fileConnections();
for (let index = 0; index < Number(times); index++) {
  await store.set(app, `user${index}`, { scheme: "key", fields: { api_key: `${app}-${index}` } });
}
