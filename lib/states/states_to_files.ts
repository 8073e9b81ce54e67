/**
 * The states of a language model at some sites, in files: for NumPy, for `encode`, and for a look at
 * what an analysis is made of.
 *
 * @module
 */
import { UsageError } from "../base/errors.ts";
import { type Observer, PhaseClock, SILENT } from "../base/observer.ts";
import { versions } from "../base/version.ts";
import {
  describeDevice,
  type DeviceRequest,
  openDevice,
  prepareDevice,
} from "../compute/device.ts";
import { LastingDevice } from "../compute/lasting_device.ts";
import { DirectoryLock } from "../files/directory_lock.ts";
import { prepareDirectory, removeLeftovers } from "../files/output_directory.ts";
import { hashesOf } from "../files/steady_file.ts";
import { removeFile } from "../files/write_whole.ts";
import { withBeginning } from "../prompts/beginning_token.ts";
import { weightShapes } from "../lm/decoder_depth.ts";
import { encodePrompts } from "../prompts/encode_prompts.ts";
import { countedTokens, idsNeeded } from "../prompts/encoded_prompt.ts";
import { collectHiddenStates, MAX_BATCH_NODES } from "../lm/hidden_states.ts";
import type { StatePooling } from "../lm/pool_states.ts";
import { openPromptedModel } from "../prompts/prompted_model.ts";
import {
  type PromptSettings,
  readGroupedPrompts,
  recordSettings,
} from "../prompts/prompt_settings.ts";
import { deepestSite, siteText } from "../lm/site.ts";
import { listSites, type SiteList } from "../lm/site_list.ts";
import { checkWeightShapes } from "../lm/weights.ts";
import { earlierArrays } from "./earlier_states.ts";
import { addedTokens, groupRecords } from "./tokens_to_files.ts";
import { WeightsLook } from "../lm/weights_look.ts";
import { workOf } from "../lm/work.ts";
import { statesName, writeStates } from "./write_states.ts";

/** Which states, of which prompts, and where they go. */
export interface StatesOptions {
  /** The Hugging Face directory of the language model. */
  readonly lmModel: string;
  /** The file of the prompts. */
  readonly questionFile: string;
  /** How prompts are made of its lines. */
  readonly prompts: PromptSettings;
  /** The sites. */
  readonly sites: SiteList;
  /** Where to compute. */
  readonly device: DeviceRequest;
  /** The directory for the files; it is made if it does not exist. */
  readonly outputDirectory: string;
  /** Whether to wait for another run that writes to the directory. Default: no. */
  readonly wait?: boolean | undefined;
  /** How many bytes the model may take. Default: three quarters of what is free. */
  readonly maxMemory?: number | undefined;
}

/** What was written. */
export interface StatesOutcome {
  /** The paths of the arrays, in the order of the sites. */
  readonly paths: readonly string[];
  /** The shape of each. */
  readonly shape: readonly [prompts: number, width: number];
}

/**
 * Computes states and writes a float32 array `[prompts, d_model]` for each site, such as
 * `pre06_states.npy`, and `states.json`, which says how they were made. The rows are the prompts in
 * the order of the file. Arrays of an earlier run that this one does not write anew are removed.
 *
 * @throws {InputError} If an input is missing, damaged or unfit, or a file cannot be written.
 *
 * @example
 * ```ts
 * import { parseSiteList, statesToFiles } from "@coact/coact";
 *
 * const { paths, shape } = await statesToFiles({
 *   lmModel: "demo/lm",
 *   questionFile: "demo/data/qa_test_id.jsonl",
 *   prompts: {},
 *   sites: parseSiteList("pre:6,final").list!,
 *   device: "auto",
 *   outputDirectory: "results/example_states",
 * });
 * console.log(paths, shape);
 * ```
 */
export async function statesToFiles(
  options: StatesOptions,
  observer: Observer = SILENT,
): Promise<StatesOutcome> {
  const { lmModel, questionFile, prompts: settings, outputDirectory, wait = false } = options;
  const clock = new PhaseClock(observer);
  clock.phase("reading inputs");
  using _prepared = prepareDevice(options.device);
  const model = await openPromptedModel(lmModel, settings, clock);
  const sites = listSites(options.sites, model.decoder);
  checkWeightShapes(model.weights, weightShapes(model.decoder, sites));
  const { file, groupings } = await readGroupedPrompts(questionFile, settings, clock);
  const { directory, config: limits, tokenizer: own } = model;
  const encoded = encodePrompts(file.prompts, {
    ...settings,
    tokenizer: own,
    limits,
    directory,
    path: questionFile,
    observer: clock,
  });
  const pooling = statePooling(settings);
  const prompts = encoded.map(idsNeeded);
  const deepest = deepestSite(sites);
  using look = WeightsLook.begin(model, sites, options.device);
  using device = await openDevice(
    options.device,
    workOf({ model, deepest, prompts, checkpoints: [] }),
  );
  clock.note(`device: ${describeDevice(device)} (${device.reason})`);
  using _directory = await prepareDirectory(outputDirectory);
  using _lock = await DirectoryLock.take(outputDirectory, { wait, observer: clock });
  await removeLeftovers(outputDirectory);
  clock.phase("language model", prompts.length, "prompts");
  using lasting = new LastingDevice(device, clock);
  using states = await lasting.run(({ device: { runtime }, pieceSize }) =>
    collectHiddenStates(model, prompts, {
      sites,
      tokens: pooling && encoded.map(countedTokens),
      runtime,
      look,
      maxBatchNodes: MAX_BATCH_NODES[runtime.backend] * pieceSize,
      scratchDirectory: outputDirectory,
      maxMemory: options.maxMemory,
      onProgress: (done) => clock.progress(done),
      onNote: (message) => clock.note(message),
    })
  );
  for (const each of file.files) await each.check();
  clock.phase("writing");
  const tokenizer = own && withBeginning(own, settings.prependBos, directory);
  const record = {
    lm_model: lmModel,
    qa_file: questionFile,
    ...recordSettings(settings, file),
    pooling: pooling ?? null,
    sites: sites.map((site) => ({ site: siteText(site), file: statesName(site) })),
    shape: [prompts.length, limits.n_embd],
    lines_left_out: file.skipped,
    groups: groupRecords(groupings),
    added_tokens: addedTokens(tokenizer, settings),
    device: { requested: options.device, kind: device.kind, name: device.name },
    versions: versions(),
    input_sha256: await hashesOf([...file.files, ...model.files]),
    rows: encoded.map(({ line, ids, choice }) => ({
      line,
      tokens: ids.length,
      position: "token" in choice ? choice.token : null,
    })),
  };
  const earlier = await earlierArrays(outputDirectory);
  const paths = await writeStates(outputDirectory, { sites, states, encoded, pooling, record });
  const stale = earlier.filter((name) => !sites.some((site) => statesName(site) === name));
  for (const name of stale) await removeFile(`${outputDirectory}/${name}`);
  if (stale.length > 0) clock.note(`removed, for an earlier run made them: ${stale.join(", ")}`);
  clock.stop();
  return { paths, shape: [prompts.length, limits.n_embd] };
}

/** How states are pooled; undefined where one token counts. */
function statePooling({ position }: PromptSettings): StatePooling | undefined {
  if (position?.kind !== "pool") return undefined;
  if (position.pooling !== "any") return position.pooling;
  throw new UsageError(
    "any asks at which prompts a feature is active at all, and a state has no such thing; mean and " +
      "max pool states",
    { subject: { setting: "position", value: "any" } },
  );
}
