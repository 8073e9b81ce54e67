/**
 * What a layer's results are called: by a number, as ever, if they are of `hidden_states[number]` and
 * of the only SAE there; otherwise by what the names of their files begin with: `post12`, `final`,
 * or `post12_width_16k` where several SAEs read one site.
 *
 * @module
 */
import { compareSites, fileStem, FINAL, type Site, siteText } from "../lm/site.ts";

/** A layer's name: `6`, `post12`, `post12_width_16k`. */
export type LayerName = number | string;

/** The longest name, in characters. */
const LONGEST_NAME = 120;
/** A site's stem, and what tells SAEs apart that share the site. */
const NAME =
  /^(?:(?<stem>layer|attn_out|mid|mlp_out|post)(?<block>\d{2,3})|final)(?:_(?<label>[\w.+-]+))?$/;

/**
 * The name of a site's results.
 *
 * @param label What tells its SAE apart from others at the same site. Default: there are none.
 */
export function layerName(site: Site, label?: string): LayerName {
  if (label === undefined && site.point === "pre") return site.block;
  const stem = fileStem(site);
  return label === undefined ? stem : `${stem}_${label}`;
}

/** How the names of a layer's files begin: `layer06`, `post12_width_16k`. */
export function prefixOf(name: LayerName): string {
  return typeof name === "number" ? fileStem({ block: name, point: "pre" }) : name;
}

/** The name of the layer whose files begin so; undefined if nobody's do. */
export function nameOfPrefix(prefix: string): LayerName | undefined {
  const parts = partsOf(prefix);
  if (parts === undefined) return undefined;
  const { site, label } = parts;
  const name = layerName(site, label);
  return prefixOf(name) === prefix ? name : undefined; // `layer006` is nobody's
}

/** Whether a text can be a layer's name: the one that its files' names begin with. */
export function isLayerName(text: string): boolean {
  return text.length <= LONGEST_NAME && nameOfPrefix(text) === text;
}

/** The site that a name speaks of; a number is that of a block, or the one after the last block's. */
export function siteOfName(name: LayerName): Site {
  return partsOf(prefixOf(name))?.site ?? FINAL;
}

/** Orders layers as a forward pass comes to their sites; those at one site by their names. */
export function compareLayers(a: LayerName, b: LayerName): number {
  return compareSites(siteOfName(a), siteOfName(b)) ||
    BY_NUMBERS.compare(String(a), String(b));
}

/** `width_16k` comes before `width_131k`. */
const BY_NUMBERS = new Intl.Collator("en", { numeric: true });

/** A layer in words: `layer 6`, `post 12`, `post 12 (width_16k)`. */
export function layerText(name: LayerName): string {
  if (typeof name === "number") return `layer ${name}`;
  const { site, label } = partsOf(name) ?? { site: FINAL, label: name };
  return `${siteText(site)}${label === undefined ? "" : ` (${label})`}`;
}

/**
 * A layer's site with what tells its SAE apart from others there: `pre 6`, `post 12 (width_16k)`.
 *
 * @param site The site in words.
 */
export function labelledSite(site: string, name: LayerName): string {
  const { label } = partsOf(prefixOf(name)) ?? {};
  return label === undefined ? site : `${site} (${label})`;
}

/** Layers in words: `layer 6`, `layers 6, 7`, `post 12, final`. */
export function layersText(names: readonly LayerName[]): string {
  const numbers = names.filter((name) => typeof name === "number");
  const others = names.filter((name) => typeof name !== "number").map(layerText);
  const counted = numbers.length === 0
    ? []
    : [`${numbers.length === 1 ? "layer" : "layers"} ${numbers.join(", ")}`];
  return [...counted, ...others].join(", ");
}

/** What an observer is told that the numbers of a layer are called: `numbers of layer 6`. */
export function numbersOf(name: LayerName): string {
  return `numbers of ${layerText(name)}`;
}

/** How a picture's title begins: `Layer 6`, `Site post 12`. */
export function layerTitle(name: LayerName): string {
  return typeof name === "number" ? `Layer ${name}` : `Site ${layerText(name)}`;
}

function partsOf(prefix: string): { site: Site; label: string | undefined } | undefined {
  const { stem, block, label } = NAME.exec(prefix)?.groups ?? {};
  if (stem !== undefined) {
    const point = stem === "layer" ? "pre" : stem as Exclude<Site["point"], "final">;
    return { site: { block: Number(block), point }, label };
  }
  return /^final(_|$)/.test(prefix) && NAME.test(prefix) ? { site: FINAL, label } : undefined;
}
