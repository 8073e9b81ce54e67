/**
 * What a model sees of prompts: their tokens, in files. Only the tokenizer is needed.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { versions } from "../base/version.ts";
import { DirectoryLock } from "../files/directory_lock.ts";
import { jsonLine, jsonText } from "../files/json_writer.ts";
import { isFileThere } from "../files/look.ts";
import { hashesOf, SteadyFile } from "../files/steady_file.ts";
import { prepareDirectory, removeLeftovers } from "../files/output_directory.ts";
import { Staging } from "../files/write_whole.ts";
import { readDecoder } from "../lm/architectures/mod.ts";
import { withBeginning } from "../prompts/beginning_token.ts";
import { encodePrompts } from "../prompts/encode_prompts.ts";
import type { EncodedPrompt } from "../prompts/encoded_prompt.ts";
import type { PromptLimits } from "../prompts/prompt_ids.ts";
import { findModelDirectory } from "../lm/model_directory.ts";
import {
  type PromptSettings,
  readGroupedPrompts,
  recordSettings,
} from "../prompts/prompt_settings.ts";
import { loadTokenizer, type Tokenizer } from "../lm/tokenizer.ts";
import { findTokenizerFiles } from "../lm/tokenizer/read_files.ts";
import type { Grouping } from "../questions/labels.ts";
import type { Prompt } from "../questions/prompt_file.ts";

/** Which prompts, and where their tokens go. */
export interface TokensOptions {
  /** The directory with the tokenizer's files. */
  readonly lmModel: string;
  /** The file of the prompts. */
  readonly questionFile: string;
  /** How prompts are made of its lines. */
  readonly prompts: PromptSettings;
  /** The directory for the files; it is made if it does not exist. */
  readonly outputDirectory: string;
  /** Whether to wait for another run that writes to the directory. Default: no. */
  readonly wait?: boolean | undefined;
}

/** A prompt and what the model sees of it. */
export interface SeenPrompt extends EncodedPrompt {
  /** The prompt. */
  readonly prompt: Prompt;
}

/** What all prompts came to. */
export interface TokensOutcome {
  /** The prompts, in the order of the file. */
  readonly prompts: readonly SeenPrompt[];
  /** What made the tokens; undefined where ids were given and there is none. */
  readonly tokenizer: Tokenizer | undefined;
  /** The paths of the files. */
  readonly paths: readonly string[];
}

/**
 * Encodes prompts and writes `tokens.jsonl`, an object a prompt, and `tokens.json`, which says how
 * they were made.
 *
 * @throws {InputError} If an input is missing or damaged, a prompt cannot be encoded, or a file cannot
 * be written.
 */
export async function tokensToFiles(
  options: TokensOptions,
  observer: Observer = SILENT,
): Promise<TokensOutcome> {
  const { lmModel, questionFile, prompts: settings, outputDirectory, wait = false } = options;
  const { path: directory, note } = await findModelDirectory(lmModel);
  if (note !== undefined) observer.note(note);
  const { tokenizer: own, files } = await openTokenizer(directory, settings);
  const { file, groupings } = await readGroupedPrompts(questionFile, settings, observer);
  const limits = await limitsOf(directory);
  const encoded = encodePrompts(file.prompts, {
    ...settings,
    tokenizer: own,
    limits,
    directory,
    path: questionFile,
    observer,
  });
  const tokenizer = own && withBeginning(own, settings.prependBos, directory);
  const prompts = encoded.map((each, i) => ({ ...each, prompt: file.prompts[i]! }));
  const record = {
    lm_model: lmModel,
    qa_file: questionFile,
    ...recordSettings(settings, file),
    prompts: prompts.length,
    lines_left_out: file.skipped,
    groups: groupRecords(groupings),
    added_tokens: addedTokens(tokenizer, settings),
    versions: versions(),
    input_sha256: await hashesOf([...file.files, ...files]),
  };
  using _directory = await prepareDirectory(outputDirectory);
  using _lock = await DirectoryLock.take(outputDirectory, { wait, observer });
  await removeLeftovers(outputDirectory);
  const paths = ["tokens.jsonl", "tokens.json"].map((name) => `${outputDirectory}/${name}`);
  await using staging = new Staging();
  const lines = prompts.map((prompt) => jsonLine(lineOf(prompt, tokenizer)));
  await staging.add(paths[0]!, lines.join(""));
  await staging.add(paths[1]!, jsonText(record));
  await staging.commit();
  return { prompts, tokenizer, paths };
}

/** Where ids are given, a tokenizer only names them. */
async function openTokenizer(
  directory: string,
  { idsField }: PromptSettings,
): Promise<{ tokenizer: Tokenizer | undefined; files: SteadyFile[] }> {
  const paths = await findTokenizerFiles(directory);
  const isThere = paths.some((path) => /(tokenizer|vocab)\.json$/.test(path));
  if (idsField !== undefined && !isThere) return { tokenizer: undefined, files: [] };
  const files: SteadyFile[] = [];
  for (const path of paths) files.push(await SteadyFile.see(path));
  return { tokenizer: await loadTokenizer(directory), files };
}

/** What the model takes, if its `config.json` is there and of a model that is known. */
async function limitsOf(directory: string): Promise<PromptLimits | undefined> {
  const path = `${directory}/config.json`;
  if (!await isFileThere(path)) return undefined;
  try {
    return (await readDecoder(path)).config;
  } catch (error) {
    if (error instanceof InputError) return undefined; // the tokenizer may be another model's
    throw error;
  }
}

/** How many prompts each group has, by field; in lists, for an object would sort its keys. */
export function groupRecords(
  groupings: readonly Grouping[],
): { field: string; labels: { label: string; prompts: number }[]; unlabelled: number }[] {
  return groupings.map(({ field, groups, groupOf, unlabelled }) => {
    const counts = groups.map(() => 0);
    for (const group of groupOf) if (group !== undefined) counts[group]!++;
    const labels = groups.map(({ key }, i) => ({ label: key, prompts: counts[i]! }));
    return { field, labels, unlabelled };
  });
}

/** What goes around each prompt. */
export function addedTokens(
  tokenizer: Tokenizer | undefined,
  { idsField }: PromptSettings,
): { before: number[]; behind: number[] } | null {
  if (tokenizer === undefined || idsField !== undefined) return null;
  const { before, after } = tokenizer.surroundings;
  return { before: [...before], behind: [...after] };
}

function lineOf({ line, ids, choice }: SeenPrompt, tokenizer: Tokenizer | undefined): unknown {
  return {
    ids,
    tokens: tokenizer === undefined ? null : ids.map((id) => tokenizer.tokenOf(id) ?? null),
    position: "token" in choice ? choice.token : null,
    line,
  };
}
