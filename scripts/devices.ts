/**
 * Where coact can compute on this machine, and what `--device auto` would choose.
 *
 *     deno task devices
 *
 * @module
 */
import { withAdvice } from "../lib/cli/advice.ts";
import { type Command, defineCommand } from "../lib/cli/command.ts";
import { runCommand } from "../lib/cli/process.ts";
import type { Terminal } from "../lib/cli/terminal.ts";

/** The command `devices`. */
export const devices: Command = defineCommand({
  name: "devices",
  summary: "Show the GPUs that are there, their limits, and what --device auto would choose.",
  about: "Nothing is computed and nothing is written.",
  options: {},
  examples: ["deno task devices"],
  run,
});

async function run(_: unknown, terminal: Terminal): Promise<void> {
  const { adapterLine, describeAdapters } = await import("../lib/compute/adapters.ts");
  const { availableDevices } = await import("../lib/compute/available_devices.ts");
  const { describeDevice, openDevice } = await import("../lib/compute/device.ts");
  const adapters = await describeAdapters();
  if (adapters.length === 0) terminal.print("WebGPU finds no GPU");
  for (const adapter of adapters) {
    terminal.print(`GPU: ${adapterLine(adapter)}`);
    for (const [name, limit] of Object.entries(adapter.limits)) {
      terminal.print(`  ${name}: ${limit}`);
    }
    terminal.print(`  features: ${adapter.features.join(", ") || "none"}`);
  }
  terminal.print("");
  for (const { kind, state, advice } of await availableDevices()) {
    terminal.print(`--device ${kind}: ${withAdvice(state, advice)}`);
  }
  using chosen = await openDevice("auto");
  const what = `${chosen.kind}, ${describeDevice(chosen)}`;
  terminal.print(`--device auto: takes ${what} for a large job, for ${chosen.reason}`);
}

if (import.meta.main) await runCommand(devices, import.meta.url);
