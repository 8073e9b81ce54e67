/**
 * Turns prompts into token ids.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { parseBounded } from "../files/json.ts";
import { isFileThere } from "../files/look.ts";
import { isOptionalFileThere } from "../files/read_text.ts";
import { AddedVocabulary } from "./tokenizer/added_vocabulary.ts";
import { Bpe } from "./tokenizer/bpe.ts";
import { cutModel } from "./tokenizer/cut_model.ts";
import type { TokenizerDefinition } from "./tokenizer/components.ts";
import { checkDefinition } from "./tokenizer/definition.ts";
import { deviationOf } from "./tokenizer/deviation.ts";
import { JsonReader } from "./tokenizer/json_reader.ts";
import type { Merges } from "./tokenizer/merges.ts";
import { makeNormalizer } from "./tokenizer/normalizer.ts";
import { makePipeline, type Tokenizer } from "./tokenizer/pipeline.ts";
import { readSurroundings, type Surroundings } from "./tokenizer/post_processor.ts";
import { makePreTokenizer } from "./tokenizer/pre_tokenizer.ts";
import { makeSpannedNormalizer } from "./tokenizer/spanned_normalizer.ts";
import { readBytes, readConfigFiles } from "./tokenizer/read_files.ts";
import { readMergeLines, readVocabulary } from "./tokenizer/read_model.ts";
import {
  addTokens,
  classOf,
  type ConfigFiles,
  prefixSpaceOf,
  type TokenizerConfig,
} from "./tokenizer/tokenizer_config.ts";
import type { Vocabulary } from "./tokenizer/vocabulary.ts";

export type { Surroundings, Tokenizer, TokenizerConfig };

/**
 * Loads the tokenizer of a Hugging Face directory: `tokenizer.json`, or `vocab.json` and
 * `merges.txt` of a GPT-2, and beside it `tokenizer_config.json`, `special_tokens_map.json` and
 * `added_tokens.json` if they are there.
 *
 * @throws {InputError} If a file is missing or malformed, or the tokenizer is of a kind whose token
 * ids would not be Hugging Face's; its component is named.
 */
export async function loadTokenizer(directory: string): Promise<Tokenizer> {
  const path = `${directory}/tokenizer.json`;
  const isSlow = await isFileThere(`${directory}/vocab.json`) && !await isOptionalFileThere(path);
  const files = await readConfigFiles(directory);
  if (isSlow) return await loadVocabularyAndMerges(directory, files);
  if (await isFileThere(`${directory}/tokenizer.model`) && !await isFileThere(path)) {
    throw new InputError(
      `${path} does not exist, but tokenizer.model (SentencePiece), which coact does not read: load ` +
        "it with transformers (AutoTokenizer) and write it with save_pretrained()",
    );
  }
  return parseTokenizer(await readBytes(path), path, files);
}

/**
 * Makes a tokenizer from a `tokenizer.json`.
 *
 * @param bytes Its bytes.
 * @param path What to call it in messages.
 * @param files What the files beside it say.
 * @throws {InputError} If it is malformed, or of a kind whose token ids would not be Hugging Face's.
 */
export function parseTokenizer(bytes: Uint8Array, path: string, files: ConfigFiles): Tokenizer {
  const cut = cutModel(bytes, path);
  const definition = checkDefinition(parseBounded(cut.rest, path), path);
  const { vocabulary, merges } = cut;
  if (vocabulary === undefined) {
    throw new InputError(`${path}: model.vocab is no object of token ids`);
  }
  if (merges === undefined) throw new InputError(`${path}: model.merges is no list`);
  const first = definition.pre_tokenizer[0];
  const prefixSpace = prefixSpaceOf(files.config);
  const isAsked = prefixSpace !== undefined && definition.splits_in_one_step &&
    first?.type === "ByteLevel";
  const pre_tokenizer = isAsked
    ? [{ ...first, add_prefix_space: prefixSpace }]
    : definition.pre_tokenizer;
  const surroundings = readSurroundings(definition.post_processor, path);
  const changed = { ...definition, pre_tokenizer };
  return connect({ definition: changed, vocabulary, merges, files, path }, () => surroundings);
}

/** GPT-2's tokenizer, as the transformers library makes it of `vocab.json` and `merges.txt`. */
async function loadVocabularyAndMerges(directory: string, files: ConfigFiles): Promise<Tokenizer> {
  const { config } = files;
  const name = classOf(config);
  if (name !== undefined && name !== "GPT2Tokenizer") {
    throw new InputError(
      `${directory} has no tokenizer.json, and tokenizer_class is ${name}: only GPT2Tokenizer is ` +
        "made of vocab.json and merges.txt; save it as tokenizer.json",
    );
  }
  const path = `${directory}/vocab.json`;
  const mergesPath = `${directory}/merges.txt`;
  const reader = new JsonReader(await readBytes(path), path);
  const vocabulary = readVocabulary(reader, path, "the vocabulary");
  if (!Number.isNaN(reader.next())) throw new InputError(`${path} is no JSON`);
  const merges = readMergeLines(await readBytes(mergesPath), vocabulary, mergesPath);
  const definition = checkDefinition({
    model: { type: "BPE" },
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: config.add_prefix_space ?? false },
  }, path);
  const asGpt2 = { ...files, config: { ...config, tokenizer_class: "GPT2Tokenizer" } };
  const parts = { definition, vocabulary, merges, files: asGpt2, path };
  return connect(parts, (added, named) => {
    const ids = (name: string, isAdded: boolean | null | undefined) => {
      const token = isAdded ? named.get(name) : undefined;
      return token === undefined ? [] : [added.idOf(token)];
    };
    return {
      before: ids("bos_token", config.add_bos_token),
      after: ids("eos_token", config.add_eos_token),
    };
  });
}

/** All that a tokenizer is made of. */
interface Parts {
  definition: TokenizerDefinition;
  vocabulary: Vocabulary;
  merges: Merges;
  files: ConfigFiles;
  path: string;
}

function connect(
  { definition, vocabulary, merges, files, path }: Parts,
  surroundingsOf: (added: AddedVocabulary, named: Map<string, string>) => Surroundings,
): Tokenizer {
  const normalize = makeNormalizer(definition.normalizer);
  const added = new AddedVocabulary(vocabulary);
  added.add(definition.added_tokens);
  const named = addTokens(added, files);
  const beginning = named.get("bos_token");
  return makePipeline({
    finders: added.finders(normalize, files.config.split_special_tokens !== true, path),
    normalize,
    normalizeSpans: makeSpannedNormalizer(definition.normalizer),
    preTokenize: makePreTokenizer(definition.pre_tokenizer),
    model: new Bpe(vocabulary, merges, definition.model),
    surroundings: surroundingsOf(added, named),
    beginning: beginning === undefined ? undefined : { text: beginning, id: added.idOf(beginning) },
    deviation: deviationOf(definition, files.config),
    tokenOf: (id) => added.tokenOf(id),
  });
}
