/**
 * Lists of sites as a user writes them: `pre:0-6,post:12,mid:all,final`. What `all` comes to hangs on
 * the model, so that a list is read first and filled in when the model is open.
 *
 * ```text
 * list   =  "all" | item { "," item }
 * item   =  point ":" blocks | blocks | "final"      blocks alone belong to the point before them
 * point  =  "pre" | "attn_out" | "mid" | "mlp_out" | "post"
 * blocks =  number | number "-" number | "all"
 * ```
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import type { Decoder } from "./decoder.ts";
import { checkSite } from "./decoder_depth.ts";
import {
  BLOCK_POINTS,
  type BlockPoint,
  compareSites,
  FINAL,
  type FinalSite,
  isSameSite,
  type Site,
} from "./site.ts";

/** One point of neighbouring blocks. */
export interface BlockSites {
  /** The point. */
  readonly point: BlockPoint;
  /** The first block and the last, or all that the model has. */
  readonly blocks: "all" | { readonly first: number; readonly last: number };
}

/** A list of sites: all that a model has, or some. */
export type SiteList = "all" | readonly (BlockSites | FinalSite)[];

/** What a list may look like. */
const EXPECTED = "expected all, or a list such as pre:0-6,post:12,final";

/**
 * Reads a list of sites.
 *
 * @returns The list, or what is wrong with the text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listSites, openLanguageModel, parseSiteList } from "@coact/coact";
 *
 * const { decoder } = await openLanguageModel("demo/lm");
 * const { list } = parseSiteList("pre:0-1,final");
 * assert.deepEqual(listSites(list!, decoder), [
 *   { block: 0, point: "pre" },
 *   { block: 1, point: "pre" },
 *   { point: "final" },
 * ]);
 * assert.equal(parseSiteList("pre:1-0").list, undefined);
 * ```
 */
export function parseSiteList(
  text: string,
): { readonly list: SiteList; readonly problem?: undefined } | {
  readonly list?: undefined;
  readonly problem: string;
} {
  if (text.trim() === "all") return { list: "all" };
  const list: (BlockSites | FinalSite)[] = [];
  let before: BlockPoint | undefined;
  for (const item of text.split(",").map((part) => part.trim())) {
    if (item === FINAL.point) {
      list.push(FINAL);
      before = undefined;
      continue;
    }
    const [, named, written] = /^(?:([^\s:]+)(?:\s*:\s*|\s+))?(.*)$/.exec(item) ?? [];
    if (named === undefined && before === undefined) return { problem: withoutPoint(item) };
    const point = named === undefined ? before : BLOCK_POINTS.find((each) => each === named);
    if (point === undefined) return { problem: noSuchPoint(named!) };
    const blocks = parseBlocks(written!);
    if (typeof blocks === "string" && blocks !== "all") return { problem: blocks };
    list.push({ point, blocks });
    before = point;
  }
  return { list };
}

function withoutPoint(item: string): string {
  if (item === "") return EXPECTED;
  if (item === "all") return `${EXPECTED}; all stands alone, or behind a point as in pre:all`;
  if (!/^\d/.test(item)) return noSuchPoint(item);
  return `${EXPECTED}; ${item} does not say which point of the block, such as pre:${item}`;
}

function noSuchPoint(name: string): string {
  return `${EXPECTED}; there is no point ${name}, but ${BLOCK_POINTS.join(", ")} of each block, ` +
    `and ${FINAL.point}`;
}

/** Reads a number, a range or `all`; a text that is none of them says what is wrong. */
function parseBlocks(text: string): BlockSites["blocks"] | string {
  if (text === "all") return text;
  const [, first, last = first] = /^(\d{1,3})(?:\s*-\s*(\d{1,3}))?$/.exec(text) ?? [];
  if (first === undefined) {
    return `${EXPECTED}; ${text || "nothing"} is no block or range of blocks`;
  }
  if (Number(last) < Number(first)) {
    return `${EXPECTED}; ${first}-${last} runs backwards, did you mean ${last}-${first}?`;
  }
  return { first: Number(first), last: Number(last) };
}

/** A list as it is written; {@linkcode parseSiteList} reads it. */
export function siteListText(list: SiteList): string {
  if (list === "all") return list;
  return list.map((item) => {
    if (item.point === "final") return item.point;
    const { point, blocks } = item;
    if (blocks === "all") return `${point}:all`;
    const { first, last } = blocks;
    return `${point}:${first}${last === first ? "" : `-${last}`}`;
  }).join(",");
}

/** Whether a list names a site, of whatever model. */
export function namesSite(list: SiteList, site: Site): boolean {
  return list === "all" || list.some((item) => {
    if (item.point === "final" || site.point === "final") return item.point === site.point;
    const { point, blocks } = item;
    return point === site.point &&
      (blocks === "all" || site.block >= blocks.first && site.block <= blocks.last);
  });
}

/**
 * The sites that a list names of a model, in the order in which a forward pass comes to them, each
 * once. `all` leaves out what the model does not have, such as `mid` of a parallel residual.
 *
 * @throws {UsageError} If the model lacks one that is named.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { listSites, openLanguageModel } from "@coact/coact";
 *
 * const { decoder } = await openLanguageModel("demo/lm");
 * assert.equal(listSites("all", decoder).length, 12 * 5 + 1); // five points a block, and final
 * ```
 */
export function listSites(list: SiteList, decoder: Decoder): Site[] {
  const { n_layer } = decoder.config;
  const everywhere = (point: BlockPoint): Site[] =>
    Array.from({ length: n_layer }, (_, block) => ({ block, point }));
  if (list === "all") {
    const all = BLOCK_POINTS.flatMap(everywhere).filter((site) => hasSite(decoder, site));
    return [...all, FINAL].sort(compareSites);
  }
  const named = list.flatMap((item): Site[] => {
    if (item.point === "final") return [FINAL];
    const { point, blocks } = item;
    if (blocks === "all") return everywhere(point);
    // The last one is looked at first: a range is not filled in beyond what there is.
    checkNamed(decoder, { block: blocks.last, point });
    return everywhere(point).slice(blocks.first, blocks.last + 1);
  });
  for (const site of named) checkNamed(decoder, site);
  return named.sort(compareSites)
    .filter((site, i) => i === 0 || !isSameSite(site, named[i - 1]!));
}

function checkNamed(decoder: Decoder, site: Site): void {
  try {
    checkSite(decoder, site);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message, { subject: { setting: "sites" } });
  }
}

function hasSite(decoder: Decoder, site: Site): boolean {
  try {
    checkSite(decoder, site);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
