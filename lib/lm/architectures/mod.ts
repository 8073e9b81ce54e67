/**
 * The architectures that are known, and which of them a `config.json` is of.
 *
 * @module
 */
import { z } from "zod";
import { InputError } from "../../base/errors.ts";
import { parseJson, type Schema } from "../../files/json.ts";
import { readText } from "../../files/read_text.ts";
import type { Architecture, Decoder } from "../decoder.ts";
import { gpt2 } from "./gpt2.ts";
import { gemma2, gemma3Text } from "./gemma.ts";
import { gptNeox } from "./gpt_neox.ts";
import { llama, mistral, phi3, qwen2, qwen3 } from "./llama.ts";

/** All architectures. */
export const ARCHITECTURES: readonly Architecture[] = [
  gpt2,
  gptNeox,
  llama,
  mistral,
  phi3,
  qwen2,
  qwen3,
  gemma2,
  gemma3Text,
];

/** The longest `config.json` that is read, in bytes: a thousand times what GPT-2's has. */
const MAX_CONFIG_BYTES = 2 ** 20;

interface Kind {
  model_type?: string | undefined;
  architectures?: string[] | null | undefined;
  text_config?: object | null | undefined;
  quantization_config?: { quant_method?: unknown } | null | undefined;
}

/** What says which architecture a `config.json` is of. Those of early 2020 lack `model_type`. */
const kindSchema: Schema<Kind> = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  text_config: z.looseObject({}).nullish(),
  quantization_config: z.looseObject({ quant_method: z.unknown().optional() }).nullish(),
});

/**
 * Reads `config.json` of a Hugging Face directory: the decoder that it describes.
 *
 * @throws {InputError} If it is missing, malformed, or describes a model that is not known.
 */
export async function readDecoder(path: string): Promise<Decoder> {
  return parseDecoder(await readText(path, MAX_CONFIG_BYTES), path);
}

/**
 * Parses the text of a `config.json`.
 *
 * @param path What to call it in messages.
 * @throws {InputError} If it is malformed or describes a model that is not known.
 */
export function parseDecoder(text: string, path: string): Decoder {
  const kind = parseJson(kindSchema, text, path);
  const architecture = architectureOf(kind, path);
  const { quantization_config: quantization } = kind;
  if (quantization != null) {
    const method = quantization.quant_method;
    throw new InputError(
      `${path}: the weights are quantised (quantization_config${
        typeof method === "string" ? `, ${method}` : ""
      }), which is not implemented; use the model as it was before`,
    );
  }
  return architecture.read(text, path);
}

/** By `model_type`, or where there is none by the class that wrote it. */
function architectureOf(kind: Kind, path: string): Architecture {
  const { model_type, architectures } = kind;
  if (model_type !== undefined) {
    const known = ARCHITECTURES.find(({ modelType }) => modelType === model_type);
    if (known !== undefined) return known;
    throw new InputError(
      `${path} has model_type ${model_type}, expected ${KNOWN}` +
        (kind.text_config == null ? "" : "; it reads more than text, and the part of it that " +
          "reads text (text_config) is not taken out of it: save that as a model of its own"),
    );
  }
  const classes = architectures ?? [];
  if (classes.length === 0) {
    throw new InputError(
      `${path}: model_type is missing, and there are no architectures to tell it by; add ` +
        '"model_type": "gpt2" if it is a GPT-2',
    );
  }
  const known = ARCHITECTURES.find((each) => classes.every((name) => each.classes.test(name)));
  if (known !== undefined) return known;
  throw new InputError(
    `${path} has the architectures ${classes.join(", ")} and no model_type, expected those of a ` +
      `GPT-2, such as GPT2LMHeadModel, or a model_type: ${KNOWN}`,
  );
}

/** `gpt2, gpt_neox or llama`. */
const KNOWN = ARCHITECTURES.map(({ modelType }) => modelType).join(", ")
  .replace(/, ([^,]*)$/, " or $1");
