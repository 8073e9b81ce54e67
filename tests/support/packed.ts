/** A copy of the project as `pack` writes it, unpacked into an empty directory. */
import assert from "node:assert/strict";
import { pack } from "../../tools/pack.ts";
import { type Outcome, run } from "./run.ts";
import type { ScriptOutcome } from "./scripts.ts";
import type { TemporaryDirectory } from "./temporary.ts";

/** What was packed, and where. */
export interface Packed {
  /** What `pack` said. */
  readonly outcome: Outcome;
  /** The path of the archive. */
  readonly archive: string;
  /** The folder that was in it. */
  readonly copy: string;
}

/** Packs what the benchmark needs, and unpacks it. */
export async function packForBench({ path }: TemporaryDirectory): Promise<Packed> {
  const archive = `${path}/packed.tar`;
  const outcome = await run(pack, ["--output", archive, "--bench_only"]);
  assert.deepEqual([outcome.code, outcome.err], [0, []]);
  await new Deno.Command("tar", { args: ["-xf", archive, "-C", path] }).output();
  return { outcome, archive, copy: `${path}/coact` };
}

/** Runs a task of the copy: no HOME, no other cache, and a network that answers nothing. */
export async function runTask({ copy }: Packed, args: readonly string[]): Promise<ScriptOutcome> {
  const nowhere = "http://127.0.0.1:9";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: copy,
    clearEnv: true,
    env: { DENO_DIR: `${copy}/deno_dir`, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, PATH: "" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}
