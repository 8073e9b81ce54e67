/**
 * Queries, keys and values with rotary positions.
 *
 * @module
 */
import type { Extent } from "../bounds.ts";
import type { Part, Projection } from "../decoder.ts";
import type { DecoderNodes } from "../nodes.ts";
import { allColumns } from "../prompt_paths.ts";
import { type Rope, rotate } from "./rope.ts";

/** How many heads there are, and how they are made. */
export interface RotaryProjectionOptions {
  /** How many heads ask. */
  readonly heads: number;
  /** How many heads are asked. */
  readonly keyHeads: number;
  /** How many numbers each of them has. */
  readonly headSize: number;
  /** From the stream to queries, keys and values. */
  readonly maps: ProjectionMaps;
  /** Norms of each head's query and key, before they are turned. Default: none. */
  readonly norms?: { readonly queries: Part; readonly keys: Part } | undefined;
  /** How positions turn them. */
  readonly rope: Rope;
}

/** The linear maps, in the layouts that there are. */
export type ProjectionMaps =
  | { readonly layout: "apart"; readonly queries: Part; readonly keys: Part; readonly values: Part }
  /** All queries, then all keys, then all values. */
  | { readonly layout: "by kind"; readonly all: Part }
  /** For each head its query, its key and its value; as many key heads as heads. */
  | { readonly layout: "by head"; readonly all: Part };

/** A projection whose queries and keys are turned by the position of their token. */
export function rotaryProjection(options: RotaryProjectionOptions): Projection {
  const { heads, keyHeads, headSize, maps, norms, rope } = options;
  const linear = maps.layout === "apart" ? [maps.queries, maps.keys, maps.values] : [maps.all];
  const parts = norms === undefined ? linear : [...linear, norms.queries, norms.keys];
  const turned = (nodes: DecoderNodes, rows: string, count: number, norm: Part | undefined) => {
    const normed = norm === undefined
      ? rows
      : norm.build(nodes, nodes.reshape(rows, [-1, headSize]));
    return rotate(nodes, rope, { rows: normed, heads: count, headSize });
  };
  return {
    weights: new Map(parts.flatMap(({ weights }) => [...weights])),
    build(nodes, rows) {
      const made = linear.map((map) => map.build(nodes, rows));
      const [queries, keys, values] = apart(nodes, made, options);
      return {
        queries: allColumns(turned(nodes, queries!, heads, norms?.queries), heads * headSize),
        keys: allColumns(turned(nodes, keys!, keyHeads, norms?.keys), keyHeads * headSize),
        values: allColumns(values!, keyHeads * headSize),
      };
    },
    bound(bounds, input) {
      const made = linear.map((map) => map.bound(bounds, input).each);
      const [queries, keys = queries, values = queries] = made as [number, number?, number?];
      const normed = (norm: Part | undefined, each: number) => {
        const head: Extent = { each, sum: headSize * each };
        return norm === undefined ? each : norm.bound(bounds, head).each;
      };
      return {
        queries: normed(norms?.queries, queries),
        keys: normed(norms?.keys, keys),
        values,
      };
    },
  };
}

/** Queries, keys and values, each [nodes, heads × headSize]. */
function apart(
  nodes: DecoderNodes,
  made: readonly string[],
  { heads, keyHeads, headSize, maps }: RotaryProjectionOptions,
): readonly string[] {
  const [all] = made;
  if (maps.layout === "apart") return made;
  if (maps.layout === "by kind") {
    const [keys, values] = [heads * headSize, (heads + keyHeads) * headSize];
    const end = values + keyHeads * headSize;
    return [[0, keys], [keys, values], [values, end]].map(([start, stop]) =>
      nodes.columns(all!, start!, stop!)
    );
  }
  const byHead = nodes.reshape(all!, [-1, heads, 3 * headSize]);
  return [0, 1, 2].map((kind) => {
    const one = nodes.columns(byHead, kind * headSize, (kind + 1) * headSize);
    return nodes.reshape(one, [-1, heads * headSize]);
  });
}
