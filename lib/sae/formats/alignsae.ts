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
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { CHECKPOINT_NAMES } from "./find_checkpoint.ts";
import { loadDecoder, loadSae } from "./load_checkpoint.ts";
import { openSaeCheckpoint, type SaeCheckpoint } from "./sae_checkpoint.ts";

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
    const name = (await checkpointName(files))!;
    await files.tensors(name); // so that it counts as opened
    const file = `${files.directory}/${name}`;
    const checkpoint = await openSaeCheckpoint(file, layerOf(files) ?? 0);
    const { kind, width, featureCount } = checkpoint.shape;
    const { layer, notes } = layerAndNotes(files, checkpoint);
    return {
      path: files.path,
      format: ALIGNSAE.name,
      architecture: kind,
      width,
      featureCount,
      site: layer === undefined ? undefined : { block: layer, point: "pre" },
      siteInWords: layer === undefined ? undefined : `layer${layer}`,
      notes,
      read: async () => (await loadSae(file)).sae,
      readDecoder: async () => (await loadDecoder(file)).decoder,
    };
  },
};

/** The layer by the folder, or by what the SAE was trained on, or as the two-hop analysis has it. */
function layerAndNotes(
  files: SaeFiles,
  { trainedOn, saysFeatures, shape: { slotCount } }: SaeCheckpoint,
): { layer: number | undefined; notes: string[] } {
  const named = layerOf(files);
  const [, digits] = /_layer(\d{1,3})\.\w+$/.exec(trainedOn ?? "") ?? [];
  const trained = digits === undefined ? undefined : Number(digits);
  if (named !== undefined) {
    const notes = trained === undefined || trained === named ? [] : [
      `its path says layer ${named}, but it was trained on layer ${trained} (${trainedOn}); the ` +
      "path counts",
    ];
    return { layer: named, notes };
  }
  if (trained !== undefined) return { layer: trained, notes: [] };
  const nothing = "nothing names its layer, as a folder layer6 would";
  const isTwoHop = slotCount === TWO_HOP.slotCount || saysFeatures;
  if (!isTwoHop) return { layer: undefined, notes: [nothing] };
  const { layer } = TWO_HOP;
  return { layer, notes: [`${nothing}; layer ${layer} is taken, the one of two-hop questions`] };
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
