import { CALLED_TOOL } from "./corpus.mjs";

/** Arguments for the called tool: those that real and bundled toolkits have in common. */
export const ARGUMENTS = { owner: "acme", repo: "site", title: "Broken link" };

/** A program that calls one tool of GitHub's, from the output folder `out` beside it, and uses what it returns. */
export function callingProgram({ names }, { index = false, out = "generated" } = {}) {
  const from = index ? `{ github } from "./${out}/index.js"` : `* as github from "./${out}/github/index.js"`;
  return `import ${from};

const issue = await github.${names.github[CALLED_TOOL]}(${JSON.stringify(ARGUMENTS)});
console.log(issue);
`;
}

/** The same through the platform's own client, which checks neither arguments nor data. */
export function composioProgram() {
  return `import * as composio from "@composio/client";
const client = new composio.default({ apiKey: "key" });
console.log(await client.tools.execute("${CALLED_TOOL}", { arguments: ${JSON.stringify(ARGUMENTS)}, user_id: "user" }));\n`;
}

/** The same without either. */
export function fetchingProgram() {
  return `console.log(await (await ${FETCH}).json());\n`;
}

/** A request with the arguments as its body, as code. */
export const FETCH = `fetch("/execute", { method: "POST", body: JSON.stringify(${JSON.stringify(ARGUMENTS)}) })`;
