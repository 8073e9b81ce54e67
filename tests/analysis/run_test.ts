import assert from "node:assert/strict";
import { analyzeToFiles } from "../../lib/analysis/run.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test("analyzeToFiles() leaves no scratch file behind when a result cannot be written", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory);
  directory.write("results/layer00_questions.npy/in_the_way", ""); // no file can replace it
  const seen = new Set<string>();
  const hidden = () =>
    [...Deno.readDirSync(`${directory.path}/results`)]
      .map(({ name }) => name).filter((name) => name.startsWith("."));
  const observer = {
    phase: () => {},
    progress: () => hidden().forEach((name) => seen.add(name)),
    note: () => {},
    warn: () => {},
    done: () => {},
  };
  await assert.rejects(
    analyzeToFiles({
      lmModel: `${directory.path}/lm`,
      saeDirectory: `${directory.path}/sae`,
      questionFile: `${directory.path}/questions.jsonl`,
      outputDirectory: `${directory.path}/results`,
      layers: "all",
      samplesPerRelation: 2,
      threshold: 0.1,
      device: "cpu",
      pictures: { dpi: 20 },
      maxStateBytes: 1,
    }, observer),
    inputError(/layer00_questions\.npy cannot be written/),
  );
  assert([...seen].some((name) => name.startsWith(".scratch.")), "there was one while it ran");
  assert.deepEqual(hidden(), []);
});
