// Fetches what a server has been asked for, a few at a time, and does nothing with it.
// node fetch.mjs ORIGIN CONCURRENCY API_KEY
const [origin, concurrency, apiKey] = process.argv.slice(2);
const paths = (await (await fetch(`${origin}/asked`)).json()).values();

async function worker() {
  for (const path of paths) await (await fetch(`${origin}${path}`, { headers: { "x-api-key": apiKey } })).text();
}
await Promise.all(Array.from({ length: Number(concurrency) }, worker));
