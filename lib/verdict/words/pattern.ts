/**
 * What is said of the pattern over the layers that the guide expects.
 *
 * @module
 */
import type { Measured } from "../measured.ts";
import type { Answer, Pattern } from "../pattern.ts";
import type { Section } from "../section.ts";
import type { Verdict } from "../verdict.ts";
import { cellOf, layersListed, number, withInterval } from "./numbers.ts";

/** The section on the guide's pattern. */
export function patternSection({ pattern }: Verdict): Section {
  const heading = "Is the expected pattern over the layers there?";
  const { bands, growth, reason } = pattern;
  if (bands.length === 0) {
    return { heading, sentences: [`Not known: ${reason}.`], tables: [] };
  }
  return {
    heading,
    sentences: [
      ...(growth === null
        ? [`Whether slots separate more in later layers is not known: ${reason}.`]
        : [
          "The guide to AlignSAE's analysis expects slots to separate from early to middle layers. This is " +
          `**${pattern.separatesInMiddle}**: the gap between own and other slots changes by ` +
          `${withInterval(growth.toMiddle)}.`,
          "It expects the cleanest separation in late layers. This is " +
          `**${pattern.cleanestLate}**: from middle to late layers the gap changes by ` +
          `${withInterval(growth.toLate)}${atEnd(pattern.cleanestLate, growth.toLate)}.`,
        ]),
      ...ofFeatures(bands, growth === null),
    ],
    tables: [{
      caption: "Thirds of the layers",
      head: ["layers", "", "gap", "participation ratio", "shared by two lists"],
      rows: bands.map(({ name, layers, gap, effectiveNumber, shared }) => [
        name,
        layersListed(layers),
        cellOf(gap),
        number(effectiveNumber, 1),
        number(shared, 1),
      ]),
    }],
  };
}

function atEnd(answer: Answer, { interval }: Measured): string {
  if (answer === "undecided") return interval === null ? "" : ", which holds 0";
  return answer === "confirmed" ? "" : ", which is a loss";
}

/** No interval, so that nothing is confirmed. */
function ofFeatures(bands: Pattern["bands"], isFirst: boolean): string[] {
  const who = isFirst ? "The guide to AlignSAE's analysis" : "It";
  const [early, , late] = bands;
  const sentences: string[] = [];
  if (early!.effectiveNumber !== null && late!.effectiveNumber !== null) {
    sentences.push(
      `${who} expects many active features in early layers and few in late ones. The effective number of ` +
        `free features is ${number(early!.effectiveNumber, 1)} in early layers and ` +
        `${
          number(late!.effectiveNumber, 1)
        } in late ones. It has no interval: neither confirmed nor ` +
        "contradicted.",
    );
  }
  if (early!.shared !== null && late!.shared !== null) {
    sentences.push(
      `${
        sentences.length > 0 ? "It" : who
      } expects relations to have similar features in early layers ` +
        "and distinct ones in late ones. " +
        `Two lists of the strongest share ${
          number(early!.shared, 1)
        } features in early layers and ` +
        `${number(late!.shared, 1)} in late ones. This has no interval either.`,
    );
  }
  return sentences;
}
