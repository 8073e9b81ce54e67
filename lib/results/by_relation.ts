/**
 * Values by relation key, in the order of the relations.
 *
 * @module
 */

/**
 * Gives values by key an order that their file keeps: an object would put the keys `1`, `2`, `3`
 * first, in this order.
 *
 * @param relations The relations in their order.
 * @param values The values by their keys. What is of no relation comes last.
 */
export function byRelation<T>(
  relations: readonly { readonly key: string }[],
  values: Readonly<Record<string, T>>,
): Map<string, T> {
  const keys = [...relations.map(({ key }) => key), ...Object.keys(values)];
  const known = keys.filter((key) => Object.hasOwn(values, key));
  return new Map(known.map((key) => [key, values[key]!]));
}
