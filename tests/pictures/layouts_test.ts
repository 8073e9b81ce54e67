/** The layouts of all pictures, from the smallest to the largest analyses. */
import type { Figure } from "../../lib/plot/figure.ts";
import { denseActivation } from "../../lib/pictures/dense_activation.ts";
import { featureConsistency } from "../../lib/pictures/feature_consistency.ts";
import type { LayerPicture } from "../../lib/pictures/layer_picture.ts";
import { relationSlots } from "../../lib/pictures/relation_slots.ts";
import { slotsSummary } from "../../lib/pictures/slots_summary.ts";
import { topFreeFeatures } from "../../lib/pictures/top_features.ts";
import { assertLegible } from "../support/figures.ts";
import { CAPTION, layerPicture, noise, RELATIONS } from "../support/layer_pictures.ts";

const LONG_NAMES = [
  "The City In Which The Person Spent The First Years Of Their Life Before School",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
  "X",
  "A & B <i>",
  "Ångström Über Ñandú",
  "Work City",
];
const TWENTY = Array.from({ length: 20 }, (_, i) => `Relation Number ${i}`);

const layers: Record<string, LayerPicture> = {
  "6 relations, 10,000 features": layerPicture(noise, { free: 10_000 }),
  "4 features": layerPicture(noise, { free: 4 }),
  "1 feature, 1 relation, 1 slot": layerPicture(noise, { free: 1, slots: 1, relations: ["Major"] }),
  "20 features": layerPicture(noise, { free: 20 }),
  "160 features": layerPicture(noise, { free: 160 }),
  "100,000 features": layerPicture(noise, { free: 100_000 }),
  "20 relations": layerPicture(noise, { free: 10_000, slots: 20, relations: TWENTY }),
  "2 of 20 relations": layerPicture(noise, { free: 500, slots: 20, relations: TWENTY.slice(3, 5) }),
  "2 slots": layerPicture(noise, { free: 5000, slots: 2, relations: RELATIONS.slice(0, 2) }),
  "100 relations": layerPicture(noise, {
    free: 1000,
    slots: 100,
    relations: Array.from({ length: 100 }, (_, i) => `Relation Number ${i}`),
  }),
  "long names": layerPicture(noise, { free: 10_000, relations: LONG_NAMES }),
  "layer 23": layerPicture(noise, { layer: 23, free: 300 }),
  "400 relations": layerPicture(noise, {
    free: 10,
    slots: 400,
    relations: Array.from({ length: 400 }, (_, i) => `Relation ${i}`),
  }),
  "huge values": layerPicture((row, column) => 1e30 * noise(row, column)),
  "vanishing values": layerPicture((row, column) => 1e-30 * noise(row, column)),
  "nothing but 1e20": layerPicture(() => 1e20),
  "large values": layerPicture((row, column) => 12345.678 * noise(row, column)),
  "tiny values": layerPicture((row, column) => 1e-7 * noise(row, column)),
  "nothing but zeros": layerPicture(() => 0),
  "nothing above zero": layerPicture((row, column) => -1 - noise(row, column)),
  "a traditional SAE": layerPicture(noise, { free: 10_006, slots: 0 }),
  "a traditional SAE of 3 features": layerPicture(noise, { free: 3, slots: 0 }),
};

const draw: Record<string, (picture: LayerPicture) => Figure> = {
  "dense": (picture) => denseActivation(picture),
  "reference dense": (picture) => denseActivation(picture, { reference: true }),
  "slots": (picture) => relationSlots(picture),
  "reference slots": (picture) => relationSlots(picture, { reference: true }),
  "top": (picture) => topFreeFeatures(picture, { count: 50 }),
  "top 500": (picture) => topFreeFeatures(picture, { count: 500 }),
  "top by mean": (picture) => topFreeFeatures(picture, { count: 50, rank: "mean" }),
  "consistency": (picture) => featureConsistency(picture, { threshold: 0.1 }),
};

for (const [what, nameless] of Object.entries(layers)) {
  const { layout: { slotCount }, relations } = nameless;
  const slotNames = Array.from({ length: slotCount }, (_, i) => relations[i % relations.length]);
  const picture = { ...nameless, slotNames };
  for (const [kind, figure] of Object.entries(draw)) {
    if (picture.kind === "traditional" && kind.endsWith("slots")) continue;
    Deno.test(`the ${kind} picture of ${what} is legible`, () => assertLegible(figure(picture)));
  }
}

for (const count of [1, 2, 3, 5, 12, 13, 24, 36]) {
  for (const relations of [RELATIONS.slice(0, 1), RELATIONS, LONG_NAMES, TWENTY]) {
    const names = relations === LONG_NAMES ? "long names" : `${relations.length} relations`;
    Deno.test(`the summary of ${count} layers and ${names} is legible`, () => {
      const slots = (layer: number) => ({
        means: Float32Array.from(
          { length: relations.length ** 2 },
          (_, i) => noise(layer, i),
        ),
        count: relations.length,
        summary: "diagonal 0.89, off-diagonal 0.02, binding accuracy 100.0 %",
        isBest: layer === 1,
      });
      const panels = Array.from(
        { length: count },
        (_, layer) =>
          layer % 5 === 2
            ? { layer, note: "No data: no SAE checkpoint" }
            : { layer, slots: slots(layer) },
      );
      const summary = { panels, relations, slotNames: relations, caption: CAPTION };
      assertLegible(slotsSummary(summary));
      assertLegible(slotsSummary(summary, { scalePerLayer: true }));
    });
  }
}
