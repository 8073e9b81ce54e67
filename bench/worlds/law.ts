/**
 * The law of a world: what features of an SAE give for questions about relations, put so that the truth
 * is known.
 *
 * @module
 */

/** The relations of every world, by number. */
export const RELATIONS: readonly number[] = [0, 1, 2, 3];

/** A feature. What it gives is drawn from a normal law of deviation 1 around this sum; below 0, it is 0. */
export interface Feature {
  /** What it gives for any question. */
  readonly bias: number;
  /** What each relation adds. */
  readonly effects: readonly number[];
  /** What each wording adds, `[relations][wordings]`. Default: nothing. */
  readonly byWording?: readonly (readonly number[])[];
  /** What each relation adds where the feature is active. Default: nothing. */
  readonly ifActive?: readonly number[];
}

/** The features of a layer. */
export interface LayerLaw {
  /** Its number. */
  readonly layer: number;
  /** The free features. */
  readonly free: readonly Feature[];
  /** The slots, one for each relation, or none. */
  readonly slots: readonly Feature[];
}

/** A law from which worlds are drawn. */
export interface Law {
  /** Its layers. */
  readonly layers: readonly LayerLaw[];
  /** What share of a feature's variance it has in common with the feature of its number at other layers. */
  readonly common: number;
  /** How many wordings each relation has. Default: 2. */
  readonly wordings?: number;
  /** The deviation of what a wording adds, drawn anew in each world. Default: 0. */
  readonly wordingDeviation?: number;
  /** Who is asked about which relation. Default: everybody about all. */
  readonly isAsked?: (relation: number, person: number) => boolean;
}

/** What each relation adds where one of them adds something. */
export function effectOn(own: number, size: number): number[] {
  return RELATIONS.map((relation) => relation === own ? size : 0);
}

/** What each relation adds where nothing is to be found. */
export const NO_EFFECT: readonly number[] = RELATIONS.map(() => 0);

/** A slot of each relation. */
export function slotsOf(bias: number, size: number): Feature[] {
  return RELATIONS.map((own) => ({ bias, effects: effectOn(own, size) }));
}
