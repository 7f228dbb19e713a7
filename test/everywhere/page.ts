// Runs the program in a page, and tells its server what came of it. The platform is behind the page's own origin.
import { callEverything } from "./program.js";

interface Page {
  readonly location: { readonly origin: string; readonly hash: string };
}

const { origin, hash } = (globalThis as unknown as Page).location;
const outcome = callEverything({ baseUrl: origin, apiKey: hash.slice(1) });
const body = await outcome.catch((error: unknown) => String(error));
await fetch("/outcome", { method: "POST", body });
