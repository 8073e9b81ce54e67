/** Runs `analyze`, with the permissions of its task, on files from strangers. */
import assert from "node:assert/strict";
import { exists } from "../../lib/files/look.ts";
import { runScript } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";
import { QUICK } from "./hostile_files.ts";

/** Where each reader's file lies among the inputs of `analyze`. */
export const PLACES: Readonly<Record<string, string>> = {
  questions: "questions.jsonl",
  config: "lm/config.json",
  tokenizer: "lm/tokenizer.json",
  safetensors: "lm/model.safetensors",
  torch: "sae/layer1/sae_best.pt",
  sae: "sae/layer1/sae_best.pt",
};

/** Runs `analyze` on sound inputs but for one; it is to say so in one line and write nothing. */
export async function refusalOf(
  place: string,
  write: (path: string) => void | Promise<void>,
): Promise<string> {
  using directory = new TemporaryDirectory();
  const args = writeTinyInputs(directory);
  const path = `${directory.path}/${place}`;
  await write(path);
  const { code, out, err } = await runScript("analyze", args);
  assert.deepEqual([code, out], [1, ""], err);
  assert.match(err, /^error: [^\n]*\n$/);
  assert(err.startsWith(`error: ${path}`), err);
  assert.equal(await exists(`${directory.path}/results`), false);
  return err;
}

/** Tests that `analyze` ends well for one hostile file of each of these readers. */
export function testRefusedRuns(readers: readonly string[]): void {
  const first = readers.map((name) => QUICK.find(({ reader }) => reader === name)!);
  for (const { reader, what, write, message } of first) {
    Deno.test(`analyze ends with one line and exit code 1 when ${PLACES[reader]} is ${what}`, async () => {
      assert.match(await refusalOf(PLACES[reader]!, write), message);
    });
  }
}
