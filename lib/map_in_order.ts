/**
 * Work that overlaps with what it works on.
 *
 * @module
 */

/**
 * Works on the items of a source, a few at a time, while the source makes the next ones.
 *
 * @param limit How many items are worked on at a time at most, so that memory stays bounded.
 * @param work What is to be done with each item.
 * @returns The results, in the order of the items.
 * @throws What the source or the work throws first, when all that was begun has ended.
 */
export async function* mapInOrder<T, R>(
  source: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  try {
    for await (const item of source) {
      const result = work(item);
      result.catch(() => {}); // it is awaited below, maybe much later
      begun.push(result);
      if (begun.length >= limit) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    await Promise.allSettled(begun);
  }
}
