// Runs the program in a page or in a worker of one, and tells its server what came of it. The platform is behind the
// page's own origin.
import { callEverything } from "./program.js";

interface Browser {
  readonly location: { readonly origin: string; readonly pathname: string; readonly hash: string };
  readonly Worker: new (url: string, options: { type: "module" }) => unknown;
}

const { location, Worker } = globalThis as unknown as Browser;
if (location.pathname === "/worker") new Worker(`/page.js${location.hash}`, { type: "module" });
else {
  const outcome = callEverything({ baseUrl: location.origin, apiKey: location.hash.slice(1) });
  const body = await outcome.catch((error: unknown) => String(error));
  await fetch("/outcome", { method: "POST", body });
}
