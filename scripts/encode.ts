/**
 * The features of hidden states that are stored already.
 *
 *     deno task encode --sae downloads/some_sae --states states.npy --output_dir results/features
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import {
  deviceOption,
  givenOutputOption,
  givenPathOption,
  switchOption,
  textOption,
  waitOption,
} from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import { SAE_OPTIONS } from "../lib/cli/sae_options.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

const options = {
  ...SAE_OPTIONS,
  states: givenPathOption(
    "FILE",
    "the hidden states, [n, d]: a .npy, or a tensor of an .npz or .safetensors",
  ),
  output_dir: givenOutputOption("the directory for the features; it is made if it is not there"),
  states_key: textOption(
    "NAME",
    "which tensor of the file holds the states (default: the only one)",
  ),
  sparse: switchOption("write features.npz, a sparse matrix that scipy.sparse.load_npz reads"),
  reconstruction: switchOption("write reconstruction.npy as well, what the SAE decodes"),
  centre_states: switchOption("subtract the mean over d from each state first"),
  device: deviceOption(),
  force: switchOption("write over files that are there already"),
  wait: waitOption(),
};

/** The command `encode`. */
export const encode: Command = defineCommand({
  name: "encode",
  summary: "Encode hidden states that are stored already: features.npy and encode.json.",
  about: "The SAE is recognised by its content, whichever library has saved it. The states are " +
    "taken as they are. encode.json says what the SAE is, where in a model it reads, and the " +
    "hashes of all files.",
  options,
  examples: [
    "deno task encode --sae demo/sae/layer6 --states states.npy --output_dir results/features",
    "deno task encode --sae gemma-scope-2b-pt-res/layer_12/width_16k/average_l0_82 --states " +
    "states.npz --states_key layer12 --output_dir results/features --sparse",
  ],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  const { encodeToFiles } = await import("../lib/features/encode_to_files.ts");
  const record = await encodeToFiles({
    sae: values.sae,
    states: values.states,
    statesKey: values.states_key,
    outputDirectory: values.output_dir,
    sparse: values.sparse,
    reconstruction: values.reconstruction,
    k: values.k,
    saeFormat: values.sae_format,
    reading: values.reading,
    device: values.device,
    centreStates: values.centre_states,
    force: values.force,
    wait: values.wait,
  }, terminal);
  const { format, architecture, site, m } = record;
  terminal.print(
    `${format}, ${architecture}, ${m} features; reads ${site ?? "it does not say where"}`,
  );
  for (const [name, { shape, nonzero }] of Object.entries(record.files)) {
    const detail = nonzero === undefined ? "" : `, ${nonzero} not 0`;
    terminal.print(`wrote ${values.output_dir}/${name} (${shape.join(" × ")}${detail})`);
  }
  terminal.print(`wrote ${values.output_dir}/encode.json`);
}

if (import.meta.main) await runCommand(encode, import.meta.url);
