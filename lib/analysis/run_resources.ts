/**
 * What the sites of a run share: a device that may be lost and opened again, the language model's
 * states, what encodes, and the SAEs' weights.
 *
 * @module
 */
import type { AnalysisPlan } from "./plan/plan.ts";
import type { PlannedSae } from "./plan/planned_sae.ts";
import { type MakeRecord, recordsOf } from "./provenance.ts";
import type { QuestionTokens } from "../prompts/question_tokens.ts";
import { RunEncoder } from "./run_encoder.ts";
import type { AnalysisRun } from "./run_options.ts";
import { SaesAhead } from "./saes_ahead.ts";
import type { States } from "./shared_states.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { timed } from "../base/work_log.ts";
import type { ComputeDevice } from "../compute/device.ts";
import { LastingDevice } from "../compute/lasting_device.ts";
import type { SiteStates } from "../doctor/site_fits.ts";
import { trialStates, trialTokens } from "../doctor/trial_tokens.ts";
import { collectHiddenStates, MAX_BATCH_NODES } from "../lm/hidden_states.ts";
import type { KeptTokens } from "../lm/kept_tokens.ts";
import { isSameSite, type Site } from "../lm/site.ts";
import type { StateStore } from "../lm/state_store.ts";
import { ReadingThreads } from "../reading/reading_threads.ts";
import { canBeShared } from "../sae/encode/encode_apart.ts";
import { EncodingThreads } from "../sae/encode/encoding_threads.ts";
import { wantsEncodingThreads } from "../sae/encode/wants_encoding_threads.ts";
import { type Trial, trySae } from "./sae_trial.ts";
import { SelectivityRun } from "./statistics/selectivity_run.ts";

/**
 * The first SAEs are read, and the threads that measure are started, once the language model has done so
 * much: both take some tenths of a second, and on a CPU cores of its.
 */
const AHEAD_FROM = 0.9;

/** What the sites of a run share. Whoever makes it closes it, by `await using`. */
export class RunResources implements AsyncDisposable {
  /** The plan of the run. */
  readonly plan: AnalysisPlan;
  /** The SAEs that are computed, in the order of their sites. */
  readonly computed: readonly PlannedSae[];
  /** Says what a result is made of. */
  readonly recordOf: MakeRecord;
  /** Who is told what is being done. */
  readonly observer: Observer;
  /** What measures each feature; undefined if nobody asked for that. */
  readonly selectivity: SelectivityRun | undefined;
  /** What encodes states. */
  readonly encoder: RunEncoder;
  /** What reads SAEs. */
  readonly saes: SaesAhead;
  #run: AnalysisRun;
  #lasting: LastingDevice;
  #made: Promise<States> | undefined;
  #states: States | undefined;
  #areThere = Promise.withResolvers<States>();
  #reading: ReadingThreads;
  #encoding: EncodingThreads | undefined;
  /** Whether threads encode: those that choose among all features are known once they are read. */
  #isShared = false;
  #texts: Promise<SiteStates> | undefined;
  /** What gives memory back while SAEs are encoded. */
  #released: Promise<void>[] = [];
  #trials = new Map<PlannedSae, Promise<Trial | undefined>>();
  #done = new Set<PlannedSae>();
  #closed = new AsyncDisposableStack();

  /**
   * Begins a run; nothing is computed or read before it is asked for.
   *
   * @param device Where to compute; it stays the caller's.
   */
  constructor(plan: AnalysisPlan, device: ComputeDevice, run: AnalysisRun = {}) {
    const { observer = SILENT, except, reuse } = run;
    this.plan = plan;
    this.recordOf = recordsOf(plan, device);
    this.observer = observer;
    this.#run = run;
    this.computed = plan.checkpoints.filter(({ layer }) =>
      !except?.has(layer) && !reuse?.layers.has(layer)
    );
    this.selectivity = run.statistics && this.computed.length > 0
      ? this.#closed.use(new SelectivityRun(plan, observer))
      : undefined;
    this.#lasting = this.#closed.use(new LastingDevice(device, observer));
    this.#reading = run.reading ?? this.#closed.use(new ReadingThreads());
    this.saes = new SaesAhead(this.computed, this.#reading, this.#areThere.promise);
    const work = {
      questions: plan.sample.questions.length,
      shapes: this.computed.map(({ shape }) => shape),
      isMeasured: this.selectivity !== undefined,
    };
    if (wantsEncodingThreads(work, device)) {
      this.#encoding = run.encoding ??
        this.#closed.use(EncodingThreads.forSaes(this.computed, device));
      this.#isShared = this.computed.every(({ opened }) => opened === undefined);
    }
    const how = { threads: this.#encoding, onNote: this.#note };
    this.encoder = this.#closed.use(new RunEncoder(this.#lasting, this.#reading, how));
  }

  /**
   * How many SAEs are encoded at a time, once all that are tried have been: two where threads share the work, so
   * that one that is done with its part of the first need not wait for the others, nor for its nulls. It takes
   * the memory of an encoder, and with statistics that of all that is kept of its features.
   */
  get encodedAtOnce(): number {
    return this.#isShared ? 2 : 1;
  }

  /**
   * The states of all sites that are computed. The language model runs when they are asked for first.
   *
   * @throws {InputError} If a weight is missing, damaged or not finite, an input has become another
   * one, or the device fails.
   */
  states(): Promise<States> {
    return this.#made ??= this.#makeStates();
  }

  async #makeStates(): Promise<States> {
    const { plan: { file, checkpoints, deepest }, observer } = this;
    const { shared } = this.#run;
    // The deepest site is always among them: how the last block is computed hangs on it.
    const needed = shared === undefined ? this.computed : checkpoints;
    const sites = distinct([...needed.flatMap(({ neededSites }) => neededSites), deepest]);
    const compute = (of: QuestionTokens) => {
      observer.phase("language model", of.prompts.length, "questions");
      return this.#compute({ prompts: of.prompts, tokens: of.pooled?.tokens }, sites);
    };
    this.#states = shared === undefined
      ? this.#closed.use(await compute(this.plan))
      : await shared.of(this.plan, compute);
    this.#areThere.resolve(this.#states);
    for (const each of file.files) await each.check();
    const { length } = this.computed;
    observer.phase("SAEs", length, "layers");
    return this.#states;
  }

  /** Runs the language model over prompts. */
  async #compute(
    { prompts, tokens }: { prompts: readonly (readonly number[])[]; tokens: KeptTokens },
    sites: readonly Site[],
  ): Promise<StateStore> {
    const { plan: { model }, observer } = this;
    const { scratchDirectory, maxStateBytes, maxMemory, look } = this.#run;
    return await this.#lasting.run(({ device: { runtime }, pieceSize }) => {
      // There the pass takes a second, and no core.
      if (runtime.backend === "webgpu-native") this.#startAhead();
      if (this.#isShared) this.#encoding?.start();
      return timed("language model", () =>
        collectHiddenStates(model, prompts, {
          sites,
          tokens,
          runtime,
          look,
          maxBatchNodes: MAX_BATCH_NODES[runtime.backend] * pieceSize,
          scratchDirectory,
          maxBytes: maxStateBytes,
          maxMemory,
          onProgress: (done) => {
            observer.progress(done);
            if (done >= AHEAD_FROM * prompts.length) this.#startAhead();
          },
          releasedLater: (released) => this.#released.push(released),
          onNote: this.#note,
        }));
    });
  }

  /** Begins to read the first SAEs, one a thread, and starts the threads that measure. */
  #startAhead(): void {
    this.saes.readFirst();
    this.selectivity?.startThreads(this.computed[0]!);
  }

  /**
   * What comes of trying an SAE on a few of its states, once; undefined of AlignSAE's.
   *
   * @throws {InputError} If its files are damaged or have become others, or the device fails.
   */
  trialOf(planned: PlannedSae): Promise<Trial | undefined> {
    if (planned.opened === undefined) return Promise.resolve(undefined);
    return this.#trials.getOrInsertComputed(planned, async () => {
      await planned.check();
      const text = await (this.#texts ??= this.#computeTexts());
      const states = await this.states();
      const sides = await planned.readSides!(this.#reading);
      if (this.#encoding !== undefined && canBeShared(sides.sae)) {
        this.#isShared = true;
        this.#encoding.start();
      }
      return await this.#lasting.run(({ device }) =>
        trySae(planned, { states, text, device, sides, threads: this.#reading })
      );
    });
  }

  /** The states of the tokens of some prompts, at all sites where an SAE is tried. */
  async #computeTexts(): Promise<SiteStates> {
    const tried = this.computed.filter(({ opened }) => opened !== undefined);
    const sites = distinct(tried.flatMap(({ neededSites }) => neededSites));
    const tokens = trialTokens(this.plan.prompts);
    this.observer.phase("prompts to try SAEs on", tokens.prompts.length, "prompts");
    return trialStates(this.#closed.use(await this.#compute(tokens, sites)), tokens);
  }

  /** Tells whoever listens that one more SAE is done, and gives back what no other needs. */
  siteIsDone(planned: PlannedSae): void {
    this.#done.add(planned);
    const needed = this.computed.filter((each) => !this.#done.has(each))
      .flatMap(({ neededSites }) => neededSites);
    for (const site of planned.neededSites) {
      if (!needed.some((each) => isSameSite(each, site))) this.#states?.forget(site);
    }
    this.observer.progress(this.#done.size);
  }

  /** Gives back all that was opened, in the reverse order, but for the device that was given. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closed.disposeAsync();
    await Promise.all(this.#released);
  }

  #note = (message: string): void => this.observer.note(message);
}

/** Sites in their order, each once, though several SAEs read it. */
function distinct(sites: readonly Site[]): Site[] {
  return sites.filter((site, i) => sites.findIndex((other) => isSameSite(other, site)) === i);
}
