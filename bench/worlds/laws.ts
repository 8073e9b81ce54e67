/**
 * The laws from which worlds are drawn to see how often a verdict's and a comparison's intervals hold.
 *
 * @module
 */
import { effectOn, type Feature, type Law, NO_EFFECT, RELATIONS, slotsOf } from "./law.ts";

/** What the wordings of each relation add: a tenth of a deviation at most. */
function someWordings(seed: number): number[][] {
  return RELATIONS.map((relation) => [
    0.1 * Math.sin(7 * relation + seed),
    0.1 * Math.cos(5 * relation + seed),
  ]);
}

/** Features of one relation, of two, and of none. */
function someFree(size: number, { rarely = false }: { rarely?: boolean } = {}): Feature[] {
  return [
    ...RELATIONS.flatMap((own): Feature[] => {
      const rare = { bias: -1.5, effects: effectOn(own, 0.9 * size) };
      if (rarely) return [rare];
      const [first, second] = [(1.2 - 0.1 * own) * size, 1.1 * size];
      return [
        { bias: 0.5, effects: effectOn(own, first), byWording: someWordings(own) },
        { bias: -0.5, effects: effectOn(own, second), byWording: someWordings(own + 9) },
        rare,
      ];
    }),
    { bias: 0, effects: [size, size, 0, 0] },
    { bias: 0.5, effects: NO_EFFECT },
    { bias: 0, effects: NO_EFFECT, byWording: someWordings(3) },
    { bias: -1.5, effects: NO_EFFECT },
    { bias: -2, effects: NO_EFFECT },
  ];
}

/** The first two slots answer to each other's relation. */
const SWAPPED = RELATIONS.map((slot) => ({
  bias: -1.5,
  effects: effectOn(slot < 2 ? 1 - slot : slot, 2.5),
}));

const COMMON = 0.4;

/** Strong, weak, swapped and shared features. */
const MIXED: Law = {
  common: COMMON,
  layers: [
    { layer: 1, free: someFree(0.5), slots: slotsOf(-1.5, 1.5) },
    { layer: 2, free: someFree(1), slots: SWAPPED },
    { layer: 3, free: someFree(0.8), slots: slotsOf(0, 0.8) },
  ],
};

/** The laws of verdicts. */
export const VERDICT_LAWS: Readonly<
  Record<"mixed" | "rare" | "nearOne" | "apart" | "unequal", Law>
> = {
  mixed: MIXED,
  /** Features and slots that are rarely active. */
  rare: {
    common: COMMON,
    layers: [
      { layer: 1, free: someFree(1, { rarely: true }), slots: slotsOf(-1.9, 0.6) },
      { layer: 2, free: someFree(1.2, { rarely: true }), slots: slotsOf(-1.7, 0.8) },
      { layer: 3, free: someFree(1, { rarely: true }), slots: slotsOf(-1.8, 0.7) },
    ],
  },
  /** AUROCs of .99 and more. */
  nearOne: {
    common: COMMON,
    layers: [
      { layer: 1, free: someFree(3.5), slots: slotsOf(-2.2, 4.5) },
      { layer: 2, free: someFree(3), slots: slotsOf(-2.2, 5) },
      { layer: 3, free: someFree(4), slots: slotsOf(-1.5, 4) },
    ],
  },
  /** Each person is asked about one relation only. */
  apart: { ...MIXED, isAsked: (relation, person) => (person >> 1) % 4 === relation },
  /** One relation has a quarter of the persons of the others. */
  unequal: { ...MIXED, isAsked: (relation, person) => relation > 0 || person % 8 < 2 },
};

/** Two runs, each with a layer of its own. */
function runs(
  [first, second]: readonly [number, number],
  slots: readonly [number, number],
  biases: { free: readonly [number, number]; slots: number } = { free: [0.3, -0.5], slots: -0.5 },
): Law {
  const free = (size: number): Feature[] => [
    ...RELATIONS.flatMap((own) => [
      { bias: biases.free[0], effects: effectOn(own, size) },
      { bias: biases.free[1], effects: effectOn(own, 0.9 * size) },
    ]),
    { bias: 0.2, effects: NO_EFFECT },
    { bias: -1.2, effects: NO_EFFECT },
  ];
  return {
    common: COMMON,
    layers: [first, second].map((size, run) => ({
      layer: 1,
      free: free(size),
      slots: slotsOf(biases.slots, slots[run]!),
    })),
  };
}

/** The laws of two runs that are compared: their layers are the runs. */
export const RUN_LAWS: Readonly<Record<"equal" | "different" | "rare" | "nearOne", Law>> = {
  equal: runs([0.8, 0.8], [1.2, 1.2]),
  different: runs([0.8, 1.4], [1.2, 2.5]),
  rare: runs([0.8, 1.1], [0.8, 1.2], { free: [-1.6, -1.4], slots: -1.6 }),
  nearOne: runs([3, 3.5], [4.5, 4]),
};
