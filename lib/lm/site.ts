/**
 * Where in a decoder a state is read: a site. Layer L of a Hugging Face model, `hidden_states[L]`,
 * is one of them: what block L takes, or after the last block the state after the final norm.
 *
 * ```text
 * pre ──┬── norm, attention ── attn_out ── + ── mid ──┬── norm, MLP ── mlp_out ── + ── post
 *       └──────────────────────────────────┘          └───────────────────────────┘
 * ```
 *
 * @module
 */

/**
 * The points of a block, in the order in which they are computed: its input `pre`, what attention
 * adds (`attn_out`), the residual stream between attention and MLP (`mid`), what the MLP adds
 * (`mlp_out`), and the block's output `post`.
 */
export const BLOCK_POINTS = ["pre", "attn_out", "mid", "mlp_out", "post"] as const;

/** A point of a block. */
export type BlockPoint = (typeof BLOCK_POINTS)[number];

/** A site within a block. */
export interface BlockSite {
  /** The block, from 0. */
  readonly block: number;
  /** The point of it. */
  readonly point: BlockPoint;
}

/** The site behind all blocks: the residual stream after the final norm. */
export interface FinalSite {
  /** That it is no block's. */
  readonly point: "final";
}

/**
 * Where in a decoder a state is read. `post 5` and `pre 6` hold the same numbers and are two sites
 * all the same: an SAE was trained on one of them.
 */
export type Site = BlockSite | FinalSite;

/** The state after the final norm. */
export const FINAL: FinalSite = { point: "final" };

/**
 * The site of a hidden state as Hugging Face counts them: `hidden_states[layer]`.
 *
 * @param layer 0 to `blockCount`.
 * @param blockCount How many blocks the model has.
 */
export function siteOfLayer(layer: number, blockCount: number): Site {
  return layer === blockCount ? FINAL : { block: layer, point: "pre" };
}

/**
 * Which hidden state a site is, as Hugging Face counts them; undefined for a site that is none of
 * the list `hidden_states`.
 *
 * @param blockCount How many blocks the model has.
 */
export function layerOfSite(site: Site, blockCount: number): number | undefined {
  if (site.point === "final") return blockCount;
  return site.point === "pre" ? site.block : undefined;
}

/**
 * Reads a site: `pre 6`, `post:12`, `final`.
 *
 * @returns Undefined if the text is no site.
 *
 * @example
 * ```ts
 * import { collectHiddenStates, openDevice, openLanguageModel, parseSite, promptOf } from "@coact/coact";
 *
 * const model = await openLanguageModel("demo/lm");
 * const prompts = [model.tokenizer.encode(promptOf("Who?"))];
 * using device = await openDevice("auto");
 * const site = parseSite("mlp_out 3")!;
 * using states = await collectHiddenStates(model, prompts, { sites: [site], runtime: device.runtime });
 * console.log("what the MLP of block 3 adds:", states.at(site).read(0, 1));
 * ```
 */
export function parseSite(text: string): Site | undefined {
  if (text.trim() === FINAL.point) return FINAL;
  const [, name, block] = /^\s*([a-z_]+)(?:\s*:\s*|\s+)(\d{1,3})\s*$/.exec(text) ?? [];
  const point = BLOCK_POINTS.find((point) => point === name);
  return point === undefined ? undefined : { block: Number(block), point };
}

/** A site as it is written: `pre 6`, `final`. {@linkcode parseSite} reads it. */
export function siteText(site: Site): string {
  return site.point === "final" ? site.point : `${site.point} ${site.block}`;
}

/**
 * How the names of a site's files begin: `post12`, `mid03`, `final`. What a block takes, `pre 6`,
 * is `layer06`.
 */
export function fileStem(site: Site): string {
  if (site.point === "final") return site.point;
  const name = site.point === "pre" ? "layer" : site.point;
  return `${name}${String(site.block).padStart(2, "0")}`;
}

/** Orders sites as a forward pass comes to them: negative if `a` comes before `b`, 0 if they are one. */
export function compareSites(a: Site, b: Site): number {
  const [first, second] = [a, b].map(rankOf);
  return first![0] - second![0] || first![1] - second![1];
}

/** Whether two sites are one. */
export function isSameSite(a: Site, b: Site): boolean {
  return compareSites(a, b) === 0;
}

/**
 * The site that a forward pass comes to last: as far as a model has to be computed.
 *
 * @param sites At least one.
 */
export function deepestSite(sites: readonly Site[]): Site {
  return sites.reduce((deepest, site) => compareSites(site, deepest) > 0 ? site : deepest);
}

/** The block, and how far in it; behind all blocks is beyond any number of them. */
function rankOf(site: Site): readonly [number, number] {
  if (site.point === "final") return [Number.MAX_SAFE_INTEGER, 0];
  return [site.block, BLOCK_POINTS.indexOf(site.point)];
}
