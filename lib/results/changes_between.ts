/**
 * What the numbers of a layer depend on. Results on disk are used again only if all of it is as it
 * was.
 *
 * @module
 */
import { basename } from "node:path";
import { jsonText } from "../files/json_writer.ts";
import type { Site } from "../lm/site.ts";
import { USUAL_CLUSTER_FIELD } from "../questions/line_labels.ts";
import { siteOfName } from "./layer_name.ts";
import type { LayerRecord } from "./layer_record.ts";
import { promptsOf } from "./prompt_options.ts";

/** Something that the numbers depend on. */
interface Part {
  /** Its value, which JSON can say. */
  readonly value: (record: LayerRecord) => unknown;
  /** How to tell a reader that it has changed. */
  readonly change: (before: LayerRecord, now: LayerRecord) => string;
}

/** Inputs count by their content and their names; their paths, and reasons, are no part of it. */
const PARTS: readonly Part[] = [
  {
    value: ({ layer }) => layer,
    change: (before, now) => `layer ${before.layer} before, ${now.layer} now`,
  },
  { value: sourceOf, change: changeOfSource },
  { value: promptsOf, change: () => "other prompts, or another position in them" },
  {
    value: clusterFieldOf,
    change: (before, now) =>
      `persons by the field ${clusterFieldOf(before)} before, by ${clusterFieldOf(now)} now`,
  },
  {
    value: ({ activation_threshold }) => activation_threshold,
    change: ({ activation_threshold: before }, { activation_threshold: now }) =>
      `activation threshold ${before} before, ${now} now`,
  },
  { value: ({ relations }) => relations, change: changeOfRelations },
  {
    value: ({ checkpoint }) => checkpoint.encoder_sha256,
    change: changeOfCheckpoint,
  },
  {
    value: ({ checkpoint }) => checkpoint.decoder_sha256 ?? null,
    change: () => "another decoder in the SAE's checkpoint",
  },
  { value: inputsOf, change: changeOfInputs },
  {
    value: isDeepest,
    change: (_, now) =>
      `it is ${isDeepest(now) ? "now" : "no longer"} the deepest layer asked for, whose last ` +
      "block is computed for the last tokens only",
  },
  {
    value: ({ provenance: { backend } }) => [
      backend.device,
      backend.name,
      backend.language_model,
      backend.encoder,
    ],
    change: (before, now) => `device ${deviceOf(before)} before, ${deviceOf(now)} now`,
  },
  {
    value: ({ provenance }) => Object.entries(provenance.versions).sort(),
    change: changeOfVersions,
  },
];

/**
 * What has changed of all that the numbers of a layer depend on.
 *
 * @returns A phrase for each change; none if nothing has.
 */
export function changesBetween(before: LayerRecord, now: LayerRecord): string[] {
  return PARTS.filter(({ value }) => jsonText(value(before)) !== jsonText(value(now)))
    .map(({ change }) => change(before, now));
}

function changeOfCheckpoint({ checkpoint: before }: LayerRecord, { checkpoint: now }: LayerRecord) {
  const [old, current] = [before.files_sha256, now.files_sha256];
  if (old === undefined || current === undefined) return "another encoder in the SAE's checkpoint";
  const names = Object.keys({ ...old, ...current }).filter((name) => old[name] !== current[name]);
  return `another ${names.join(", ")} of the SAE`;
}

/** How the files of an SAE that is not AlignSAE's were read. */
function sourceOf(
  { site, format, architecture, k, centred }: LayerRecord,
): Record<string, string | number | boolean> {
  return {
    ...(site !== undefined && { site }),
    ...(format !== undefined && { format }),
    ...(architecture !== undefined && { architecture }),
    ...(k !== undefined && { k }),
    ...(centred !== undefined && { centred }),
  };
}

/** The field that says whose a question is: persons are what intervals and halves are of. */
export function clusterFieldOf({ provenance: { options } }: LayerRecord): string {
  return String(options.cluster_field ?? USUAL_CLUSTER_FIELD);
}

function changeOfSource(before: LayerRecord, now: LayerRecord): string {
  const [old, current] = [sourceOf(before), sourceOf(now)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(current)])];
  return names.filter((name) => old[name] !== current[name])
    .map((name) => `${name} ${old[name] ?? "none"} before, ${current[name] ?? "none"} now`)
    .join(", ");
}

/**
 * Whether a layer was computed as the deepest one: its last block then only for the last tokens,
 * which may change the last bits. The embeddings, layer 0, come out of no block.
 */
function isDeepest({ layer, provenance }: LayerRecord): boolean {
  const [site, deepest] = [siteOfName(layer), siteOfName(provenance.deepest_layer)];
  return lastBlockBefore(site) >= 0 && lastBlockBefore(site) === lastBlockBefore(deepest);
}

/** The last block of which anything is computed for a site; -1 if none is. */
function lastBlockBefore(site: Site): number {
  if (site.point === "final") return Infinity; // none is deeper, whichever block is the last
  return site.point === "pre" ? site.block - 1 : site.block;
}

/** Each input's name and the hash of its content, in an order that does not hang on paths. */
function inputsOf({ provenance }: LayerRecord): string[][] {
  return Object.entries(provenance.input_sha256).map(([path, hash]) => [basename(path), hash])
    .sort();
}

function changeOfInputs(before: LayerRecord, now: LayerRecord): string {
  const [old, current] = [inputsOf(before), inputsOf(now)];
  const isIn = (inputs: string[][], [name, hash]: string[]) =>
    inputs.some((input) => input[0] === name && (hash === undefined || input[1] === hash));
  const changed = current.filter((input) => !isIn(old, input));
  const gone = old.filter(([name]) => !isIn(current, [name!]));
  return [
    ...changed.map(([name]) => isIn(old, [name!]) ? `another ${name}` : `${name} is a new input`),
    ...gone.map(([name]) => `${name} is no input any more`),
  ].join(", ") || "other inputs";
}

function changeOfRelations({ relations: before }: LayerRecord, { relations: now }: LayerRecord) {
  const names = (relations: LayerRecord["relations"]) =>
    JSON.stringify(relations.map(({ index, key, label }) => [index, key, label]));
  if (names(before) !== names(now)) return "other relations";
  const i = before.findIndex(({ questions }, i) => questions !== now[i]!.questions);
  return `${before[i]!.questions} questions of ${now[i]!.key} before, ${now[i]!.questions} now`;
}

function deviceOf({ provenance: { backend } }: LayerRecord): string {
  const { device, name, language_model, encoder } = backend;
  return `${device} (${[...new Set([name, language_model, encoder])].join(", ")})`;
}

function changeOfVersions(before: LayerRecord, now: LayerRecord): string {
  const [old, current] = [before.provenance.versions, now.provenance.versions];
  const names = [...new Set([...Object.keys(old), ...Object.keys(current)])].sort();
  const of = (versions: Record<string, string>, name: string) =>
    Object.hasOwn(versions, name) ? versions[name] : "none";
  return names.filter((name) => of(old, name) !== of(current, name))
    .map((name) => `${name} ${of(old, name)} before, ${of(current, name)} now`).join(", ");
}
