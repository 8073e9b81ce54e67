/**
 * Runs a decoder in two halves at the same time: while one thread runs the second half of a batch,
 * another runs the first half of the next one, and both make their sessions at once.
 *
 * @module
 */
import { createOrtSession, type OrtRuntime, type OrtSession } from "../compute/ort_session.ts";
import type { SessionThread } from "../compute/session_thread.ts";
import { placeWeights, type SessionWeights } from "../compute/session_weights.ts";
import { feedsOf } from "./batch_feeds.ts";
import type { Stage } from "./decoder_depth.ts";
import { buildDecoderGraph } from "./decoder_graph.ts";
import { WeightMagnitudes } from "./magnitudes.ts";
import { batchPrompts } from "./prompt_batches.ts";
import type { StagesRun } from "./run_stages.ts";
import { deepestSite } from "./site.ts";
import { type StagesInput, stageSites, stageWeights } from "./stage_parts.ts";
import { storedBytes } from "./stages.ts";
import { WeightReader } from "./weight_reader.ts";

/** From how many bytes of stored weights on: another thread takes a while to start. */
const LEAST_BYTES = 2 ** 26;
/** With fewer blocks one half would be much more than the other. */
const LEAST_BLOCKS = 4;
/**
 * The most nodes a batch has for each thread of a half: smaller batches leave the halves waiting for
 * each other less, at the beginning, at the end and between, and take less memory.
 */
const NODES_PER_THREAD = 256;
/** How many batches may wait for their second half. */
const MOST_WAITING = 2;

/**
 * Whether a model that fits into memory at once runs in two halves: in native code, with cores for
 * both, where it takes longer than to start a thread.
 */
export function runsInHalves(
  input: Pick<StagesInput, "decoder" | "sites" | "weights">,
  stages: readonly Stage[],
  { backend, threads }: OrtRuntime,
): boolean {
  const [whole, ...others] = stages;
  return backend === "cpu" && threads > 1 && others.length === 0 && whole!.end >= LEAST_BLOCKS &&
    storedBytes(stageWeights(input, whole!)) >= LEAST_BYTES;
}

/** The halves of a stage: of an odd number of blocks the second has one more, for the last is small. */
export function halvesOf({ first, end }: Stage): [Stage, Stage] {
  const middle = Math.floor((first + end) / 2);
  return [{ first, end: middle }, { first: middle, end }];
}

/**
 * Runs both halves over all prompts. The states are those that the model gives in one piece, to the
 * last bit.
 *
 * @param run Its stages are the two halves; what it says of memory counts where stages run one after
 * the other.
 * @param thread Runs the second half; it is of no use afterwards, and whoever made it ends it.
 * @throws {InputError} If a weight cannot be read, is not finite or too large, or ONNX Runtime fails.
 */
export async function runHalves(
  input: StagesInput,
  run: StagesRun,
  thread: SessionThread,
): Promise<void> {
  const { stages, onReady, onStates, onProgress, maxBatchNodes } = run;
  const { decoder, sites, prompts } = input;
  const reached = stages.map((_, index) => stageSites(sites, stages, index));
  await using scope = new AsyncDisposableStack();
  const [first, second] = await openBoth(input, run, thread);
  scope.defer(() => second.release());
  let isFirstDone = false;
  scope.defer(async () => void (isFirstDone || await first.release()));
  await onReady();
  const waiting: Promise<void>[] = [];
  let done = 0;
  const most = Math.min(maxBatchNodes, NODES_PER_THREAD * threadsOfHalf(run.runtime));
  for (const batch of batchPrompts(prompts, most)) {
    const feeds = feedsOf(batch);
    const { hidden_states, next_stream } = await first.run(feeds);
    if (hidden_states !== undefined) onStates(reached[0]!, batch, hidden_states);
    const shape = [batch.tokens.length, decoder.config.n_embd];
    const rest = second.run({ ...feeds, stream: { data: next_stream!, shape } }).then((outputs) => {
      onStates(reached[1]!, batch, outputs.hidden_states!);
      onProgress(done += batch.prompts.length);
    });
    rest.catch(() => {}); // it is thrown when its turn comes
    waiting.push(rest);
    if (waiting.length > MOST_WAITING) await waiting.shift();
  }
  isFirstDone = true;
  await first.release(); // while the other half is still at work
  await Promise.all(waiting);
}

/** Half of the threads for each: they wait for each other less than all would in each half. */
function threadsOfHalf({ threads }: OrtRuntime): number {
  return Math.ceil(threads / 2);
}

/** Sessions of both halves, made at the same time, while a third thread looks at the weights. */
async function openBoth(
  input: StagesInput,
  { stages, runtime }: StagesRun,
  thread: SessionThread,
): Promise<[OrtSession, OrtSession]> {
  const { decoder, sites, weights } = input;
  using reader = input.seen === undefined ? new WeightReader(false) : undefined;
  const ahead = input.seen ?? reader!.read(weights);
  ahead.catch(() => {}); // it is thrown when its turn comes
  const longest = input.prompts.reduce((most, { length }) => Math.max(most, length), 0);
  const [first, second] = await Promise.all(
    stages.map((stage) => placedGraph(input, stage, runtime, longest)),
  );
  const threads = threadsOfHalf(runtime);
  const { spins } = runtime;
  const { graph: model, placed: { folder } } = second!;
  const opening = thread.open({ backend: "cpu", threads, spins, model, folder });
  opening.catch(() => {}); // it is thrown when its turn comes
  await using scope = new AsyncDisposableStack();
  scope.defer(() => opening.then((session) => session.release(), () => {})); // never left half-made
  const here = await createOrtSession({ ...runtime, threads }, first!.graph, first!.placed);
  scope.defer(() => here.release());
  const there = await opening;
  const magnitudes = new WeightMagnitudes(weights);
  for (const scanned of (await ahead).values()) magnitudes.note(scanned);
  await magnitudes.read();
  magnitudes.check(decoder, deepestSite(sites));
  scope.move();
  return [here, there];
}

/** A half as an ONNX model, and where its weights are. */
async function placedGraph(
  input: StagesInput,
  stage: Stage,
  { backend }: OrtRuntime,
  longest: number,
): Promise<{ placed: SessionWeights; graph: Uint8Array }> {
  const { decoder, sites, everyToken } = input;
  const placed = await placeWeights(backend, stageWeights(input, stage));
  const weight = (name: string) => placed.weights.get(name)!;
  const graph = await buildDecoderGraph({ decoder, sites, stage, weight, longest, everyToken });
  return { placed, graph };
}
