// The stand-in for the platform behind a store of its answers, so that making them is not what is measured. Prints its
// address; GET /asked tells the paths that were asked for, each once.
// node platform.mjs TESTING_MODULE SNAPSHOT API_KEY
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [testing, snapshot, apiKey] = process.argv.slice(2);
const { startPlatform } = await import(pathToFileURL(testing).href);
const platform = await startPlatform({ snapshot, apiKey });
const answers = new Map();

async function answer(path) {
  const response = await fetch(`${platform.url}${path}`, { headers: { "x-api-key": apiKey } });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

const server = createServer(async ({ url }, response) => {
  if (url === "/asked") return void response.end(JSON.stringify([...answers.keys()]));
  if (!answers.has(url)) answers.set(url, await answer(url));
  const { status, body } = answers.get(url);
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length }).end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => process.exit());
