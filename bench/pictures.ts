/**
 * Times the scripts that draw, as whole processes, on results of full size with random numbers:
 *
 *     deno run --no-prompt --allow-all bench/pictures.ts [RUNS]
 *
 * @module
 */
import { coact } from "../coact.ts";
import { questionCount } from "../lib/results/artifact.ts";
import type { LayerResult } from "../lib/results/layer_result.ts";
import type { LayerRecord } from "../lib/results/layer_record.ts";
import { writeLayerResult } from "../lib/results/write_layer.ts";
import { measure } from "./child.ts";

/** The scripts that draw what is on disk. */
const TASKS = coact.commands.filter(({ options }) => "format" in options && "layers" in options)
  .map(({ name }) => name).filter((name) => name !== "analyze");

const LAYERS = 12;
const FREE = 10_000;
const RELATIONS = ["Birth Date", "Birth City", "University", "Major", "Employer", "Work City"];
const QUESTIONS = 500;

/** A result of full size: numbers around zero for means, from 0 to 1 for shares. */
export function randomResult(layer: number): LayerResult {
  const record = recordOf(layer);
  const cells = RELATIONS.length * (FREE + RELATIONS.length);
  const questions = questionCount(record);
  const around = (length: number) => Float32Array.from({ length }, () => Math.random() - 0.5);
  return {
    record,
    means: around(cells),
    maxima: around(cells),
    consistency: Float64Array.from({ length: cells }, () => Math.random()),
    slotActivations: around(questions * RELATIONS.length),
    questions: new Int32Array(2 * questions),
  };
}

function recordOf(layer: number): LayerRecord {
  return {
    layer,
    hidden_state: `hidden_states[${layer}], the residual stream`,
    sae: "supervised",
    d_model: 768,
    freeCount: FREE,
    slotCount: RELATIONS.length,
    activation_threshold: 0.1,
    relations: RELATIONS.map((label, index) => {
      return { index, key: `relation_${index}`, label, questions: QUESTIONS };
    }),
    checkpoint: { path: "random", encoder_sha256: "0".repeat(64), bytes_read: 0, bytes: 0 },
    provenance: {
      options: { lm_model: "random", qa_file: "random", samples_per_relation: QUESTIONS },
      backend: {
        requested: "cpu",
        device: "cpu",
        name: "none",
        reason: "random numbers",
        language_model: "none",
        encoder: "none",
      },
      versions: {},
      input_sha256: {},
      deepest_layer: LAYERS - 1,
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

if (import.meta.main) {
  const runs = Number(Deno.args[0] ?? 3);
  const results = await Deno.makeTempDir({ prefix: "coact-pictures-" });
  try {
    for (let layer = 0; layer < LAYERS; layer++) {
      await writeLayerResult(results, randomResult(layer));
    }
    let total = 0;
    for (const task of TASKS) {
      const times: number[] = [];
      let peak = 0;
      for (let run = 0; run <= runs; run++) { // the first does not count
        const script = ["run", "--quiet", "--allow-all", `scripts/${task}.ts`];
        const measured = await measure(Deno.execPath(), [...script, "--output_dir", results]);
        if (run > 0) times.push(measured.seconds);
        peak = Math.max(peak, measured.peakBytes ?? 0);
      }
      total += median(times);
      const memory = peak === 0 ? "" : `, ${Math.round(peak / 2 ** 20)} MiB`;
      console.log(`${task}: ${median(times).toFixed(2)} s${memory}`);
    }
    console.log(`all: ${total.toFixed(2)} s (medians of ${runs} runs, ${LAYERS} layers)`);
  } finally {
    await Deno.remove(results, { recursive: true });
  }
}
