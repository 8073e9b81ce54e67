/**
 * How often a verdict says something of worlds in which there is nothing to be found.
 *
 * @module
 */
import { type Measured, sideOf } from "../../lib/verdict/measured.ts";
import type { SiteFindings } from "../../lib/verdict/site_findings.ts";
import type { Verdict } from "../../lib/verdict/verdict.ts";
import type { Table } from "../table.ts";
import { drawWorld } from "./draw.ts";
import { type Law, NO_EFFECT, slotsOf } from "./law.ts";
import { sitesWithNulls } from "./sites.ts";
import { shareOf } from "./tally.ts";
import { verdictOn } from "./verdict_of.ts";

/** Enough for a p of .05. */
const PERMUTATIONS = 99;
const FREE = 14;
const BIASES = [0.5, -0.5, -1.2, 0] as const;

/** What is said, how often, of how many times that it could have been. */
interface Said {
  readonly sentence: string;
  readonly times: number;
  readonly of: number;
}

/** Worlds of one kind. */
const KINDS = [
  { slots: true, persons: 40, layers: 6 },
  { slots: true, persons: 100, layers: 6 },
  { slots: false, persons: 50, layers: 6 },
  { slots: false, persons: 200, layers: 4 },
] as const;

/** Draws worlds of each kind, or of the first ones only. */
export function nullSentences(
  { draws, kinds = KINDS.length, log }: {
    draws: number;
    kinds?: number;
    log: (line: string) => void;
  },
): Table {
  const names: string[] = [];
  const counts = new Map<string, string[]>();
  KINDS.slice(0, kinds).forEach(({ slots, persons, layers }, at) => {
    const name = `${slots ? "with slots" : "without"}, ${persons} persons, ${layers} layers`;
    log(`sentences where nothing is there: ${name}`);
    names.push(name);
    for (const { sentence, times, of } of saidOf(nullLaw(layers, slots), { persons, draws })) {
      const row = counts.getOrInsertComputed(sentence, () => KINDS.map(() => "–"));
      row[at] = shareOf(times, of);
    }
  });
  return {
    title: "Sentences of a verdict where nothing is there",
    columns: ["sentence", ...names],
    rows: [...counts].map(([sentence, row]) => [sentence, ...row.slice(0, kinds)]),
    notes: [
      `${draws} worlds each, of four relations in two wordings; half of what features are is common to ` +
      `all layers. Labels are permuted ${PERMUTATIONS} times.`,
    ],
  };
}

/** A law without any effect. */
function nullLaw(layers: number, hasSlots: boolean): Law {
  return {
    common: 0.5,
    layers: Array.from({ length: layers }, (_, at) => ({
      layer: at + 1,
      free: Array.from({ length: FREE }, (_, feature) => ({
        bias: BIASES[feature % BIASES.length]!,
        effects: NO_EFFECT,
      })),
      slots: hasSlots ? slotsOf(-0.3, 0) : [],
    })),
  };
}

/** What is said of all draws together. */
function saidOf(law: Law, { persons, draws }: { persons: number; draws: number }): Said[] {
  const sums = new Map<string, Said>();
  for (let draw = 0; draw < draws; draw++) {
    const seed = 1000 * persons + draw + 1;
    const { verdict } = verdictOn(
      sitesWithNulls(drawWorld(law, persons, seed), seed),
      PERMUTATIONS,
    );
    for (const { sentence, times, of } of [...ofRun(verdict), ...verdict.sites.flatMap(ofLayer)]) {
      const before = sums.get(sentence) ?? { times: 0, of: 0 };
      sums.set(sentence, { sentence, times: before.times + times, of: before.of + of });
    }
  }
  return [...sums.values()];
}

/** What is said once in a run. */
function ofRun({ sites, emergence, length, layer, pattern, labels }: Verdict): Said[] {
  const [first, second] = layer.candidates;
  const aurocs = emergence.flatMap((each) => each.aurocs.map(({ auroc }) => auroc));
  const emerging = emergence.map(({ first }) => first !== null);
  const differing = length.map(({ auroc }) => sideOf(auroc, 0.5) !== "unclear");
  const answers = pattern.growth === null ? [] : [pattern.separatesInMiddle, pattern.cleanestLate];
  const behind = layer.candidates.slice(1).map((candidate) => candidate.behind!);
  return [
    told("a run has a discovery", [sites.some(({ discoveries }) => discoveries > 0)]),
    onSide("an interval of an AUROC lies above ½", aurocs, 0.5, "above"),
    told("a relation emerges at some layer", emerging),
    told("one of the relations does", [emerging.includes(true)]),
    // Without an interval, the first layer is named, and it is said that it has none.
    told("a layer is recommended", first?.estimated.interval ? [layer.reason === null] : []),
    onSide("it is ahead of the runner-up, too", [second?.behind], 0, "above"),
    onSide("a layer is behind the first", behind, 0, "above"),
    told(
      "the guide's pattern is confirmed, or contradicted",
      answers.map((answer) => answer !== "undecided"),
    ),
    told(
      "any pair of a feature and a relation passes permuted labels",
      [labels.sites.some(({ passing }) => passing > 0)],
    ),
    told("a relation's questions differ in length", differing),
    told("those of one of the relations do", [differing.includes(true)]),
  ];
}

/** What is said of each layer. */
function ofLayer({ best, slotsAgainstFree, nulls, probes }: SiteFindings): Said[] {
  const lead = nulls?.find(({ name }) => name === "random_encoder")?.lead;
  const difference = slotsAgainstFree?.mean.difference;
  return [
    onSide("the best features of a layer are above ½", [best.auroc], 0.5, "above"),
    onSide("slots are better than free features", [difference], 0, "above"),
    onSide("slots are worse", [difference], 0, "below"),
    onSide("the SAE finds more than a random encoder", [lead], 0, "above"),
    onSide("it finds less", [lead], 0, "below"),
    onSide("two features tell more than one", [probes[1]!.gain], 0, "above"),
    onSide("five tell more than two", [probes[2]!.gain], 0, "above"),
    onSide("probes are above ½, other persons", probes.map(({ persons }) => persons), 0.5, "above"),
    onSide(
      "probes are above ½, other wordings, too",
      probes.map(({ wordings }) => wordings),
      0.5,
      "above",
    ),
  ];
}

function told(sentence: string, answers: readonly boolean[]): Said {
  return { sentence, times: answers.filter(Boolean).length, of: answers.length };
}

/** Of the numbers that have an interval, how many lie on one side of a border. */
function onSide(
  sentence: string,
  numbers: readonly (Measured | null | undefined)[],
  border: number,
  side: "above" | "below",
): Said {
  const sure = numbers.filter((each): each is Measured => each != null && each.interval !== null);
  return told(sentence, sure.map((each) => sideOf(each, border) === side));
}
