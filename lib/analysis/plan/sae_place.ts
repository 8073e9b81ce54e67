/**
 * Where in a language model an SAE reads.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { Observer } from "../../base/observer.ts";
import { checkReadSite } from "../../doctor/check_site.ts";
import type { DecoderModel } from "../../lm/language_model.ts";
import { BLOCK_POINTS, type Site, siteText } from "../../lm/site.ts";
import type { OpenedSae } from "../../sae/formats/format.ts";

/**
 * Where an SAE reads: where its files say, or where the user says if they say nothing.
 *
 * @param where The sites that are wanted, and how many SAEs there are: only if it is the only one can a
 * site that is named be meant of it.
 * @throws {InputError} If neither says it, or the model has no such states.
 */
export function placeOf(
  { path, site, siteInWords, takesHeads }: OpenedSae,
  { model, wanted, count, observer }: {
    model: DecoderModel;
    wanted: readonly Site[] | undefined;
    count: number;
    observer: Observer;
  },
): Site {
  if (takesHeads || site === undefined && siteInWords !== undefined) {
    throw new InputError(
      `${path} reads ${
        siteInWords ?? "the outputs of attention heads"
      }, which coact does not take ` +
        `from a language model: it takes ${BLOCK_POINTS.join(", ")} of each block, and final`,
    );
  }
  if (site === undefined) {
    if (count > 1) {
      throw new InputError(
        `${path} does not say where in a model it reads, and is one of ${count} SAEs: analyse it by ` +
          "itself, with the site named",
      );
    }
    const [asked, ...others] = wanted ?? [];
    if (asked === undefined || others.length > 0) {
      throw new InputError(`${path} does not say where in a model it reads`, {
        advice: { kind: "name_sites", sites: "post:12" },
      });
    }
    observer.note(`${path} does not say where in a model it reads; ${siteText(asked)} is taken`);
    return asked;
  }
  checkReadSite({ path, site, siteInWords }, model);
  return site;
}
