/**
 * AlignSAE: a checkpoint of its training, `sae_best.pt` and others, with the parameters in
 * `model_state_dict`.
 *
 * Supervised: z = p, and the last features are relation slots. Traditional: z = max(0, p).
 *
 * Source: the training scripts of AlignSAE, https://arxiv.org/abs/2512.02004.
 *
 * @module
 */
import { decoderOf } from "../sae.ts";
import type { OpenedSae, SaeFiles, SaeFormat } from "./format.ts";
import { CHECKPOINT_NAMES, loadDecoder, loadSae, openSaeCheckpoint } from "./sae_checkpoint.ts";

/** The analysis of two-hop questions: its relations, and the one layer that its scripts read. */
const TWO_HOP = { slotCount: 20, layer: 6 } as const;

/** See the module. */
export const ALIGNSAE: SaeFormat = {
  name: "AlignSAE",
  async recognizes(files) {
    const name = await checkpointName(files);
    if (name === undefined) return false;
    return (await files.tensors(name)).unreadable.has("model_state_dict");
  },
  async open(files): Promise<OpenedSae> {
    const file = `${files.directory}/${await checkpointName(files)}`;
    const named = layerOf(files);
    const { shape } = await openSaeCheckpoint(file, named ?? 0);
    const { kind, width, featureCount, slotCount } = shape;
    const layer = named ?? (slotCount === TWO_HOP.slotCount ? TWO_HOP.layer : undefined);
    return {
      path: files.path,
      format: ALIGNSAE.name,
      architecture: kind,
      width,
      featureCount,
      site: layer === undefined ? undefined : { block: layer, point: "pre" },
      siteInWords: layer === undefined ? undefined : `layer${layer}`,
      notes: named === undefined ? [noteOn(layer)] : [],
      read: async () => (await loadSae(file)).sae,
      async readDecoder() {
        const { decoder } = await loadDecoder(file);
        return decoder && decoderOf(decoder);
      },
    };
  },
};

function noteOn(layer: number | undefined): string {
  const what = "no folder in its path says of which layer it is (layer6)";
  return layer === undefined ? what : `${what}; the two-hop analysis reads layer ${layer}`;
}

async function checkpointName(files: SaeFiles): Promise<string | undefined> {
  const { file } = files;
  if (file !== undefined) return /\.pth?$/.test(file) ? file : undefined;
  for (const name of CHECKPOINT_NAMES) if (await files.has(name)) return name;
  return undefined;
}

/** Only the name of a folder, or of a file of the two-hop analysis, says it. */
function layerOf({ folders }: SaeFiles): number | undefined {
  for (const name of folders) {
    const [, layer] = /^layer(\d{1,3})$|_layer(\d{1,3})\.pt$/.exec(name)?.filter(Boolean) ?? [];
    if (layer !== undefined) return Number(layer);
  }
  return undefined;
}
