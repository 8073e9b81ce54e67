/**
 * What is said of features that relations share.
 *
 * @module
 */
import { shownSite } from "./encoding.ts";
import type { SiteFindings } from "../site_findings.ts";
import type { Verdict } from "../verdict.ts";
import { byChance, count, layersListed, listed, number, percent, whole } from "./numbers.ts";
import type { Section } from "../section.ts";

/** Lists that share so much are rare among blind ones. */
const RARE = Math.log10(0.05);

/** The section on what relations share. */
export function sharingSection(verdict: Verdict): Section {
  const { sites } = verdict;
  const known = sites.filter(({ sharing }) => sharing.shared !== null);
  const empty = known.filter(({ sharing }) => sharing.sizes[1] === 0);
  const heading = "Are features shared across relations?";
  if (known.length === 0) {
    return { heading, sentences: ["There is one group only: nothing can be shared."], tables: [] };
  }
  if (empty.length === known.length) {
    const none =
      "0 free features have a mean above 0 in any relation: the lists of the strongest are " +
      "empty, and nothing can be shared.";
    return { heading, sentences: [none], tables: [] };
  }
  return {
    heading,
    sentences: [
      ...ofLists(judged(known), judged(known).length < known.length, verdict.asked),
      ...ofShort(known),
      ...ofBlind(judged(known)),
      ...ofDiscoveries(shownSite(verdict)),
    ],
    tables: [{
      caption: `How many features the lists of two relations share, in the mean over pairs`,
      head: [
        "layer",
        "shared",
        "blind lists [95 % of draws]",
        "permuted names [95 % of permutations]",
        "pairs beyond blind lists",
        "pairs below, above permuted names",
        "higher for a relation",
        "for one only",
        "for several",
      ],
      rows: [...rowsOf(known), ...totalOf(judged(known))],
    }],
  };
}

/** A row for each layer. */
function rowsOf(known: readonly SiteFindings[]): string[][] {
  return known.map((site) => {
    const { name, sharing: { shared, blind, blindRange, permuted, discoveriesByRelations } } = site;
    const [one = 0] = discoveriesByRelations;
    const total = discoveriesByRelations.reduce((sum, each) => sum + each, 0);
    return [
      name,
      number(shared, 1),
      ranged(blind!, blindRange!),
      permuted === null ? "–" : ranged(permuted.mean, [permuted.low, permuted.high]),
      ...pairCells([site]),
      whole(total),
      total === 0 ? "0" : `${whole(one)} (${percent(one / total)})`,
      whole(total - one),
    ];
  });
}

/** The pairs of all layers of which sentences speak, in a row of their own. */
function totalOf(known: readonly SiteFindings[]): string[][] {
  if (known.length < 2) return [];
  const name = layersListed(known.map((site) => site.name));
  return [[name, "", "", "", ...pairCells(known), "", "", ""]];
}

/** How many pairs lie beyond blind lists, and how many below and above permuted names. */
function pairCells(known: readonly SiteFindings[]): string[] {
  const all = known.flatMap(({ sharing }) => sharing.pairs);
  const beyond = all.filter(({ log10Tail }) => log10Tail <= RARE).length;
  const permuted = known.filter(({ sharing }) => sharing.permuted !== null);
  const { below, above, pairs } = outside(permuted);
  return [`${beyond} of ${all.length}`, pairs === 0 ? "–" : `${below}, ${above} of ${pairs}`];
}

/** Of how many pairs the lists share fewer, and more, than 95 % of their own permutations do. */
function outside(known: readonly SiteFindings[]): { below: number; above: number; pairs: number } {
  const pairs = known.flatMap(({ sharing }) => sharing.pairs);
  return {
    below: pairs.filter(({ shared, permuted }) => shared < permuted!.low).length,
    above: pairs.filter(({ shared, permuted }) => shared > permuted!.high).length,
    pairs: pairs.length,
  };
}

function ranged(mean: number, ends: readonly [number, number]): string {
  return `${number(mean, 1)} [${ends.map((end) => number(end, 1)).join(", ")}]`;
}

/** What is said is said of layers that see more than length, if there are such. */
function judged(known: readonly SiteFindings[]): readonly SiteFindings[] {
  const others = known.filter(({ seesLengthOnly }) => seesLengthOnly !== true);
  return others.length > 0 ? others : known;
}

function ofLists(
  known: readonly SiteFindings[],
  isPart: boolean,
  asked: Verdict["asked"],
): string[] {
  const length = Math.max(...known.map(({ sharing }) => sharing.length));
  const shorter = known.filter(({ sharing }) => sharing.length < length)
    .map(({ name, sharing }) => `at ${name} of all ${sharing.length}`);
  const whole = shorter.length === 0 ? "" : ` (${listed(shorter)})`;
  const shared = ({ sharing }: SiteFindings) => sharing.shared!;
  const least = known.reduce((a, b) => shared(b) < shared(a) ? b : a);
  const most = known.reduce((a, b) => shared(b) > shared(a) ? b : a);
  const range = least === most
    ? `${number(shared(least), 1)} features at ${layersListed(known.map(({ name }) => name))}`
    : `${number(shared(least), 1)} (${least.name}) to ${number(shared(most), 1)} features ` +
      `(${most.name})`;
  const where = isPart ? "At the layers that see more than length, two" : "Two";
  return [
    `${where} relations' lists of the ${length} free features with the highest means${whole} have ` +
    `${range} in common, in the mean over pairs of relations. This number has no interval: a list ` +
    "ends at a border, where the least change of a mean puts another feature on it, and drawing persons again is no valid " +
    "way to an interval of such a number.",
    ...ofTies(known),
    ...againstPermuted(known, asked),
  ];
}

/** How many features the lists of a site hold: `4 to 13 features`. */
export function sizesOf({ sizes }: SiteFindings["sharing"]): string {
  return `${[...new Set(sizes)].join(" to ")} ${sizes[1] === 1 ? "feature" : "features"}`;
}

/** Silent features are on no list. */
function ofShort(known: readonly SiteFindings[]): string[] {
  const short = known.filter(({ sharing }) => sharing.sizes[0] < sharing.length);
  if (short.length === 0) return [];
  const each = short.map(({ name, sharing }) => `${sizesOf(sharing)} at ${name}`);
  return [
    `Features whose mean is not above 0 are on no list, so that lists hold ${listed(each)}.`,
  ];
}

/** Where a list ends among features of the same mean, others would do as well. */
function ofTies(known: readonly SiteFindings[]): string[] {
  const tied = known.filter(({ sharing }) => sharing.tied !== undefined);
  if (tied.length === 0) return [];
  const each = tied.map(({ name, sharing, encodings }) =>
    `at ${name} for ${sharing.tied} of ${count(encodings.length, "relation")}`
  );
  return [
    `Features that are not on the list have the same mean as the last one on it ${
      listed(each)
    }: of ` +
    "equal ones those with the lowest numbers are listed, for every relation, so that lists may share " +
    "more features than their means tell.",
  ];
}

/** Against lists that are made with permuted names. */
function againstPermuted(
  known: readonly SiteFindings[],
  { permuted: among, isOneSided }: Verdict["asked"],
): string[] {
  const permuted = known.filter(({ sharing }) => sharing.permuted !== null);
  const lacking = known.filter((site) => !permuted.includes(site));
  const at = (sites: readonly SiteFindings[]) => layersListed(sites.map(({ name }) => name));
  const without = lacking.length === 0 ? [] : [
    `With permuted names there is no number at ${
      at(lacking)
    }: the results are of an earlier version, ` +
    "or more features than are kept could come onto a list.",
  ];
  if (permuted.length === 0) return without;
  const of = ({ sharing }: SiteFindings) => sharing.permuted!;
  const below = permuted.filter((site) => site.sharing.shared! < of(site).low);
  const above = permuted.filter((site) => site.sharing.shared! > of(site).high);
  const within = permuted.filter((site) => !below.includes(site) && !above.includes(site));
  return [
    `It is compared with ${
      count(of(permuted[0]!).permutations, "permutation")
    } of the relations' names ` +
    `${among}, with lists made anew each time.` +
    (below.length > 0
      ? ` At ${
        at(below)
      } the true lists share fewer features than the range that holds 95 % of the ` +
        "permutations: some relations at least have features of their own."
      : "") +
    (within.length > 0
      ? ` At ${at(within)} the number lies in that range: nothing says that the lists differ.`
      : "") +
    (above.length > 0 ? ` At ${at(above)} they share more than that range holds.` : "") +
    layerByLayer(permuted, below.length + above.length) +
    pairByPair(permuted) +
    (isOneSided
      ? " Persons have more questions about some relations than about others, which permuted names mix: lists can " +
        "lie outside though names mean nothing."
      : ""),
    ...without,
  ];
}

/** Where pairs are counted. */
function where(known: readonly SiteFindings[]): string {
  return known.length === 1 ? `at ${known[0]!.name}` : "at these layers";
}

/** How much of the permutations lies outside of a range, on both sides together. */
const OUTSIDE = 0.05;

/** How many layers would lie outside by chance, where one of several does. */
function layerByLayer(known: readonly SiteFindings[], outside: number): string {
  if (outside === 0 || known.length < 2) return "";
  return ` Of the layers, ${
    byChance(known.length, OUTSIDE)
  } would lie outside if names meant nothing.`;
}

/** How many single pairs of relations lie outside of what permuted names make of them. */
function pairByPair(known: readonly SiteFindings[]): string {
  const { below, above, pairs } = outside(known);
  if (pairs === known.length) return ""; // two relations: there is one pair
  const chance = pairs < 20 ? "fewer than 1" : `at most ${Math.ceil(pairs / 20)}`;
  return ` Of the ${pairs} pairs of relations ${where(known)}, ${below} ${
    below === 1 ? "shares" : "share"
  } fewer than the range of ${below === 1 ? "its" : "their"} own permutations and ${above} ${
    above === 1 ? "shares" : "share"
  } more; if names meant nothing, ${chance} of them ` +
    "would lie outside on average.";
}

function ofBlind(known: readonly SiteFindings[]): string[] {
  const pairs = known.flatMap(({ sharing }) => sharing.pairs);
  const beyond = pairs.filter(({ log10Tail }) => log10Tail <= RARE).length;
  const verb = beyond === 1 ? "shares" : "share";
  const which = pairs.length === 1
    ? `${beyond} of 1 pair of lists ${verb}`
    : `${beyond} of the ${pairs.length} pairs of lists ${where(known)} ${verb}`;
  const blind = known.map(({ sharing }) => sharing.blind!);
  const range = known.flatMap(({ sharing }) => sharing.blindRange!);
  const between = (numbers: readonly number[]) =>
    [...new Set([Math.min(...numbers), Math.max(...numbers)].map((each) => number(each, 1)))]
      .join(" to ");
  return [
    `Lists that are drawn blindly would share ${between(blind)} on average, and ${
      between(range)
    } in ` +
    `95 % of draws; ${which} so many that at most 5 % of blind lists would. ` +
    "Blind lists are a low bar: features that are always active are on every list.",
  ];
}

function ofDiscoveries({ name, sharing: { discoveriesByRelations } }: SiteFindings): string[] {
  const total = discoveriesByRelations.reduce((sum, each) => sum + each, 0);
  if (total === 0) {
    return [`At ${name}, 0 free features are discoveries that are higher for a relation.`];
  }
  const [one = 0] = discoveriesByRelations;
  return [
    `At ${name}, ${count(total, "free feature")} ${
      total === 1 ? "is a discovery" : "are discoveries"
    } ` +
    `and higher for a relation: ${whole(one)} (${percent(one / total)}) for one relation only, ` +
    `${whole(total - one)} for several.`,
  ];
}
