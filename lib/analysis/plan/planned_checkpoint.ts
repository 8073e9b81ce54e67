/**
 * One of AlignSAE's SAEs, as an analysis reads it.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import type { Site } from "../../lm/site.ts";
import type { LoadedSae } from "../../sae/formats/load_checkpoint.ts";
import type { SaeCheckpoint } from "../../sae/formats/sae_checkpoint.ts";
import type { PlannedSae } from "./planned_sae.ts";

/** An SAE of AlignSAE's, of a layer by its number. */
export function plannedCheckpoint(checkpoint: SaeCheckpoint, site: Site): PlannedSae {
  const { path, layer, shape, file } = checkpoint;
  const check = () => file.check();
  return {
    layer,
    site,
    neededSites: [site],
    path,
    shape,
    check,
    read({ threads, states, isAwaited }) {
      // What a changed file holds need not make sense: that it was changed is to be said first.
      const parts = check().then(() => threads.checkpoint(path, shape, states, isAwaited));
      const unchanged = async () => {
        const loaded = await (await parts).loaded;
        checkUnchanged(checkpoint, loaded);
        return loaded;
      };
      return {
        loaded: unchanged(),
        decoder: parts.then(({ decoder }) => decoder),
        release: () => void parts.then(({ release }) => release(), () => {}),
      };
    },
    async identify(threads) {
      const { encoder, decoder } = await threads.identify(path, shape);
      checkUnchanged(checkpoint, encoder);
      return { loaded: encoder, decoder };
    },
  };
}

/** The plan was made from the checkpoint's description; the weights are read much later. */
function checkUnchanged(
  { path, shape }: SaeCheckpoint,
  { shape: read }: Pick<LoadedSae, "shape">,
): void {
  const isSame = read.kind === shape.kind && read.width === shape.width &&
    read.freeCount === shape.freeCount && read.slotCount === shape.slotCount;
  if (!isSame) throw new InputError(`${path} was changed during the analysis; start it again`);
}
