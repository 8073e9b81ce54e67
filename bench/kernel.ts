/**
 * How fast the shader of the SAEs is on this machine's GPU, tile by tile, timed by the GPU itself.
 *
 *     deno run --no-prompt --allow-all bench/kernel.ts --peak_tflops 67
 *
 * @module
 */
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { countOption, numberOption, pathOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { openDevice } from "../lib/compute/device.ts";
import { InputError } from "../lib/base/errors.ts";
import { fastestTile, tilesThatFit, timeTile } from "../lib/sae/encode/choose_tile.ts";
import {
  type EncodeTile,
  TILE_QUESTIONS,
  tileBytes,
  tileFeatures,
  tileName,
} from "../lib/sae/encode/tile_product.ts";
import type { KernelSizes } from "../lib/sae/encode/kernel_problem.ts";
import { versions } from "../lib/base/version.ts";
import { median } from "./products.ts";
import { gigaflops, markdown, percent, type Table } from "./table.ts";

const options = {
  questions: countOption("how many questions", 3000),
  features: countOption("how many features", 10006),
  width: countOption("the width of a hidden state", 768),
  runs: countOption("how often each tile is timed", 20),
  peak_tflops: numberOption(
    "the card's float32 peak in TFLOP/s, from its data sheet; 0: unknown",
    0,
  ),
  report: pathOption("DIR", "where kernel.json and kernel.md are written", "results/bench"),
};

/** Enough on a program on the CPU. */
const SOFTWARE = { questions: 128, features: 134, width: 768, runs: 1 };

const kernel: Command = defineCommand({
  name: "kernel",
  summary: "Measure the shader of the SAEs on a GPU, tile by tile.",
  options,
  examples: ["deno run --allow-all bench/kernel.ts --peak_tflops 67"],
  run,
});

async function run(values: Values<typeof options>, terminal: Terminal): Promise<void> {
  using device = await openDevice("gpu");
  const gpu = device.gpu!;
  if (!gpu.hasTimestamps) throw new InputError(`${gpu.name} cannot time kernels`);
  const peak = values.peak_tflops * 1e12;
  const sizes = gpu.isSoftware ? SOFTWARE : values;
  const flop = 2 * sizes.questions * sizes.width * sizes.features;
  const rows = [];
  for (const tile of tilesThatFit(gpu)) {
    const seconds = median(await timeTile(gpu, tile, sizes, sizes.runs));
    const rate = flop / seconds;
    terminal.note(`${tileName(tile)}: ${gigaflops(rate)}`);
    rows.push([
      tileName(tile),
      `${(1e3 * seconds).toFixed(3)} ms`,
      gigaflops(rate),
      peak > 0 ? percent(rate / peak) : "–",
      `${(tileBytes(tile) / 1024).toFixed(0)} KiB`,
      ...intensities(tile, sizes, flop).map(({ flopPerByte }) =>
        `${flopPerByte.toFixed(1)} (${(rate / flopPerByte / 1e9).toFixed(0)} GB/s)`
      ),
    ]);
  }
  const table: Table = {
    title:
      `The shader: [${sizes.questions} × ${sizes.width}] × [${sizes.width} × ${sizes.features}]`,
    columns: [
      ...["questions × features × depth / invocations", "time", "rate", "share of the peak"],
      "workgroup memory",
      ...["memory", "L2 cache", "workgroup memory"].map((level) => `FLOP a byte of ${level}`),
    ],
    rows,
    notes: [
      "Medians by timestamp queries, reductions included, padding not counted as work. After each " +
      "number of operations a byte stands the traffic that it means at this rate: a level is what " +
      "bounds the kernel if that is near what the card can move there; if none is, the multipliers " +
      "or their registers are.",
      gpu.isSoftware
        ? `${gpu.name} is a program on the CPU and no guide to a GPU: this shows that it works.`
        : `The encoder chooses ${tileName(await fastestTile(gpu))} here.`,
    ],
  };
  const facts = [
    new Date().toISOString().slice(0, 10),
    gpu.name,
    `peak ${peak > 0 ? `${values.peak_tflops} TFLOP/s` : "unknown"}`,
    `Deno ${versions().deno}`,
  ];
  const text = markdown("Shader", [facts.join("; ") + "."], [table]);
  await Deno.mkdir(values.report, { recursive: true });
  await Deno.writeTextFile(`${values.report}/kernel.md`, text);
  const json = JSON.stringify({ facts, tables: [table] }, null, 2);
  await Deno.writeTextFile(`${values.report}/kernel.json`, json);
  terminal.print(text);
}

/** Operations for each byte that is moved: matrices once, by workgroups, by invocations. */
function intensities(tile: EncodeTile, { questions, features, width }: KernelSizes, flop: number) {
  const outputs = 3 * Math.ceil(questions / TILE_QUESTIONS) * features;
  const wide = tileFeatures(tile);
  const vectors = tile.featureVectors;
  return [
    { flopPerByte: flop / (4 * ((questions + features) * width + outputs)) },
    { flopPerByte: 2 * TILE_QUESTIONS * wide / (4 * (TILE_QUESTIONS + wide)) },
    { flopPerByte: 2 * 8 * 4 * vectors / (16 * (2 + vectors)) },
  ];
}

if (import.meta.main) await runCommand(kernel);
