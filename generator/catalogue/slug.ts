/** Allowed toolkit slugs, which are used as folder names. */
export const TOOLKIT_SLUG: RegExp = /^_?[a-z0-9][a-z0-9_-]{0,99}$/;

/** A name as the slug of a toolkit; undefined if it contains no usable characters. */
export function slugOfName(name: string): string | undefined {
  const letters = withoutAccents(name);
  const words = letters.replace(/[^a-z0-9_-]+/g, "_").replace(/^[_-]+|[_-]+$/g, "");
  const slug = `${letters.startsWith("_") ? "_" : ""}${words}`.slice(0, 100);
  return TOOLKIT_SLUG.test(slug) ? slug : undefined;
}

const LONGEST_OF_TITLE = 50;

/** A title as the slug of a toolkit, words alone: `Acme Pets - API` → `acme_pets_api`; empty where nothing is left. */
export function slugOfTitle(title: string): string {
  return (withoutAccents(title).match(/[a-z0-9]+/g) ?? []).join("_").slice(0, LONGEST_OF_TITLE);
}

function withoutAccents(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
