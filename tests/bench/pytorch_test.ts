import assert from "node:assert/strict";
import { type FoundPython, missingIn, peersOf } from "../../bench/pytorch.ts";

const found = (versions: Record<string, string>, hasCuda = false): FoundPython => {
  return { program: "python3", hasCuda, versions };
};
const ALL = { torch: "2.13.0", "transformer-lens": "3.9.0", "sae-lens": "6.54.12" };

Deno.test("what is missing is said in one line, with the command that installs it", () => {
  assert.equal(missingIn("python3", found(ALL)), undefined);
  const { torch } = ALL;
  const line = missingIn("python3", found({ torch }))!;
  assert.match(
    line,
    /^python3 lacks transformer-lens, sae-lens; .*pip install torch transformer-lens sae-lens/,
  );
  assert(!line.includes("\n"));
  assert.match(
    missingIn("python4", undefined)!,
    /^python4 lacks torch, transformer-lens, sae-lens/,
  );
});

Deno.test("there is a row on the CPU of what there is, and one on CUDA before it where that is", () => {
  const names = (python: FoundPython) => peersOf(python).map(({ name }) => name);
  assert.deepEqual(names(found({ torch: "2.13.0" })), ["PyTorch 2.13.0, CPU"]);
  const lens = "TransformerLens 3.9.0 with SAELens 6.54.12";
  assert.deepEqual(names(found(ALL, true)), [
    ...["PyTorch 2.13.0, CUDA", "PyTorch 2.13.0, CPU"],
    ...[`${lens}, CUDA`, `${lens}, CPU`],
  ]);
  assert.deepEqual(peersOf(found(ALL, true)).map(({ options }) => options), [
    ...[["--cuda"], []],
    ...[["--cuda"], []],
  ]);
  assert.deepEqual(names(found({ torch: "2.13.0", "sae-lens": "6" })).length, 1);
});
