import assert from "node:assert/strict";
import { analyzeGroupings } from "../../lib/analysis/run.ts";
import { parsePosition } from "../../lib/questions/position.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { traditionalSae } from "../support/tiny_analysis.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

for (const position of ["last", "mean"]) {
  Deno.test(`several fields of labels are analyses of their own, with one pass of the model, at ${position}`, async () => {
    using directory = new TemporaryDirectory();
    writeTinyModel(directory);
    directory.write("sae/layer1/traditional_sae_final.pt", traditionalSae());
    const lines = [["a", 1], ["b", 2], ["a", 2], ["b", undefined]]
      .map(([x, y], i) => JSON.stringify({ text: `prompt ${i} of all`, "x/": x, y }));
    const options = {
      lmModel: `${directory.path}/lm`,
      saeDirectory: `${directory.path}/sae`,
      questionFile: directory.write("a.jsonl", lines.join("\n")),
      layers: [1],
      threshold: 0.1,
      device: "cpu",
      pictures: { dpi: 20 },
    } as const;
    const prompts = { textField: "text", skipUnlabelled: true, position: parsePosition(position) };
    const passes: string[] = [];
    const phase = (name: string) => passes.push(name);
    const observer = { phase, progress() {}, done() {}, note() {}, warn() {} };
    const together = await analyzeGroupings({
      ...options,
      prompts: { ...prompts, labelFields: ["x/", "y"] },
      outputDirectory: `${directory.path}/out`,
    }, observer);
    assert.deepEqual(
      together.map(({ directory: each }) => each.slice(directory.path.length)),
      ["/out/x_", "/out/y"],
    );
    assert.equal(passes.filter((name) => name === "language model").length, 1);
    for (const { field, directory: each } of together) {
      const outputDirectory = `${directory.path}/alone_${field!.length}`;
      await analyzeGroupings({
        ...options,
        prompts: { ...prompts, labelFields: [field!] },
        outputDirectory,
      });
      for (const file of ["activation_matrix", "consistency", "questions"]) {
        const [a, b] = [each, outputDirectory]
          .map((path) => Deno.readFileSync(`${path}/layer01_${file}.npy`));
        assert.deepEqual(a, b, `${field}: ${file}`);
      }
    }
  });
}
