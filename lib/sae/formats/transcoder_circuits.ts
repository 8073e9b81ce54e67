/**
 * transcoder_circuits, by Dunefsky, Chlenski and Nanda: a pickle of the training's options (`cfg`) and
 * of a `state_dict`. A transcoder reads what the MLP takes and predicts what it gives.
 *
 *     z = max(0, (x - b_dec) W_enc + b_enc),  y = z W_dec + b_dec_out
 *
 * Unlike SAELens' transcoders it subtracts b_dec. The SAEs of the same code are those of version 0 of
 * SAELens.
 *
 * Source: https://github.com/jacobdunefsky/transcoder_circuits.
 *
 * @module
 */
import { basename } from "node:path";
import { InputError } from "../../base/errors.ts";
import { PickleNamespace, type PickleValue } from "../../tensors/pickle_values.ts";
import type { TensorFile } from "../../tensors/tensor_file.ts";
import { RELU } from "../activation.ts";
import type { OpenedSae, SaeFormat } from "./format.ts";
import type { SaeFiles } from "./sae_files.ts";
import { siteOfHook } from "./hook_site.ts";
import { checkNumberTypes, expectShape, sizesOf } from "./tensor_checks.ts";
import { checkSaid, notesOnUnread } from "./said.ts";
import { squareNotes } from "./square.ts";
import { readTensorDecoder } from "./tensor_decoder.ts";
import { readTensorEncoder } from "./tensor_encoder.ts";

const TENSORS = ["W_enc", "b_enc", "W_dec", "b_dec", "b_dec_out"];

/** See the module. */
export const TRANSCODER_CIRCUITS: SaeFormat = {
  name: "transcoder_circuits",
  async recognizes(files) {
    return await pickleOf(files) !== undefined;
  },
  async open(files) {
    const pickle = (await pickleOf(files))!;
    return await opened(files, pickle.part("state_dict")!, pickle.values.get("cfg"));
  },
};

async function pickleOf(files: SaeFiles): Promise<TensorFile | undefined> {
  const [only, other] = await files.weights();
  if (only === undefined || other !== undefined) return undefined;
  const pickle = await files.readableTensors(only);
  const names = pickle?.part("state_dict")?.tensors;
  return names?.has("W_enc") && names.has("b_dec_out") ? pickle : undefined;
}

async function opened(
  files: SaeFiles,
  tensors: TensorFile,
  options: PickleValue | undefined,
): Promise<OpenedSae> {
  const { path } = files;
  const said = optionsOf(options);
  const [width, featureCount] = sizesOf(tensors, "W_enc");
  const [, outputs] = sizesOf(tensors, "W_dec");
  expectShape(tensors, "W_dec", [featureCount, outputs]);
  expectShape(tensors, "b_enc", [featureCount]);
  expectShape(tensors, "b_dec", [width]);
  expectShape(tensors, "b_dec_out", [outputs]);
  checkNumberTypes(tensors, TENSORS);
  for (
    const [name, found, what] of [
      ["d_in", width, "its W_enc has width"],
      ["d_sae", featureCount, "the number of features in its W_enc is"],
      ["d_out", outputs, "what its W_dec gives has width"],
    ] as const
  ) {
    checkSaid({ path, source: "its cfg", name, value: said.number(name) }, found, what);
  }
  if (said.is("is_transcoder", false)) {
    throw new InputError(
      `${path} contradicts itself: its cfg says is_transcoder False, but its state_dict holds ` +
        "b_dec_out, which is a transcoder's",
    );
  }
  const sizes = { width, featureCount };
  const [hook, hookOut] = [
    hookOf(said.text("hook_point"), [
      basename(tensors.path),
      ...files.folders,
    ]),
    said.text("out_hook_point"),
  ];
  const site = siteOfHook(hook.name ?? "");
  return {
    path,
    format: TRANSCODER_CIRCUITS.name,
    architecture: "relu transcoder",
    ...sizes,
    site,
    siteInWords: hook.name,
    predicts: { width: outputs, site: siteOfHook(hookOut ?? ""), siteInWords: hookOut },
    notes: [
      ...hook.notes,
      ...notesOnUnread(tensors, TENSORS),
      ...(width === outputs ? await squareNotes(tensors, SQUARE) : []),
    ],
    async read() {
      const encoder = { ...sizes, weight: "W_enc", isTransposed: true, bias: "b_enc" };
      return {
        ...await readTensorEncoder(tensors, encoder),
        ...sizes,
        input: [{ kind: "subtract", vector: await tensors.read("b_dec") }],
        activation: RELU,
        site,
        targets: [],
      };
    },
    readDecoder: () =>
      readTensorDecoder(tensors, {
        width: outputs,
        featureCount,
        weight: "W_dec",
        bias: "b_dec_out",
        predicts: true,
      }),
  };
}

const SQUARE = {
  encoder: "W_enc",
  isEncoderTransposed: true,
  decoder: "W_dec",
  isDecoderTransposed: false,
} as const;

/** The options of the training, as far as they are plain values; none of an unknown class. */
function optionsOf(options: PickleValue | undefined) {
  const get = (name: string) => options instanceof PickleNamespace ? options.get(name) : undefined;
  return {
    number(name: string): number | undefined {
      const value = get(name);
      return typeof value === "number" ? value : undefined;
    },
    text(name: string): string | undefined {
      const value = get(name);
      return typeof value === "string" ? value : undefined;
    },
    is: (name: string, expected: boolean) => get(name) === expected,
  };
}

/** The hook that is read: the options say it, else the name of the file, or of a folder. */
function hookOf(
  said: string | undefined,
  names: readonly string[],
): { name: string | undefined; notes: string[] } {
  // A file's name goes on with the number of features: …hook_normalized_24576.pt.
  const named = names
    .map((name) => /blocks\.\d{1,3}(?:\.[a-z][a-z\d]*(?:_[a-z]+)*)+/.exec(name)?.[0])
    .find((name) => name !== undefined);
  if (said === undefined) {
    const notes = named === undefined
      ? ["neither its cfg nor its name says where it reads"]
      : [`its cfg does not say where it reads; its name says ${named}`];
    return { name: named, notes };
  }
  const disagrees = named !== undefined && named !== said;
  return {
    name: said,
    notes: disagrees
      ? [`its name says ${named}, but its cfg hook_point ${said}, which is followed`]
      : [],
  };
}
