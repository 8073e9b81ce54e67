/**
 * Intervals over persons and wordings that come out narrower than over persons alone: how many do, and how
 * often these hold the truth.
 *
 * @module
 */
import { estimateAuroc } from "../mod.ts";
import type { Interval } from "../lib/stats/wilson.ts";
import { askedIn, normals, PERSONS, TRUTHS } from "./crossed_calibration.ts";
import type { Table } from "./table.ts";

/** So many draws, as few intervals are that narrow. */
const DRAWS = 20_000;
const WORDINGS = 10;
/** How far the mean activation of the group is from that of the others. */
const SHIFT = 1;
/** Narrower by a fifth and more. */
const MUCH = 0.8;

/** Draws a run again and again, as the table of coverage over persons and wordings does. */
export function narrowCalibration(): Table {
  return {
    title: "Intervals over persons and wordings that are narrower than over persons alone",
    columns: ["sd of wordings", "narrower", "these hold", "by a fifth and more", "these hold"],
    rows: [...TRUTHS].map(([deviation, [truth]]) => narrowOf(deviation, truth)),
    notes: [
      `AUROCs of ${DRAWS} draws each of ${PERSONS} persons with a question in the group and one outside, ` +
      `${WORDINGS} wordings of each side; the deviation of a question is 1.`,
    ],
  };
}

function narrowOf(deviation: number, truth: number): string[] {
  const normal = normals(1000 + Math.round(100 * deviation));
  const { at, persons, inGroup, wordings } = askedIn(WORDINGS);
  const narrow = { count: 0, held: 0 };
  const narrowest = { count: 0, held: 0 };
  const width = ([low, high]: Interval) => high - low;
  for (let draw = 0; draw < DRAWS; draw++) {
    const effects = Array.from({ length: 2 * WORDINGS }, normal);
    const values = at.map((i) =>
      normal() + deviation * effects[wordings[i]!]! + (inGroup[i] ? SHIFT : 0)
    );
    const alone = estimateAuroc(values, { inGroup, persons }).interval!;
    const both = estimateAuroc(values, { inGroup, persons, wordings }).interval!;
    const isHeld = Number(both[0] <= truth && truth <= both[1]);
    for (const [those, most] of [[narrow, 1], [narrowest, MUCH]] as const) {
      if (width(both) >= most * width(alone)) continue;
      those.count++;
      those.held += isHeld;
    }
  }
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const counted = ({ count, held }: typeof narrow) => [
    percent(count / DRAWS),
    count === 0 ? "–" : `${percent(held / count)} of ${count}`,
  ];
  return [String(deviation), ...counted(narrow), ...counted(narrowest)];
}
