/** The fuzzer as a process of its own. */
import assert from "node:assert/strict";

const PROGRAM = new URL("fuzz.ts", import.meta.url).pathname;

/** A reader that hangs is given so long, in milliseconds; what counts is measured in the process. */
const PATIENCE = 600_000;

/**
 * Reads damaged files in a process of its own, for a reader that hangs cannot be stopped otherwise, and
 * nothing but reading is allowed there. A rejection that nobody handles ends it, too.
 */
export async function fuzzInProcess(cases: number, seed: number): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--cached-only", "--no-prompt", "--allow-read", PROGRAM, `${cases}`, `${seed}`],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(PATIENCE),
  }).output();
  const out = new TextDecoder().decode(stdout);
  const passed = new RegExp(`^${cases} cases: \\d+ refused, 0 wrong$`, "m");
  assert.match(out, passed, new TextDecoder().decode(stderr));
  assert.equal(code, 0);
}
