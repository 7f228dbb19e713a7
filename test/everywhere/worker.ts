// Runs the program in a worker, for a request that names the platform.
import { callEverything, type Where } from "./program.js";

export default {
  fetch: async (request: Request): Promise<Response> =>
    new Response(await callEverything((await request.json()) as Where)),
};
