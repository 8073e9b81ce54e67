/**
 * SAEs that were trained on centred states.
 *
 * @module
 */
import type { OpenedSae } from "./formats/format.ts";
import type { Sae } from "./sae.ts";

/** An SAE for states as a language model gives them: one that was trained on centred ones centres them. */
export function withCentring(sae: Sae, { isCentred = false }: Pick<OpenedSae, "isCentred">): Sae {
  return isCentred ? { ...sae, input: [{ kind: "centre" }, ...sae.input] } : sae;
}
