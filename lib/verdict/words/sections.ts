/**
 * A verdict in words: its sections in the order in which they are read.
 *
 * @module
 */
import type { Verdict } from "../verdict.ts";
import { controlsSection } from "./controls.ts";
import { encodingSection } from "./encoding.ts";
import { introduction } from "./introduction.ts";
import { layerSection } from "./layers.ts";
import { emergenceSection } from "./emergence.ts";
import { patternSection } from "./pattern.ts";
import { lengthSection, lengthTells } from "./length.ts";
import { sayOnce } from "./numbers.ts";
import { neededSection } from "./needed.ts";
import { nullsSection } from "./nulls.ts";
import type { Section } from "../section.ts";
import { sharingSection } from "./sharing.ts";
import { shortSection } from "./short.ts";
import { slotsSection } from "./slots.ts";

/** The sections. If length alone tells relations apart, that comes first of all. */
export function sectionsOf(verdict: Verdict): Section[] {
  const opening = lengthTells(verdict)
    ? [lengthSection(verdict), shortSection(verdict), introduction(verdict)]
    : [shortSection(verdict), introduction(verdict), lengthSection(verdict)];
  const sections = [
    ...opening,
    encodingSection(verdict),
    sharingSection(verdict),
    neededSection(verdict),
    slotsSection(verdict),
    layerSection(verdict),
    emergenceSection(verdict),
    patternSection(verdict),
    nullsSection(verdict),
    controlsSection(verdict),
  ];
  return sections.map((section) => ({ ...section, sentences: section.sentences.map(sayOnce) }));
}
