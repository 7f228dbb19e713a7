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
