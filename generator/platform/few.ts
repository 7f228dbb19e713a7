/** Runs `work` for each, a few at a time, in their order. After a failure nothing more is begun, and `onFailure` ends the rest. */
export async function eachOfFew<T>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const queue = items.entries();
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failure !== undefined) return;
      try {
        await work(item, index);
      } catch (error) {
        failure ??= { error };
        onFailure(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure !== undefined) throw failure.error;
}
