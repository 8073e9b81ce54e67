/** Two linear layers: Goodfire's and qresearch's. */
import assert from "node:assert/strict";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import {
  floats,
  type Mutation,
  numbers,
  testMutations,
  type TestSae,
  writeSae,
} from "./mutations.ts";
import { testOwnerCase } from "./owner_cases.ts";

testOwnerCase("goodfire_pt", { format: "Goodfire", architecture: "relu" });
testOwnerCase("deepseek_r1_pt", { format: "qresearch", architecture: "relu" });

const [WIDTH, FEATURES] = [3, 4];

function linear(suffix: string): TestSae {
  return {
    directory: "download",
    weights: "Llama-3.1-8B-Instruct-SAE-l19.pth",
    asFile: true,
    state: {
      [`encoder${suffix}.weight`]: numbers(FEATURES, WIDTH),
      [`encoder${suffix}.bias`]: numbers(FEATURES),
      [`decoder${suffix}.weight`]: numbers(WIDTH, FEATURES),
      [`decoder${suffix}.bias`]: numbers(WIDTH),
    },
  };
}

for (const [reader, suffix] of [["Goodfire", "_linear"], ["qresearch", ""]] as const) {
  const state = (values: Record<string, unknown>) => (sae: TestSae) => {
    for (const [name, value] of Object.entries(values)) {
      sae.state[name.replace(/coder/, `coder${suffix}`)] = value;
    }
  };
  const without = (name: string) => (sae: TestSae) => {
    delete sae.state[name.replace(/coder/, `coder${suffix}`)];
  };
  const unknown = /is no SAE of a format that coact knows/;
  const refused: Mutation[] = [
    ["a missing bias", without("encoder.bias"), unknown],
    ["a missing decoder", without("decoder.weight"), unknown],
    ["a missing bias of the decoder", without("decoder.bias"), unknown],
    ["an encoder that is no matrix", state({ "encoder.weight": numbers(12) }), /expected a matrix/],
    [
      "an encoder that lies the other way",
      state({ "encoder.weight": numbers(WIDTH, FEATURES) }),
      /decoder\w*\.weight has shape \[3, 4\], expected \[4, 3\]/,
    ],
    [
      "a decoder that lies the other way",
      state({ "decoder.weight": numbers(FEATURES, WIDTH) }),
      /decoder\w*\.weight has shape \[4, 3\], expected \[3, 4\]/,
    ],
    ["a bias of another length", state({ "encoder.bias": numbers(3) }), /bias has shape \[3\]/],
    ["a decoder's bias of another length", state({ "decoder.bias": numbers(4) }), /shape \[4\]/],
    [
      "a weight that is no number",
      state({ "encoder.weight": floats(Array(12).fill(NaN), [FEATURES, WIDTH]) }),
      /encoder\w*\.weight holds NaN/,
    ],
    [
      "a decoder that is not finite",
      state({ "decoder.weight": floats(Array(12).fill(Infinity), [WIDTH, FEATURES]) }),
      /decoder\w*\.weight holds Infinity/,
    ],
  ];
  const flagged: Mutation[] = [
    [
      "that no name says where it reads",
      (sae) => {
        sae.weights = "sae.pth";
      },
      /nothing in its name says which block's output it reads/,
    ],
    [
      "that its folder says another layer",
      (sae) => {
        sae.directory = "Llama-3.3-70B-Instruct-SAE-l50";
      },
      /says layer 19, but Llama-3\.3-70B-Instruct-SAE-l50 says 50/,
    ],
    [
      "what tensors it does not read",
      state({ threshold: numbers(4) }),
      /it holds threshold, which/,
    ],
  ];
  testMutations(reader, () => linear(suffix), { refused, flagged });
}

Deno.test("Goodfire's SAEs of R1 are recognised and refused with the reason", async () => {
  using directory = new TemporaryDirectory();
  const path = writeSae(directory, {
    directory: "math",
    weights: "DeepSeek-R1-SAE-l37.pt",
    asFile: true,
    state: { W: numbers(WIDTH, FEATURES), b_enc: numbers(FEATURES), b_dec: numbers(WIDTH) },
  });
  await assert.rejects(openSae(path), inputError(/of all rows together it keeps the largest/));
});
