import { slugOfName } from "../catalogue/slug.js";
import { withExtended } from "./extend.js";
import { readKeys, TOP, type Values } from "./keys.js";
import { Problems } from "./problems.js";
import { readSchemes } from "./schemes.js";
import { readTemplateAt } from "./template-texts.js";
import { hasTemplate } from "./templates.js";
import { readTree, type Entry } from "./tree.js";
import type { Integration, IntegrationContext, IntegrationFile, IntegrationReading } from "./types.js";
import { isLink, isPathBelow, urlFault } from "./urls.js";
import { readText, readTexts, wrong } from "./values.js";
import { clip } from "../text/shown.js";

/** Reads an `integration.yaml` and reports all its mistakes at once. Never throws. */
export function readIntegration(file: IntegrationFile, context: IntegrationContext): IntegrationReading {
  const problems = new Problems();
  const own = file.text.startsWith("\ufeff") ? { ...file, text: file.text.slice(1) } : file;
  const tree = readTree(own, problems);
  const integration =
    tree === undefined
      ? undefined
      : interpret(readKeys(withExtended(tree, context, problems), TOP, problems), problems);
  return { integration: problems.hasErrors ? undefined : integration, diagnostics: problems.list() };
}

function interpret(values: Values<(typeof TOP.known)[number]>, problems: Problems): Integration {
  const slug = readSlug(values.unique_key, problems);
  const name = readText(values.name, problems)?.trim();
  const description = readText(values.description, problems);
  const logo = readLink(
    values.logo,
    (text) => isLink(text) || isPathBelow(text),
    "a URL, or a file of the app",
    problems,
  );
  const docs = readLink(values.docs, isLink, "a URL", problems);
  const categories = readTexts(values.categories, splitCategories, problems) ?? [];
  for (const key of ["status", "documentation_doc_text", "configuration_docs_text"] as const)
    readText(values[key], problems);
  const { schemes, places, callbackUrl: ofScheme, known } = readSchemes(values.auth_schemes, problems);
  const callbackUrl = readCallback(values.callback_url ?? ofScheme, problems);
  const currentUserEndpoint = readEndpoint(values.get_current_user_endpoint, known, problems);
  return {
    ...(slug !== undefined && { slug }),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(logo !== undefined && { logo }),
    categories,
    ...(docs !== undefined && { docs }),
    app: {
      schemes,
      ...(currentUserEndpoint !== undefined && { currentUserEndpoint }),
      ...(callbackUrl !== undefined && { callbackUrl }),
    },
    places,
  };
}

function readSlug(entry: Entry | undefined, problems: Problems): string | undefined {
  const text = readText(entry, problems)?.trim();
  if (text === undefined || entry === undefined) return undefined;
  const slug = slugOfName(text);
  if (slug === undefined) {
    wrong(entry, "letters a to z, digits, `_` and `-`", problems);
    return undefined;
  }
  if (slug !== text.toLowerCase()) {
    problems.warning("TB2051", entry.value.spot, {
      what: `\`unique_key\` cannot be a folder name as it is; it was read as \`${slug}\``,
      expected: "letters a to z, digits, `_` and `-`",
      received: `\`${clip(text)}\``,
      fix: `write \`${slug}\``,
    });
  }
  return slug;
}

/** Links are only shown to people, so an unusable one is left out rather than failing the app. */
function readLink(
  entry: Entry | undefined,
  isFit: (text: string) => boolean,
  expected: string,
  problems: Problems,
): string | undefined {
  const text = readText(entry, problems)?.trim();
  if (text === undefined || entry === undefined || isFit(text)) return text;
  problems.warning("TB2051", entry.value.spot, {
    what: `\`${entry.key}\` was left out`,
    expected,
    received: `\`${clip(text)}\``,
    fix: "correct or remove it",
  });
  return undefined;
}

function splitCategories(text: string): string[] {
  return text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

function readCallback(entry: Entry | undefined, problems: Problems): string | undefined {
  const text = readText(entry, problems)?.trim();
  if (text === undefined || entry === undefined) return undefined;
  const fault = urlFault(text);
  if (hasTemplate(text)) wrong(entry, "an https URL (http only on this machine) without templates", problems);
  else if (fault !== undefined) wrong(entry, fault.expected, problems, fault.fix);
  return text;
}

function readEndpoint(entry: Entry | undefined, known: readonly string[], problems: Problems): string | undefined {
  const text = readText(entry, problems)?.trim();
  if (text === undefined || entry?.value.kind !== "text") return undefined;
  const template = readTemplateAt(entry.value, known, problems, () => undefined)?.trim();
  if (template === undefined) return undefined;
  if (!/^(?:[a-z][a-z0-9+.-]*:|\{\{|\/\/)/i.test(template)) {
    if (!/[\s\\#]/.test(template.replace(/\{\{[^{}]*\}\}/g, "")))
      return template.startsWith("/") ? template : `/${template}`;
    wrong(entry, "a path below the base URL, such as `/me`, or an https URL", problems);
    return undefined;
  }
  const fault = urlFault(template);
  if (fault !== undefined) wrong(entry, fault.expected, problems, fault.fix);
  return template;
}
