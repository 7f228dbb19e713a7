const OTHER_VERBS = { GET: "FETCH", LIST: "GET_ALL", CREATE: "ADD", DELETE: "REMOVE", UPDATE: "EDIT" };
const ARTICLES = ["A", "AN", "THE"];
const PREPOSITIONS = ["FOR", "OF", "IN", "THE", "A"];
const ROUNDS = 40;
/** The same tool under its older name too: which of the two another one was renamed to, nobody can say. */
const DOUBLE = /^\(?deprecated: use /i;

/**
 * How well renames are found. Of each toolkit, a tenth of the tools is renamed as platforms rename (half of them described
 * otherwise too), some are removed, and others, which were held back, are added.
 * @param findRenames what finds them
 * @param toolkits lists of tools of the catalogue
 * @returns how many pairs are right, are wrong, and were missed
 */
export function measureRenames(findRenames, toolkits) {
  const random = numbers(7);
  const counts = { right: 0, wrong: 0, missed: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    for (const every of toolkits) {
      const all = every.filter(({ description }) => !DOUBLE.test(description));
      const { renamed, removed, added } = releaseOf(all, random);
      const found = findRenames(removed, added, new Map());
      const right = found.filter(({ from, to }) => renamed.get(from) === to).length;
      counts.right += right;
      counts.wrong += found.length - right;
      counts.missed += renamed.size - right;
    }
  }
  return counts;
}

function releaseOf(all, random) {
  const slugs = new Set(all.map(({ slug }) => slug));
  const renamed = new Map();
  const removed = [];
  const added = [];
  for (const tool of all) {
    const chance = random();
    if (chance < 0.1) added.push(tool);
    else if (chance < 0.18) removed.push(tool);
    else if (chance < 0.28) {
      const slug = otherSlug(tool.slug, random);
      if (slugs.has(slug)) continue;
      slugs.add(slug);
      renamed.set(tool.slug, slug);
      removed.push(tool);
      added.push({ ...tool, slug, description: random() < 0.5 ? tool.description : firstWords(tool.description) });
    }
  }
  return { renamed, removed, added };
}

/** The slug as another release might spell it; the same one where there is nothing to change. */
export function otherSlug(slug, random) {
  const [toolkit = "", verb = "", ...rest] = slug.split("_");
  const words = [verb, ...rest];
  const ways = [
    () => words.filter((word) => !ARTICLES.includes(word)),
    () => [OTHER_VERBS[verb] ?? verb, ...rest],
    () => words.map((word) => (word.endsWith("S") ? word.slice(0, -1) : word)),
    () => words.filter((word) => !PREPOSITIONS.includes(word)),
    () => [...rest, verb],
  ];
  return [toolkit, ...ways[Math.floor(random() * ways.length)]()].join("_");
}

function firstWords(text) {
  return text.split(" ").slice(0, 6).join(" ");
}

/** Numbers from 0 to 1, the same ones for the same seed. */
export function numbers(seed) {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
