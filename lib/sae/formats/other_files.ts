/**
 * Files that are kept beside SAEs and are none: whoever names one is told what it is.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { isFileThere } from "../../files/look.ts";
import type { SaeFiles } from "./sae_files.ts";

const LORA = "a LoRA adapter, which changes a language model, and no SAE";

/** Tensors by which a kind of file is known, all of them. */
const KINDS: readonly { readonly has: RegExp[]; readonly what: string }[] = [
  {
    has: [/^locations$/, /^activations$/],
    what:
      "a cache of activations, as delphi writes them, and holds no SAE: name the SAE that it was " +
      "made with",
  },
  {
    has: [/(^|\.)attn_layers\.\d+\./, /(^|\.)[DE]$/],
    what:
      "a temporal SAE, which reads the hidden states of the tokens before as well, and encodes " +
      "no row by itself: coact does not support it",
  },
  {
    has: [/\.lora_A\.|lora_A\.weight$/, /\.lora_B\.|lora_B\.weight$/],
    what: LORA,
  },
  {
    has: [/(^|\.)(embed_tokens|wte|embed_in)\.weight$/, /(^|\.)(layers|h)\.0\./],
    what: "a language model, and no SAE",
  },
];

/**
 * Says what files are that are no SAE.
 *
 * @throws {InputError} If they are of a known kind.
 */
export async function refuseOtherFiles(files: SaeFiles): Promise<void> {
  const refuse = (what: string) => new InputError(`${files.path} is ${what}`);
  const [name] = await files.weights();
  const { tensors } = name === undefined ? {} : await files.readableTensors(name) ?? {};
  const names = [...tensors?.keys() ?? []];
  const kind = KINDS.find(({ has }) => has.every((part) => names.some((name) => part.test(name))));
  if (kind !== undefined) throw refuse(kind.what);
  if (await isFileThere(`${files.directory}/adapter_config.json`)) throw refuse(LORA);
}
