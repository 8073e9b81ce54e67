/** Tokenizers of texts in memory. */
import { parseTokenizer, type Tokenizer, type TokenizerConfig } from "../../lib/lm/tokenizer.ts";

/** The tokenizer of a `tokenizer.json`, and of what `tokenizer_config.json` says beside it. */
export function tokenizerOf(text: string, path: string, config: TokenizerConfig = {}): Tokenizer {
  const files = { config, path: "tokenizer_config.json" };
  return parseTokenizer(new TextEncoder().encode(text), path, files);
}
