/**
 * Where transformers 5 may give other token ids than `tokenizer.json` says.
 *
 * @module
 */
import type { TokenizerDefinition } from "./components.ts";
import type { Deviation } from "./pipeline.ts";
import { classOf, type TokenizerConfig } from "./tokenizer_config.ts";

/**
 * Two classes of transformers 5 build steps of their own, whatever `tokenizer.json` says; here it is
 * followed, as by transformers 4 and by Rust's tokenizers.
 */
export function deviationOf(
  { normalizer, pre_tokenizer }: TokenizerDefinition,
  config: TokenizerConfig,
): Deviation | undefined {
  const name = classOf(config);
  if (name === "LlamaTokenizer" && normalizer.some(({ type }) => type === "Prepend")) {
    return {
      what: "its LlamaTokenizer puts no second ▁ before a text that begins with a space",
      concerns: (text) => text.startsWith(" "),
    };
  }
  if (name === "GPT2Tokenizer" && pre_tokenizer.some(({ type }) => type !== "ByteLevel")) {
    return { what: "its GPT2Tokenizer splits texts as GPT-2 does", concerns: () => true };
  }
  return undefined;
}
