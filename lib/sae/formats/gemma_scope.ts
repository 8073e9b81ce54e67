/**
 * Gemma Scope, by Google DeepMind: JumpReLU SAEs in `params.npz` (the first) or `config.json` and
 * `params.safetensors` (the second).
 *
 *     z = p > threshold ? max(0, p) : 0,  p = x W_enc + b_enc
 *
 * b_dec is not subtracted. SAEs of the embeddings (folder `embedding`) were trained on embeddings
 * before Gemma multiplies them with sqrt(d).
 *
 * Sources: https://arxiv.org/abs/2408.05147, https://huggingface.co/google/gemma-scope.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import type { Schema } from "../../files/json.ts";
import type { Site } from "../../lm/site.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import type { OpenedSae, SaeFiles, SaeFormat } from "./format.ts";
import { siteOfGemmaModule } from "./hook_site.ts";
import { expectShape, sizesOf, storedColumns, storedRows } from "./matrices.ts";

const FIRST = "params.npz";
const SECOND = "params.safetensors";

/** What the second's configuration says. */
interface Config {
  hf_hook_point_in: string;
  width: number;
  architecture: string;
  type?: string | undefined;
}

const configSchema: Schema<Config> = z.object({
  hf_hook_point_in: z.string(),
  width: z.int(),
  architecture: z.string(),
  type: z.string().optional(),
});

/** See the module. */
export const GEMMA_SCOPE: SaeFormat = {
  name: "Gemma Scope",
  async recognizes(files) {
    return await files.has(FIRST) || await files.has(SECOND);
  },
  async open(files) {
    return await files.has(FIRST) ? await openFirst(files) : await openSecond(files);
  },
};

async function openFirst(files: SaeFiles): Promise<OpenedSae> {
  const { site, siteInWords, isEmbedding, notes } = placeOf(files.folders);
  const tensors = await files.tensors(FIRST);
  return opened(files, tensors, { site, siteInWords, isEmbedding, notes, isTranscoder: false });
}

async function openSecond(files: SaeFiles): Promise<OpenedSae> {
  const tensors = await files.tensors(SECOND);
  const config = await files.config("config.json", configSchema);
  if (config === undefined) {
    throw new InputError(`${files.path}: config.json, which says where it reads, is missing`);
  }
  if (config.architecture !== "jump_relu") {
    throw new InputError(
      `${files.path}: its architecture is ${config.architecture}, expected jump_relu`,
    );
  }
  const sae = opened(files, tensors, {
    site: siteOfGemmaModule(config.hf_hook_point_in),
    siteInWords: config.hf_hook_point_in,
    isEmbedding: false,
    notes: [],
    isTranscoder: config.type !== undefined && config.type !== "sae",
  });
  if (config.width === sae.featureCount) return sae;
  throw new InputError(
    `${files.path} contradicts itself: config.json says width ${config.width}, but its tensors have ` +
      `${sae.featureCount} features`,
  );
}

interface Place {
  site: Site | undefined;
  siteInWords: string | undefined;
  isEmbedding: boolean;
  notes: string[];
}

/** Only the names of the folders say where an SAE of the first reads. */
function placeOf(folders: readonly string[]): Place {
  if (folders.includes("embedding")) {
    const site: Site = { block: 0, point: "pre" };
    return { site, siteInWords: "embedding", isEmbedding: true, notes: [] };
  }
  const layer = folders.map((name) => /^layer_(\d{1,3})$/.exec(name)?.[1]).find((n) =>
    n !== undefined
  );
  const kind = folders.map((name) => /^gemma-scope-.*-(res|mlp|att|transcoders)$/.exec(name)?.[1])
    .find((name) => name !== undefined);
  if (layer === undefined) {
    const notes = ["no folder in its path says of which layer it is (layer_12)"];
    return { site: undefined, siteInWords: undefined, isEmbedding: false, notes };
  }
  const block = Number(layer);
  const notes = kind !== undefined ? [] : [
    "nothing in its path says which of Gemma Scope's repositories it is of; it is taken for one of " +
    "the residual stream (-res)",
  ];
  const sites: Record<string, Site | undefined> = {
    res: { block, point: "post" },
    mlp: { block, point: "mlp_out" },
  };
  return {
    site: sites[kind ?? "res"],
    siteInWords: `layer_${block}, ${kind ?? "res"}`,
    isEmbedding: false,
    notes,
  };
}

function opened(
  files: SaeFiles,
  tensors: TensorFile,
  { isEmbedding, isTranscoder, ...place }: Place & { isTranscoder: boolean },
): OpenedSae {
  const named = (name: string) => tensors.tensors.has(name) ? name : name.toLowerCase();
  const [encoder, decoder] = [named("W_enc"), named("W_dec")];
  const [width, featureCount] = sizesOf(tensors, encoder);
  for (const name of ["b_enc", "threshold"]) expectShape(tensors, name, [featureCount]);
  const readDecoder = async () => {
    expectShape(tensors, decoder, [featureCount, width]);
    const factors = isEmbedding ? [Math.sqrt(width)] : [];
    return {
      rows: storedRows(tensors, decoder, { factors }),
      bias: await tensors.read("b_dec"),
    };
  };
  return {
    path: files.path,
    format: GEMMA_SCOPE.name,
    architecture: "jumprelu",
    width,
    featureCount,
    ...place,
    async read() {
      const factors = isEmbedding ? [1 / Math.sqrt(width)] : [];
      return {
        width,
        featureCount,
        rows: storedColumns(tensors, encoder, { factors }),
        bias: await tensors.read("b_enc"),
        input: [],
        activation: { threshold: await tensors.read("threshold"), floor: 0 },
        site: place.site,
        targets: [],
      };
    },
    // What a transcoder decodes is no hidden state that it takes.
    readDecoder: () => isTranscoder ? Promise.resolve(undefined) : readDecoder(),
  };
}
