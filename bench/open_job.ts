/**
 * Opens a job and a device for it as `analyze` does: the one while the other is waited for.
 *
 * @module
 */
import { type AnalysisPlan, planAnalysis } from "../lib/analysis/plan/plan.ts";
import {
  type ComputeDevice,
  type DeviceRequest,
  openDevice,
  prepareDevice,
} from "../lib/compute/device.ts";
import type { Gpu } from "../lib/compute/gpu.ts";
import { WeightsLook } from "../lib/lm/weights_look.ts";
import { workOf } from "../lib/lm/work.ts";
import { ReadingThreads } from "../lib/reading/reading_threads.ts";
import { prepareEncoding } from "../lib/sae/encode/prepare_encoding.ts";
import { SILENT } from "../lib/base/observer.ts";
import { type Job, optionsOf } from "./job.ts";

/** A job that is ready to run. Whoever opens it closes it, by `using`. */
export interface OpenJob extends Disposable {
  /** What is to be computed. */
  readonly plan: AnalysisPlan;
  /** Where. */
  readonly device: ComputeDevice;
  /** Who reads. */
  readonly reading: ReadingThreads;
  /** A look at the model's weights, under way. */
  readonly look: WeightsLook | undefined;
}

/** Opens a job. */
export async function openJob(job: Job, requested: DeviceRequest): Promise<OpenJob> {
  using scope = new DisposableStack();
  scope.use(prepareDevice(requested));
  const reading = scope.use(new ReadingThreads());
  const plan = await planAnalysis(optionsOf(job), SILENT, reading);
  const { model, checkpoints, deepest } = plan;
  const sites = [...checkpoints.flatMap(({ neededSites }) => neededSites), deepest];
  const look = scope.use(WeightsLook.begin(model, sites, requested));
  const onGpu = (gpu: Gpu) => {
    prepareEncoding(gpu);
    reading.start();
  };
  const device = scope.use(await openDevice(requested, workOf(plan), { onGpu }));
  const all = scope.move();
  return { plan, device, reading, look, [Symbol.dispose]: () => all.dispose() };
}
