// Runs the program where there is a command line: BASE_URL API_KEY
import { callEverything } from "./program.js";

const [baseUrl = "", apiKey = ""] = process.argv.slice(2);
console.log(await callEverything({ baseUrl, apiKey }));
