/**
 * What a real GPU's compiler makes of the shader of the SAEs, without that GPU: Mesa's driver RADV
 * compiles it for an AMD GPU that is not there, and the instructions of the inner loop are counted.
 * Wants Linux with RADV (Debian's mesa-vulkan-drivers; tried with 22.3), a C compiler and Vulkan's
 * headers (libvulkan-dev).
 *
 *     deno run --no-prompt --allow-all bench/machine_code.ts --family navi21
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Command, defineCommand, type Values } from "../lib/cli/command.ts";
import { pathOption } from "../lib/cli/options.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";
import { findAdapter } from "../lib/compute/find_adapter.ts";
import { Gpu } from "../lib/compute/gpu.ts";
import { formOf, LINEAR } from "../lib/sae/activation.ts";
import { InputError } from "../lib/base/errors.ts";
import { encodeShader } from "../lib/sae/encode/encode_kernel.ts";
import { tileName, TILES } from "../lib/sae/encode/tile_product.ts";
import { markdown, percent, type Table } from "./table.ts";

const options = {
  family: pathOption("NAME", "an AMD GPU by RADV's name: navi21, gfx1100, vega20, …", "navi21"),
  listing: pathOption("FILE", "where all that RADV prints is written, or none", "none"),
};

const machineCode: Command = defineCommand({
  name: "machine_code",
  summary: "Count the instructions that RADV makes of the shader of the SAEs, tile by tile.",
  options,
  examples: ["deno run --allow-all bench/machine_code.ts --family vega20"],
  run,
});

async function run({ family, listing }: Values<typeof options>, terminal: Terminal): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "coact-null-gpu-" });
  try {
    const driver = await buildDriver(directory);
    const printed = await compileTiles(family, driver);
    if (listing !== "none") await Deno.writeTextFile(listing, printed);
    terminal.print(markdown("Machine code", [`RADV for ${family}, no hardware.`], [
      tableOf(printed.split(MARK).slice(1)),
    ]));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Stands in what the child prints before what RADV says of a tile. */
const MARK = "---- tile ";

async function buildDriver(directory: string): Promise<string> {
  const library = `${directory}/null_gpu.so`;
  const source = fileURLToPath(new URL("null_gpu.c", import.meta.url));
  await output("cc", ["-shared", "-fPIC", "-O1", source, "-o", library, "-ldl"]);
  const driver = `${directory}/null_gpu.json`;
  const ICD = { library_path: library, api_version: "1.3.230" };
  await Deno.writeTextFile(driver, JSON.stringify({ file_format_version: "1.0.0", ICD }));
  return driver;
}

/** Compiles every tile in a process of its own, and returns what RADV prints of it. */
function compileTiles(family: string, driver: string): Promise<string> {
  const here = fileURLToPath(import.meta.url);
  return output(Deno.execPath(), ["run", "--no-prompt", "--allow-all", here, "compile"], {
    VK_DRIVER_FILES: driver,
    VK_ICD_FILENAMES: driver, // its older name
    RADV_FORCE_FAMILY: family,
    RADV_DEBUG: "shaders,shaderstats,nocache",
  });
}

/** What the child does: whatever is submitted to this GPU, nothing may be waited for. */
async function compile(): Promise<void> {
  const adapter = await findAdapter();
  if (adapter === null) throw new InputError("WebGPU finds no adapter");
  using gpu = await Gpu.open(adapter);
  for (const tile of TILES) {
    console.error(`${MARK}${tileName(tile)}`);
    await gpu.prepare("encode_reduce", encodeShader(tile, formOf(LINEAR)));
  }
}

/** One row a tile, from what RADV prints of each. */
function tableOf(tiles: readonly string[]): Table {
  return {
    title: "Inner loop",
    columns: [
      ...["questions × features × depth / invocations", "registers", "spilled", "waves a SIMD"],
      ...["workgroup memory", "instructions", "multiply-adds", "of vector arithmetic", "of all"],
    ],
    rows: tiles.map((printed) => {
      const figure = (name: string) =>
        Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(printed)?.[1]);
      const loop = innerLoop(printed);
      const products = loop.filter(isProduct).length;
      return [
        printed.slice(0, printed.indexOf("\n")),
        ...["VGPRs", "Spilled VGPRs", "Subgroups per SIMD"].map((name) => String(figure(name))),
        `${(figure("LDS size") / 1024).toFixed(0)} KiB`,
        String(loop.length),
        String(products),
        percent(products / loop.filter((name) => name.startsWith("v_")).length),
        percent(products / loop.length),
      ];
    }),
    notes: [
      "The loop through the depth, unrolled. Instructions that only wait are left out. Hardware that " +
      "issues vector arithmetic beside everything else, as AMD's does for other waves, can reach " +
      "the first share of its peak, hardware that issues one instruction of any kind at a time, as " +
      "NVIDIA's does, about the second.",
    ],
  };
}

/** The names of the instructions in the block that multiplies most. */
function innerLoop(printed: string): string[] {
  const assembly = printed.slice(printed.lastIndexOf("\ndisasm:"));
  const blocks = assembly.split(/^BB\d+:$/m).map((block) =>
    [...block.matchAll(/^\t([a-z]+_\w+)/gm)].map(([, name]) => name!)
      .filter((name) => name !== "s_waitcnt" && name !== "s_clause")
  );
  const productsOf = (block: string[]) => block.filter(isProduct).length;
  return blocks.reduce((most, block) => productsOf(block) > productsOf(most) ? block : most);
}

function isProduct(instruction: string): boolean {
  return /^v_(fma|fmac|mac|mad)_f32/.test(instruction);
}

/** What a program says on both its outputs. @throws {InputError} If it fails. */
async function output(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], env, stdout: "null" });
  const { success, stderr } = await command.output().catch(() => {
    throw new InputError(`${program} cannot be started`);
  });
  const text = new TextDecoder().decode(stderr);
  if (!success) throw new InputError(`${program} failed: ${text.slice(0, 1000).trim()}`);
  return text;
}

if (import.meta.main) {
  if (Deno.args[0] === "compile") await compile();
  else await runCommand(machineCode);
}
