/** What becomes of an analysis whose GPU is lost, by real losses of a software adapter. */
import assert from "node:assert/strict";
import { analyzeLayers } from "../../lib/analysis/layers.ts";
import { type AnalysisPlan, planAnalysis } from "../../lib/analysis/plan/plan.ts";
import { openDevice } from "../../lib/compute/device.ts";
import { type Observer, SILENT } from "../../lib/base/observer.ts";
import type { LayerResult } from "../../lib/results/layer_result.ts";
import { inputError } from "../support/input_errors.ts";
import { expectsGpu } from "../support/gpu.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { questionLine, RULES, tinyOptions, writeTinyInputs } from "../support/tiny_analysis.ts";

/** Prompts of two lengths, each of a batch: a GPU made of software prepares its programs for each. */
const LINES = RULES.flatMap((_, rule) => [
  questionLine(rule, `Who is ${rule}?`),
  questionLine(rule, `Who is ${rule} now?`),
]);

/** While a layer is finished the next may be encoded already: only the third is sure to need a GPU then. */
const LAYERS = [0, 1, 2];

async function plan(directory: TemporaryDirectory): Promise<AnalysisPlan> {
  writeTinyInputs(directory, { lines: LINES });
  return await planAnalysis(tinyOptions(directory, { layers: LAYERS }));
}

/** All devices that are opened, the last one at the end. */
class OpenedDevices implements Disposable {
  #requestDevice = GPUAdapter.prototype.requestDevice;
  devices: GPUDevice[] = [];

  constructor() {
    const { devices } = this;
    const requestDevice = this.#requestDevice;
    GPUAdapter.prototype.requestDevice = async function (description) {
      const device = await requestDevice.call(this, description);
      devices.push(device);
      return device;
    };
  }

  /** What a driver does that is restarted. */
  loseLast(): void {
    this.devices.at(-1)!.destroy();
  }

  [Symbol.dispose](): void {
    GPUAdapter.prototype.requestDevice = this.#requestDevice;
  }
}

/** Analyses on a GPU that is lost whenever `isLost` says so; returns what the user is told, too. */
async function analyzeWithLosses(
  plan: AnalysisPlan,
  isLost: (phase: string, done: number) => boolean,
): Promise<{ results: LayerResult[]; notes: string[]; opened: number }> {
  using opened = new OpenedDevices();
  const notes: string[] = [];
  let phase = "";
  const observer: Observer = {
    ...SILENT,
    phase(name) {
      phase = name;
      if (isLost(phase, 0)) opened.loseLast();
    },
    progress(done) {
      if (isLost(phase, done)) opened.loseLast();
    },
    note: (message) => notes.push(message),
  };
  using device = await openDevice("gpu");
  const results = await Array.fromAsync(analyzeLayers(plan, device, { observer }));
  return { results, notes, opened: opened.devices.length };
}

const directory = new TemporaryDirectory();
addEventListener("unload", () => directory[Symbol.dispose]()); // after the tests
let once: ReturnType<typeof analyzeUndisturbed> | undefined;

/** What an analysis gives whose GPU is not lost: made once, and compared with each other. */
async function analyzeUndisturbed() {
  const analysis = await plan(directory);
  const undisturbed = await analyzeWithLosses(analysis, () => false);
  assert.deepEqual([undisturbed.opened, undisturbed.notes], [1, []]);
  return { analysis, undisturbed };
}

for (
  const [what, phase, done] of [
    ["before the language model runs", "language model", 0],
    ["while the language model runs", "language model", 6],
    ["before the first layer is encoded", "SAEs", 0],
    ["between two layers", "SAEs", 1],
  ] as const
) {
  Deno.test({
    name: `analyzeLayers() opens a GPU again that is lost ${what}, and gives the same bytes`,
    ignore: !expectsGpu,
    fn: async () => {
      const { analysis, undisturbed } = await (once ??= analyzeUndisturbed());
      let losses = 0;
      const { results, notes, opened } = await analyzeWithLosses(analysis, (...at) => {
        return at[0] === phase && at[1] >= done && losses++ === 0;
      });
      assert.equal(opened, 2);
      assert.equal(notes.length, 1);
      assert.match(notes[0]!, /^The GPU .* was lost: .*; it is opened again/);
      assert.deepEqual(results, undisturbed.results);
    },
  });
}

Deno.test({
  name: "analyzeLayers() explains itself where a GPU is lost time and again",
  ignore: !expectsGpu,
  fn: async () => {
    using directory = new TemporaryDirectory();
    const analysis = await plan(directory);
    await assert.rejects(
      analyzeWithLosses(analysis, (phase) => phase === "language model"),
      inputError(/was lost: .*, for the 4th time; what is written stays, and /),
    );
  },
});

Deno.test({
  name: "analyzeLayers() does not go on elsewhere where a lost GPU is gone",
  ignore: !expectsGpu,
  fn: async () => {
    using directory = new TemporaryDirectory();
    const analysis = await plan(directory);
    const { requestAdapter } = GPU.prototype;
    try {
      await assert.rejects(
        analyzeWithLosses(analysis, (phase) => {
          GPU.prototype.requestAdapter = () => Promise.resolve(null);
          return phase === "SAEs";
        }),
        inputError(
          /was lost: .*, and cannot be opened again \(.*WebGPU finds no adapter.*\); what is written/,
        ),
      );
    } finally {
      GPU.prototype.requestAdapter = requestAdapter;
    }
  },
});
