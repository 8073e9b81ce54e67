/**
 * Opens an SAE of any format that coact knows: each is asked whether it recognises the files.
 *
 * @module
 */
import { InputError, UsageError } from "../base/errors.ts";
import type { SteadyFile } from "../files/steady_file.ts";
import { ALIGNSAE } from "./formats/alignsae.ts";
import { type OpenedSae, SaeFiles, type SaeFormat, type SaeOptions } from "./formats/format.ts";
import { BATCH_TOP_K } from "./formats/batch_top_k.ts";
import { DICTIONARY_LEARNING } from "./formats/dictionary_learning.ts";
import { GEMMA_SCOPE } from "./formats/gemma_scope.ts";
import { GOODFIRE, GOODFIRE_R1, QRESEARCH } from "./formats/linear_layers.ts";
import { OPENAI } from "./formats/openai.ts";
import { QWEN_SCOPE } from "./formats/qwen_scope.ts";
import { SAELENS } from "./formats/saelens.ts";
import { SPARSIFY } from "./formats/sparsify.ts";

/** The formats, in no order: files that two of them recognise are refused. */
const FORMATS: readonly SaeFormat[] = [
  ALIGNSAE,
  BATCH_TOP_K,
  DICTIONARY_LEARNING,
  GEMMA_SCOPE,
  GOODFIRE,
  GOODFIRE_R1,
  OPENAI,
  QRESEARCH,
  QWEN_SCOPE,
  SAELENS,
  SPARSIFY,
];

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
export async function openSae(path: string, options: SaeChoice = {}): Promise<OpenedSae> {
  return (await openSaeFiles(path, options)).opened;
}

/** Which SAE is meant, where its files leave that open. */
export interface SaeChoice extends SaeOptions {
  /** The format, by its name; of those that recognise the files it is taken. Default: the only one. */
  readonly format?: string | undefined;
}

/**
 * Opens the SAE at a path, and says which files it was recognised and described by: those that its
 * weights lie in are among them.
 *
 * @throws {InputError} As {@linkcode openSae} does.
 */
export async function openSaeFiles(
  path: string,
  { format: forced, ...options }: SaeChoice = {},
): Promise<{ opened: OpenedSae; files: SteadyFile[] }> {
  const files = await SaeFiles.at(path);
  const chosen = forced === undefined ? undefined : formatNamed(forced);
  const format = await formatOf(files, chosen === undefined ? FORMATS : [chosen]);
  const opened = await format.open(files, options);
  return { opened, files: await files.seen() };
}

/** The names of all formats. */
export function formatNames(): string[] {
  return FORMATS.map(({ name }) => name);
}

/**
 * Whether some format recognises what is at a path.
 *
 * @throws {InputError} If none does, and one cannot look at it.
 */
export async function isSae(path: string, { format }: Pick<SaeChoice, "format">): Promise<boolean> {
  const formats = format === undefined ? FORMATS : [formatNamed(format)];
  return (await fittingFormats(await SaeFiles.at(path), formats)).length > 0;
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

/** The format of this name, however it is written: `gemma_scope` is Gemma Scope. */
function formatNamed(name: string): SaeFormat {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const format = FORMATS.find((each) => plain(each.name) === plain(name));
  if (format !== undefined) return format;
  throw new UsageError(
    `there is no format ${name}; there are ${formatNames().join(", ")}`,
    { subject: { setting: "saeFormat" } },
  );
}

async function formatOf(files: SaeFiles, formats: readonly SaeFormat[]): Promise<SaeFormat> {
  const { path } = files;
  const fitting = await fittingFormats(files, formats);
  const [format, other] = fitting;
  if (format === undefined) {
    throw new InputError(
      formats.length === 1
        ? `${path} is no SAE of the format ${formats[0]!.name}`
        : `${path} is no SAE of a format that coact knows: ${formatNames().join(", ")}`,
    );
  }
  if (other !== undefined) {
    throw new InputError(
      `${path} can be read in two ways: as one of ${format.name} and as one of ${other.name}; take ` +
        `the files of one of them out (its weights are ${(await files.weights()).join(", ")})`,
      { advice: { kind: "name_format", names: fitting.map(({ name }) => name) } },
    );
  }
  return format;
}
