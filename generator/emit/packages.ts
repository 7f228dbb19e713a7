/** The modules of the runtime that import a package other than zod, as they are copied, and which. */
const IMPORTS: readonly (readonly [module: RegExp, name: string])[] = [
  [/^runtime\/direct\/oauth\.[jt]s$/, "oauth4webapi"],
];

/** The packages that an output imports, zod aside, by the paths of its files. */
export function packagesImportedBy(paths: readonly string[]): string[] {
  return IMPORTS.filter(([module]) => paths.some((path) => module.test(path))).map(([, name]) => name);
}
