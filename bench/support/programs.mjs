import { CALLED_TOOL } from "./corpus.mjs";

const HEADING = `import * as github from "./generated/github/index.js";\n`;

/** Arguments for the called tool: those that real and bundled toolkits have in common. */
export const ARGUMENTS = { owner: "acme", repo: "site", title: "Broken link" };

/** A program that calls one tool of GitHub's and uses what it returns. */
export function callingProgram({ names }, { index = false, out = "generated" } = {}) {
  const name = names.github[CALLED_TOOL];
  const from = index ? `import { github } from "./generated/index.js";\n` : HEADING;
  return `${from}
const issue = await github.${name}(${JSON.stringify(ARGUMENTS)});
console.log(issue);
`.replaceAll("./generated/", `./${out}/`);
}
