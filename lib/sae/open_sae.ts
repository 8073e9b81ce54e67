/**
 * Opens an SAE of any format that coact knows: each is asked whether it recognises the files.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
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
export async function openSae(path: string, options: SaeOptions = {}): Promise<OpenedSae> {
  const files = await SaeFiles.at(path);
  const fitting: SaeFormat[] = [];
  for (const format of FORMATS) if (await format.recognizes(files)) fitting.push(format);
  const [format, other] = fitting;
  if (format === undefined) {
    throw new InputError(
      `${path} is no SAE of a format that coact knows: ${
        FORMATS.map(({ name }) => name).join(", ")
      }`,
    );
  }
  if (other !== undefined) {
    throw new InputError(
      `${path} can be read in two ways: as one of ${format.name} and as one of ${other.name}; take ` +
        `the files of one of them out (its weights are ${(await files.weights()).join(", ")})`,
    );
  }
  return await format.open(files, options);
}
