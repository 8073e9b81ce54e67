import assert from "node:assert/strict";
import type { Advice } from "../../lib/base/advice.ts";
import { describeProblem, withAdvice } from "../../lib/cli/advice.ts";
import { callAs, TASK } from "../../lib/cli/invocation.ts";
import { InputError, UsageError } from "../../lib/base/errors.ts";

const SPOKEN: readonly [advice: Advice, words: string][] = [
  [{ kind: "name_path", setting: "lmModel" }, "name the language model with --lm_model"],
  [{ kind: "name_path", setting: "saeDirectory" }, "name the directory of the SAEs with --sae_dir"],
  [{ kind: "name_path", setting: "questionFile" }, "name the question file with --qa_file"],
  [{ kind: "locate_saes" }, "name their directory with --sae_dir"],
  [{ kind: "another_directory" }, "choose another with --output_dir"],
  [
    { kind: "another_directory", copy: true },
    "copy it to where it can, and name that with --output_dir",
  ],
  [{ kind: "wait" }, "wait for it with --wait, or choose another directory with --output_dir"],
  [{ kind: "fewer_samples", atMost: 125 }, "use --samples_per_relation 125"],
  [{ kind: "leave_out_relations" }, "leave it out by naming the others in --relations"],
  [
    { kind: "leave_out_relation", relation: 0 },
    "if they are right, leave relation 0 out with --relations",
  ],
  [
    { kind: "take_together", lists: [[3, 5], [4]] },
    "analyse them again together, or take layers that belong together: --layers 3,5 or --layers 4",
  ],
  [
    { kind: "take_together", lists: [["post12"], [4]] },
    "analyse them again together, or take layers that belong together: post12 or 4",
  ],
  [{ kind: "name_relation", keys: ["spouse", "3"] }, "write name=spouse or name=3"],
  [
    { kind: "name_relation", keys: ["0-1"], orOthers: true },
    "write name=0-1, or the names of the others",
  ],
  [{ kind: "name_layer", layer: 12 }, "name it in --layers"],
  [{ kind: "force" }, "--force computes them again"],
  [{ kind: "overwrite" }, "--force writes over it"],
  [{ kind: "name_sae" }, "name one with --sae"],
  [{ kind: "name_tensor" }, "name one with --states_key"],
  [{ kind: "give_k" }, "give it with --k"],
  [{ kind: "name_site" }, "say where it reads with --site"],
  [{ kind: "centre_states" }, "--centre_states subtracts the mean of each"],
  [{ kind: "lower_dpi", atMost: 300 }, "at most 300 dpi fit"],
  [{ kind: "use_device", device: "wasm" }, "--device wasm does without it"],
  [{ kind: "install_driver" }, "install the GPU's Vulkan driver, or use --device cpu"],
  [{ kind: "free_gpu" }, "end what else uses the GPU, or use --device cpu"],
  [{ kind: "update_driver" }, "update its driver, or choose another with --device"],
  [{ kind: "another_device" }, "another --device may do"],
  [
    { kind: "resume" },
    "what is written stays, and the same command goes on from there, --device cpu without a GPU",
  ],
  [
    { kind: "analyze", outputDirectory: "results", layers: [3, 6] },
    "make it with: deno task analyze --layers 3,6 --output_dir results, and the options that name " +
    "your files",
  ],
  [
    { kind: "analyze", outputDirectory: "my results" },
    "make it with: deno task analyze --output_dir 'my results', and the options that name your " +
    "files",
  ],
];

for (const [advice, words] of SPOKEN) {
  Deno.test(`the advice ${JSON.stringify(advice)} is told in options`, () => {
    assert.equal(withAdvice("it is wrong", advice), `it is wrong; ${words}`);
  });
}

Deno.test("withAdvice() says how to analyse layers that do not go together", () => {
  assert.equal(
    withAdvice("they differ", { kind: "layers_apart" }),
    "they differ: analyse them one after the other with --layers",
  );
});

Deno.test("withAdvice() leaves a message without advice as it is", () => {
  assert.equal(withAdvice("it is so"), "it is so");
});

Deno.test("withAdvice() names the program if that is what the user calls", () => {
  callAs("coact");
  try {
    const words = withAdvice("no", { kind: "analyze", outputDirectory: "." });
    assert.match(words, /^no; make it with: coact analyze --output_dir \., and /);
  } finally {
    callAs(TASK);
  }
});

Deno.test("describeProblem() names the option that a problem is about, and its value", () => {
  const subject = { setting: "device", value: "gpu" } as const;
  const advice = { kind: "use_device", device: "cpu" } as const;
  assert.equal(
    describeProblem(new InputError("there is none", { subject, advice })),
    "--device gpu: there is none; --device cpu does without it",
  );
  assert.equal(
    describeProblem(new UsageError("there is no layer 4", { subject: { setting: "layers" } })),
    "--layers: there is no layer 4",
  );
});
