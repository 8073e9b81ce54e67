import assert from "node:assert/strict";
import { analyzeToFiles } from "../../lib/analysis/run.ts";
import { hashBytes } from "../../lib/files/hash_file.ts";
import { LAYER_PICTURES } from "../../lib/pictures/all_pictures.ts";
import { inputError } from "../support/input_errors.ts";
import { openScratchFiles } from "../support/scratch_files.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { tinyRun, writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test("analyzeToFiles() leaves no scratch file behind when a result cannot be written", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory);
  directory.write("results/layer00_questions.npy/in_the_way", ""); // no file can replace it
  const results = `${directory.path}/results`;
  let scratchFiles = 0;
  const hidden = () =>
    [...Deno.readDirSync(results)]
      .map(({ name }) => name).filter((name) => name.startsWith("."));
  const observer = {
    phase: () => {},
    progress: () => {
      scratchFiles = Math.max(scratchFiles, openScratchFiles(results) ?? 1);
    },
    note: () => {},
    warn: () => {},
    done: () => {},
  };
  await assert.rejects(
    analyzeToFiles(tinyRun(directory, { maxStateBytes: 1 }), observer),
    inputError(/layer00_questions\.npy cannot be written/),
  );
  assert(scratchFiles > 0, "there was one while it ran");
  assert.deepEqual(hidden(), []);
  assert.equal(openScratchFiles(results) ?? 0, 0);
});

Deno.test("analyzeToFiles() writes the same bytes, whatever the number of threads that draw", async () => {
  using directory = new TemporaryDirectory();
  writeTinyInputs(directory, { layers: [0, 1] });
  const written = async (drawingThreads: number) => {
    const outputDirectory = `${directory.path}/results${drawingThreads}`;
    await analyzeToFiles(tinyRun(directory, { outputDirectory, drawingThreads }));
    const names = [...Deno.readDirSync(outputDirectory)].map(({ name }) => name).sort();
    const compared = names.filter((name) => name !== "analysis_times.json");
    return compared.map((
      name,
    ) => [name, hashBytes(Deno.readFileSync(`${outputDirectory}/${name}`))]);
  };
  const [here, ...elsewhere] = [await written(0), await written(1), await written(3)];
  const pictures = here.filter(([name]) => name!.endsWith(".png"));
  assert.equal(pictures.length, 2 * LAYER_PICTURES.length + 1);
  for (const files of elsewhere) assert.deepEqual(files, here);
});
