/**
 * Work that overlaps with what it works on.
 *
 * @module
 */

/**
 * Works on the items of a source, a few at a time, while the source makes the next one.
 *
 * @param limit How many items are worked on at a time at most, so that memory stays bounded; one
 * more may wait.
 * @param work What is to be done with each item. It is not begun once another has failed.
 * @returns The results, in the order of the items.
 * @throws What failed first, the source or the work, when all that was begun has ended.
 */
export async function* mapInOrder<T, R>(
  source: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  let failure: { error: unknown } | undefined;
  const remember = (error: unknown) => void (failure ??= { error });
  try {
    for await (const item of source) {
      while (failure === undefined && begun.length >= limit) yield await begun.shift()!;
      if (failure !== undefined) break;
      const result = work(item);
      result.catch(remember);
      begun.push(result);
    }
    while (failure === undefined && begun.length > 0) yield await begun.shift()!;
  } catch (error) {
    remember(error);
  } finally {
    await Promise.allSettled(begun);
  }
  if (failure !== undefined) throw (failure as { error: unknown }).error;
}
