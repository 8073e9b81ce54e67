/**
 * What is said of what is found without the SAE that was trained.
 *
 * @module
 */
import type { NullSetName } from "../../results/null_record.ts";
import { type Measured, type Side, sideOf } from "../measured.ts";
import type { NullFindings } from "../nulls.ts";
import type { SiteFindings } from "../site_findings.ts";
import type { Section } from "../section.ts";
import type { Verdict } from "../verdict.ts";
import { shownSite } from "./encoding.ts";
import {
  auroc,
  cellOf,
  count,
  layersListed,
  listed,
  percent,
  whole,
  withInterval,
} from "./numbers.ts";

/** The sets besides the SAE's, in words. */
const WORDS = {
  random_encoder: "the random encoder",
  neurons: "the neurons",
  difference_of_means: "the mean directions",
} as const satisfies Partial<Record<NullSetName, string>>;

type Other = keyof typeof WORDS;
const OTHERS = Object.keys(WORDS) as Other[];

/** The layers at which nothing was computed. */
export function lackingNulls({ sites }: Verdict): string[] {
  return sites.filter(({ nulls }) => nulls === null).map(({ name }) => name);
}

/** The set of a name at a site. */
function setAt({ nulls }: SiteFindings, name: NullSetName): NullFindings {
  return nulls!.find((set) => set.name === name)!;
}

/** The section on what is found without the SAE. */
export function nullsSection(verdict: Verdict): Section {
  const heading = "What would be found without this SAE?";
  const lacking = lackingNulls(verdict);
  const known = verdict.sites.filter(({ nulls }) => nulls !== null);
  const sentences = lacking.length === 0 ? [] : [
    `Not computed at ${layersListed(lacking)}, whose results are of an earlier version: ` +
    `${listed(OTHERS.map((name) => WORDS[name]))}. An analysis of today computes them.`,
  ];
  if (known.length === 0) return { heading, sentences, tables: [] };
  if (verdict.length.length < 2) {
    const one = "There is one group only: there is nothing to find that tells it apart.";
    return { heading, sentences: [...sentences, one], tables: [] };
  }
  const shown = known.includes(shownSite(verdict)) ? shownSite(verdict) : known.at(-1)!;
  return {
    heading,
    sentences: [
      ...sentences,
      whatIsCompared(shown),
      ofRandom(shown),
      ...overLayers(known, "random_encoder"),
      ofOther(shown, "neurons"),
      ofOther(shown, "difference_of_means"),
      ...ofDiscoveries(shown),
    ],
    tables: tablesOf(known, shown),
  };
}

function whatIsCompared(shown: SiteFindings): string {
  const { features } = setAt(shown, "sae");
  const which = features === shown.freeCount
    ? `all ${count(features, "free feature")} of the SAE`
    : `${count(features, "free feature")} of the SAE, evenly spaced among its ` +
      `${shown.freeCount.toLocaleString("en-US")},`;
  return `At ${shown.name}, three things are looked at that owe nothing to the SAE's training. The random ` +
    "encoder has as many random directions, with the lengths, biases and thresholds of " +
    `${which} with which it is compared. The neurons are the ${
      whole(setAt(shown, "neurons").features)
    } numbers of the hidden state, each turned round where that is better. A mean direction leads, for ` +
    "each relation, from the mean state of all other questions to that of its own. The best feature or neuron of each relation is chosen, and " +
    "the direction fitted, on the choosing half; all are estimated on the other. Slots are left out.";
}

/** What the SAE's lead over the random encoder means. */
const MEANING: Readonly<Record<Side, string>> = {
  above: "training found more than random directions do",
  unclear:
    "**nothing shows that this SAE finds more than a random encoder of the same norms, which is a " +
    "warning sign**",
  below: "**a random encoder of the same norms finds more than this SAE, which is a warning sign**",
};

/** What the lead over the random encoder means, in words. */
export function meaningOf(lead: Measured): string {
  return lead.interval === null ? "nothing can be said" : MEANING[sideOf(lead, 0)];
}

function ofRandom(shown: SiteFindings): string {
  const [own, random] = [setAt(shown, "sae"), setAt(shown, "random_encoder")];
  const unknown = own.auroc.value === null ? own.auroc : random.auroc;
  if (unknown.value === null) {
    return `The SAE and the random encoder are not compared: ${unknown.reason}.`;
  }
  return `Of these ${count(own.features, "feature")} of the SAE, the best have a mean AUROC of ` +
    `${withInterval(own.auroc, auroc)}; the best of the random encoder have ` +
    `${withInterval(random.auroc, auroc)}. The SAE less the random encoder is ` +
    `${withInterval(random.lead!)}: ${
      meaningOf(random.lead!)
    }. How sparse they are is no part of that: ${
      percent(random.active)
    } of the random encoder's activations are above the threshold, and ` +
    `${percent(own.active)} of the SAE's.`;
}

function overLayers(known: readonly SiteFindings[], name: Other): string[] {
  const judged = known.filter(({ seesLengthOnly }) => seesLengthOnly !== true);
  if (judged.length < 2) return [];
  const areSeeing = judged.every(({ seesLengthOnly }) => seesLengthOnly === false);
  const at = (wanted: (lead: Measured) => boolean) =>
    judged.filter((site) => wanted(setAt(site, name).lead!)).map((site) => site.name);
  const side = (wanted: Side) => at((lead) => lead.interval !== null && sideOf(lead, 0) === wanted);
  const parts = [
    [side("above"), "ahead of it"],
    [side("unclear"), "not told apart from it"],
    [side("below"), "behind it"],
    [at(({ interval }) => interval === null), "not compared with it, for want of an interval,"],
  ] as const;
  const said = parts.filter(([names]) => names.length > 0)
    .map(([names, what]) => `${what} at ${layersListed(names)}`);
  return [
    `By the intervals of its differences from ${WORDS[name]}, at the ${
      count(judged.length, "layer")
    }${areSeeing ? " that see more than length" : ""}, the SAE is ${listed(said)}.`,
  ];
}

function ofOther(shown: SiteFindings, name: "neurons" | "difference_of_means"): string {
  const { auroc: mean, lead } = setAt(shown, name);
  const [what, better] = name === "neurons"
    ? [
      "The best neurons",
      "the best neurons, as they are, tell relations apart better than the SAE's best features",
    ]
    : [
      "The mean directions, each fitted for its relation,",
      "the state holds more of the relations, in one direction each, than one feature of the SAE shows",
    ];
  if (lead!.value === null) {
    return mean.value === null
      ? `Of ${WORDS[name]} nothing can be said: ${lead!.reason}.`
      : `${what} have a mean AUROC of ${
        withInterval(mean, auroc)
      }; the SAE is not compared with them: ${lead!.reason}.`;
  }
  const side = sideOf(lead!, 0);
  const said = lead!.interval === null
    ? "nothing can be said"
    : side === "above"
    ? "the SAE's best features do better"
    : side === "below"
    ? better
    : "the two are not told apart";
  return `${what} have a mean AUROC of ${
    withInterval(mean, auroc)
  }, the best of all free features of the ` +
    `SAE one of ${withInterval(shown.best.auroc, auroc)}. The SAE less ${WORDS[name]} is ` +
    `${withInterval(lead!)}: ${said}.`;
}

function ofDiscoveries(shown: SiteFindings): string[] {
  if (setAt(shown, "sae").tests === 0) return [];
  const said = (["sae", "random_encoder", "neurons"] as const).map((name) => {
    const { discoveryShare, discoveries, tests } = setAt(shown, name);
    const whose = name === "sae" ? "the SAE" : WORDS[name];
    return `${percent(discoveryShare)} for ${whose} (${whole(discoveries)} of ${
      count(tests, "test")
    })`;
  });
  const without = (["random_encoder", "neurons"] as const).some((name) =>
    setAt(shown, name).discoveries > 0
  );
  return [
    `Of the pairs of a relation and a feature at ${shown.name}, ${
      listed(said)
    } are discoveries, with q ` +
    `over the tests of each${
      without ? ": discoveries do not need an SAE" : ""
    }. These shares have no ` +
    "intervals, for the tests of features that are correlated are no separate trials.",
  ];
}

function tablesOf(known: readonly SiteFindings[], shown: SiteFindings): Section["tables"] {
  const names = OTHERS.map((name) => WORDS[name].replace(/^the /, ""));
  return [
    {
      caption:
        "The best of each relation on the estimating half: mean AUROC, and the SAE less the other",
      head: [
        "layer",
        `SAE, ${setAt(shown, "sae").features} features`,
        ...names.flatMap((name, k) => [
          ...k === 1 ? ["SAE, all free features"] : [],
          name,
          "SAE less it",
        ]),
      ],
      rows: known.map((site) => [
        site.name,
        cellOf(setAt(site, "sae").auroc, auroc),
        ...OTHERS.flatMap((name, k) => {
          const { auroc: mean, lead } = setAt(site, name);
          return [
            ...k === 1 ? [cellOf(site.best.auroc, auroc)] : [],
            cellOf(mean, auroc),
            cellOf(lead!),
          ];
        }),
      ]),
    },
    {
      caption:
        "The share of pairs that are discoveries, and that of activations above the threshold",
      head: [
        "layer",
        ...["SAE", "random encoder", "neurons"].flatMap((
          name,
        ) => [`${name}, discoveries`, "active"]),
      ],
      rows: known.map((site) => [
        site.name,
        ...(["sae", "random_encoder", "neurons"] as const).flatMap((name) => {
          const { discoveryShare, active } = setAt(site, name);
          return [percent(discoveryShare), percent(active)];
        }),
      ]),
    },
    {
      caption: `The best of each relation at ${shown.name}: AUROC on the estimating half`,
      head: ["relation", `SAE, ${setAt(shown, "sae").features} features`, ...names],
      rows: setAt(shown, "sae").best.map(({ group }, k) => [
        group,
        ...(["sae", ...OTHERS] as const).map((name) =>
          cellOf(setAt(shown, name).best[k]!.auroc, auroc)
        ),
      ]),
    },
  ];
}
