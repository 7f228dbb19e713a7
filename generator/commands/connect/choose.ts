import type { App, AuthScheme } from "../../../runtime/direct/app.js";
import { nearest } from "../../../runtime/nearest.js";
import { ToolbindError } from "../../errors.js";
import { sourceOf, type Context } from "../shared/context.js";
import { loadTools } from "../shared/tools.js";

/** The app of a slug or, where a folder is named, the one in it. */
export async function findApp(context: Context, slug: string | undefined, folder: string | undefined): Promise<App> {
  const source = await sourceOf(context, folder === undefined ? {} : { app: folder });
  const { toolkits } = await loadTools(source);
  const apps = toolkits.flatMap(({ app }) => (app === undefined ? [] : [app.description]));
  const found = slug === undefined && apps.length === 1 ? apps[0] : apps.find((app) => app.slug === slug);
  if (found !== undefined) return found;
  const slugs = apps.map((app) => app.slug);
  const suggestion = slug === undefined ? undefined : nearest(slug, slugs);
  const isOfPlatform = toolkits.some((toolkit) => toolkit.slug === slug);
  throw new ToolbindError("TB1004", {
    what: isOfPlatform
      ? `${slug} is a toolkit of the platform, which stores the connections to it`
      : `There is no custom app ${JSON.stringify(slug)}`,
    fix: isOfPlatform
      ? "connect it there"
      : suggestion !== undefined
        ? `did you mean \`${suggestion}\`?`
        : slugs.length > 0
          ? `name one of ${slugs.join(", ")}`
          : "add one with `toolbind add DIR`, or name its folder with `--app DIR`",
  });
}

/** The scheme that is named, or the only one that there is. */
export function chosenScheme({ name, schemes }: App, wanted: string | undefined): AuthScheme | undefined {
  if (schemes.length === 0) {
    throw new ToolbindError("TB1007", {
      what: `${name} has no authentication scheme, so it needs no connection or cannot have one`,
      fix: "add `auth_schemes` to its integration.yaml if it needs one",
    });
  }
  if (wanted === undefined) return undefined;
  const found = schemes.find((scheme) => scheme.name === wanted);
  if (found !== undefined) return found;
  throw unknownScheme(name, `no authentication scheme called ${JSON.stringify(wanted)}`, schemes);
}

/** Where no one can be asked, there must be only one choice. */
export function onlyScheme({ name, schemes }: App, isAsking: boolean): AuthScheme | undefined {
  if (isAsking) return undefined;
  if (schemes.length === 1) return schemes[0];
  throw unknownScheme(name, "several authentication schemes", schemes);
}

function unknownScheme(app: string, what: string, schemes: readonly AuthScheme[]): ToolbindError {
  const names = schemes.map(({ name }) => name).join(", ");
  return new ToolbindError("TB1007", { what: `${app} has ${what}`, fix: `use \`--scheme\` with one of ${names}` });
}
