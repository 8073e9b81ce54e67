/**
 * Opens an SAE of any format that coact knows: each is asked whether it recognises the files.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { ALIGNSAE } from "./formats/alignsae.ts";
import { CIRCUIT_TRACER } from "./formats/circuit_tracer.ts";
import type { OpenedSae, SaeFormat, SaeOptions } from "./formats/format.ts";
import { SaeFiles } from "./formats/sae_files.ts";
import { BATCH_TOP_K } from "./formats/batch_top_k.ts";
import { DICTIONARY_LEARNING } from "./formats/dictionary_learning.ts";
import { GEMMA_SCOPE } from "./formats/gemma_scope.ts";
import { GOODFIRE, GOODFIRE_R1, QRESEARCH } from "./formats/linear_layers.ts";
import { LLAMA_SCOPE } from "./formats/llama_scope.ts";
import { LLAMASCOPIUM } from "./formats/llamascopium.ts";
import { OPENAI } from "./formats/openai.ts";
import { refuseOtherFiles } from "./formats/other_files.ts";
import { QWEN_SCOPE } from "./formats/qwen_scope.ts";
import { SAELENS } from "./formats/saelens.ts";
import { SPARSIFY } from "./formats/sparsify.ts";
import { STATE_DICT_WITH_CONFIG } from "./formats/state_dict_with_config.ts";
import { TRANSCODER_CIRCUITS } from "./formats/transcoder_circuits.ts";
import { findSaes } from "./find_saes.ts";

/** The formats, in no order: files that two of them recognise are refused. */
const FORMATS: readonly SaeFormat[] = [
  ALIGNSAE,
  BATCH_TOP_K,
  CIRCUIT_TRACER,
  DICTIONARY_LEARNING,
  GEMMA_SCOPE,
  GOODFIRE,
  GOODFIRE_R1,
  LLAMA_SCOPE,
  LLAMASCOPIUM,
  OPENAI,
  QRESEARCH,
  QWEN_SCOPE,
  SAELENS,
  SPARSIFY,
  STATE_DICT_WITH_CONFIG,
  TRANSCODER_CIRCUITS,
];
/** How many SAEs below a folder are named at most, and how many folders are looked into for them. */
const MOST_NAMED = 12;
const MOST_FOLDERS = 500;

/**
 * Opens the SAE at a path, a file or a directory. It is recognised by its content; its weights are
 * not yet read.
 *
 * @throws {InputError} If nothing is there, no format or more than one recognises it, or it
 * contradicts itself.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openSae } from "@coact/coact";
 *
 * const opened = await openSae("demo/sae/layer6");
 * assert.equal(opened.format, "AlignSAE");
 * assert.deepEqual(opened.site, { block: 6, point: "pre" });
 * const sae = await opened.read();
 * const some = await sae.rows.read(10, 2); // the encoder's rows of features 10 and 11
 * assert.equal(some.length, 2 * opened.width);
 * ```
 */
export async function openSae(path: string, options: SaeOptions = {}): Promise<OpenedSae> {
  return (await openSaeFiles(path, options)).opened;
}

/**
 * Opens the SAE at a path, and says which files it was described by, as they were then: those that
 * its weights lie in are among them.
 *
 * @throws {InputError} As {@linkcode openSae} does.
 */
export async function openSaeFiles(
  path: string,
  { format: forced, ...options }: SaeOptions = {},
): Promise<{ opened: OpenedSae; files: SteadyFile[] }> {
  const format = await formatOf(
    await SaeFiles.at(path),
    forced === undefined ? FORMATS : [formatNamed(forced)],
  );
  // Looked at anew, so that only what this format reads counts as read.
  const files = await SaeFiles.at(path);
  const opened = await format.open(files, options);
  if (options.k !== undefined) await checkGivenK(opened, options.k);
  return { opened: { ...opened, files: files.opened }, files: await files.seen() };
}

/**
 * A k that is given says what no file holds.
 *
 * @throws {InputError} If the files hold another one, or no fixed number of features is kept.
 */
async function checkGivenK({ path, read }: OpenedSae, given: number): Promise<void> {
  const { activation: { threshold } } = await read();
  const isTopK = typeof threshold === "object" && "k" in threshold;
  const kept = isTopK ? threshold.k * (threshold.groups ?? 1) : undefined;
  if (kept === given) return;
  throw new InputError(
    kept === undefined
      ? `${path} keeps no fixed number of features of a state, but k is given as ${given}`
      : `${path} keeps ${kept} features of a state by its files, but k is given as ${given}`,
  );
}

/** The names of all formats. */
export function formatNames(): string[] {
  return FORMATS.map(({ name }) => name);
}

/**
 * Whether some format recognises what is at a path; its weights are not read.
 *
 * @throws {InputError} If none does, and one cannot look at it.
 */
export async function isSae(
  path: string,
  { format }: Pick<SaeOptions, "format"> = {},
): Promise<boolean> {
  const formats = format === undefined ? FORMATS : [formatNamed(format)];
  return (await fittingFormats(await SaeFiles.at(path), formats)).length > 0;
}

async function formatOf(files: SaeFiles, formats: readonly SaeFormat[]): Promise<SaeFormat> {
  const fitting = await fittingFormats(files, formats);
  const [format, other] = fitting;
  if (format === undefined) throw await unknown(files, formats);
  if (other === undefined) return format;
  throw new InputError(
    `${files.path} can be read in two ways: as one of ${format.name} and as one of ${other.name}; ` +
      `take the files of one of them out (its weights are ${(await files.weights()).join(", ")})`,
    { advice: { kind: "name_format", names: fitting.map(({ name }) => name) } },
  );
}

/** The formats that recognise files. One that cannot look at them matters only if no other does. */
async function fittingFormats(
  files: SaeFiles,
  formats: readonly SaeFormat[],
): Promise<SaeFormat[]> {
  const fitting: SaeFormat[] = [];
  let failure: unknown;
  for (const format of formats) {
    try {
      if (await format.recognizes(files)) fitting.push(format);
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined && fitting.length === 0) throw failure;
  return fitting;
}

/** A format by its name, however that is spelled: `Gemma Scope`, `gemma_scope`. */
function formatNamed(name: string): SaeFormat {
  const spelled = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const format = FORMATS.find((each) => spelled(each.name) === spelled(name));
  if (format !== undefined) return format;
  throw new UsageError(
    `there is no format ${name}; there are ${formatNames().join(", ")}`,
    { subject: { setting: "saeFormat" } },
  );
}

/**
 * What the only weights hold, if there are such.
 *
 * @throws {InputError} If they cannot be read: that is why no format knows them.
 */
async function contentOf(files: SaeFiles): Promise<string> {
  const [only, other] = await files.weights();
  if (only === undefined || other !== undefined) return "";
  const { tensors, unreadable } = await files.tensors(only);
  const held = [
    ...[...unreadable].map(([name, type]) => `${name} (${type})`),
    ...tensors.keys(),
  ];
  if (held.length === 0) return "";
  return `; its ${only} holds ${held.slice(0, 8).join(", ")}${held.length > 8 ? ", …" : ""}`;
}

async function unknown(files: SaeFiles, formats: readonly SaeFormat[]): Promise<InputError> {
  const { path, file } = files;
  const [only, other] = formats;
  if (only !== undefined && other === undefined) {
    return new InputError(`${path} is no SAE of the format ${only.name}`);
  }
  await refuseOtherFiles(files);
  const { paths: below } = file === undefined
    ? await findSaes(path, (each) => isSae(each), MOST_FOLDERS)
    : { paths: [] };
  if (below.length === 0) {
    return new InputError(
      `${path} is no SAE of a format that coact knows: ${formatNames().join(", ")}` +
        await contentOf(files),
    );
  }
  const what = below.length === 1 ? "one below it" : `${below.length} below it`;
  const rest = below.length - MOST_NAMED;
  const named = below.slice(0, MOST_NAMED).join(", ");
  return new InputError(
    `${path} is no SAE itself, but there ${below.length === 1 ? "is" : "are"} ${what}: ${named}` +
      (rest > 0 ? `, and ${rest} more` : ""),
    { advice: { kind: "name_sae" } },
  );
}
