/** Layers to be drawn: of any size, and with any names. */
import type { LayerPicture } from "../../lib/pictures/layer_picture.ts";

/** AlignSAE's relations. */
export const RELATIONS = [
  "Birth Date",
  "Birth City",
  "University",
  "Major",
  "Employer",
  "Work City",
] as const;

/** A caption as results have it. */
export const CAPTION: readonly string[] = [
  "model models/base_sft/checkpoint-step-10000",
  "supervised SAE, 10,000 free features + 6 slots, …/sae_per_layer/layer6/sae_best.pt",
  "500 questions per relation",
  "hidden_states[6], the residual stream after 6 of 12 blocks, which is the input of block 6",
];

/** A layer whose matrix is made by a function of row and column. */
export function layerPicture(
  value: (row: number, column: number) => number,
  { free = 40, slots = 6, relations = RELATIONS, layer = 6 }: {
    free?: number;
    slots?: number;
    relations?: readonly string[];
    layer?: number;
  } = {},
): LayerPicture {
  const features = free + slots;
  const matrix = Float32Array.from(
    { length: relations.length * features },
    (_, i) => value(Math.floor(i / features), i % features),
  );
  return {
    layer,
    kind: slots > 0 ? "supervised" : "traditional",
    layout: { freeCount: free, slotCount: slots },
    relations,
    matrix,
    caption: CAPTION,
  };
}

/** Numbers that look random and are the same each time, from -0.25 to 1. */
export function noise(row: number, column: number): number {
  const place = Math.sin(row * 127.1 + column * 311.7) * 43758.5453;
  return 1.25 * (place - Math.floor(place)) - 0.25;
}
