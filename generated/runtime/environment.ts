/* eslint-disable */
// Copied by toolbind; changes are overwritten.
interface WithProcess {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** An environment variable without surrounding blanks; undefined where it is empty, absent or may not be read. */
export function environment(name: string): string | undefined {
  try {
    return (globalThis as WithProcess).process?.env?.[name]?.trim() || undefined;
  } catch {
    return undefined;
  }
}
