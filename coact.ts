/**
 * Every script as a command of one program, `coact`: what `deno task compile` makes a binary of,
 * and `deno install` a command.
 *
 *     deno run --allow-read --allow-write --allow-ffi --allow-env coact.ts analyze --layers 0,6,11
 *
 * @module
 */
import type { Command } from "./lib/cli/command.ts";
import { runProcess } from "./lib/cli/process.ts";
import { executeProgram, type Program } from "./lib/cli/program.ts";
import { callAs } from "./lib/cli/invocation.ts";
import { versions } from "./lib/base/version.ts";
import { analyze } from "./scripts/analyze.ts";
import { commonFeatures } from "./scripts/common_features.ts";
import { compare } from "./scripts/compare.ts";
import { consistency } from "./scripts/consistency.ts";
import { demo } from "./scripts/demo.ts";
import { dense } from "./scripts/dense.ts";
import { devices } from "./scripts/devices.ts";
import { doctor } from "./scripts/doctor.ts";
import { emergence } from "./scripts/emergence.ts";
import { encode } from "./scripts/encode.ts";
import { features } from "./scripts/features.ts";
import { sharing } from "./scripts/sharing.ts";
import { slots } from "./scripts/slots.ts";
import { states } from "./scripts/states.ts";
import { statistics } from "./scripts/statistics.ts";
import { summary } from "./scripts/summary.ts";
import { tokens } from "./scripts/tokens.ts";
import { top } from "./scripts/top.ts";
import { verdict } from "./scripts/verdict.ts";
import { volcano } from "./scripts/volcano.ts";

/** The commands, in the order in which the help lists them. */
const commands: readonly Command[] = [
  analyze,
  dense,
  slots,
  top,
  consistency,
  statistics,
  commonFeatures,
  features,
  verdict,
  volcano,
  sharing,
  emergence,
  compare,
  summary,
  encode,
  doctor,
  tokens,
  states,
  demo,
  devices,
];

/** The program `coact`. */
export const coact: Program = {
  name: "coact",
  summary: "Which features of a sparse autoencoder light up when a language model is asked about " +
    "a relation?",
  commands,
  version: versionLines,
};

async function versionLines(): Promise<string[]> {
  const { adapterLine, describeAdapters } = await import("./lib/compute/adapters.ts");
  const { hasNativeRuntime } = await import("./lib/compute/native_runtime.ts");
  const adapters = await describeAdapters();
  const isThere = (name: string) => name !== "onnxruntime-node" || hasNativeRuntime();
  return [
    ...Object.entries(versions()).map(([name, version]) =>
      isThere(name) ? `${name} ${version}` : `${name} is not built in`
    ),
    ...adapters.map((adapter) => `GPU: ${adapterLine(adapter)}`),
    ...(adapters.length === 0 ? ["GPU: none"] : []),
  ];
}

if (import.meta.main) {
  callAs(coact.name);
  await runProcess(
    (terminal, run) => executeProgram(coact, Deno.args, terminal, run),
    import.meta.url,
  );
}
