/**
 * Whether a language model has the states that an SAE reads.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { checkSite } from "../lm/decoder_depth.ts";
import type { DecoderModel } from "../lm/language_model.ts";
import { type Site, siteText } from "../lm/site.ts";

/**
 * Makes sure that a model has the site that an SAE's files name.
 *
 * @throws {InputError} If it has not, with both named.
 */
export function checkReadSite(
  { path, site, siteInWords }: {
    readonly path: string;
    readonly site: Site;
    readonly siteInWords?: string | undefined;
  },
  model: DecoderModel,
): void {
  try {
    checkSite(model.decoder, site);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const named = siteInWords === undefined ? "" : ` (${siteInWords})`;
    throw new InputError(
      `${path} reads ${siteText(site)}${named}, but in ${model.directory} ${error.message}`,
    );
  }
}
