/** The encoder of a thread: what it does once for all parts of an SAE. */
import assert from "node:assert/strict";
import { type Rows, sharedRows } from "../../../lib/files/rows.ts";
import { ApartEncoder } from "../../../lib/sae/encode/apart_encoder.ts";
import { encodeApartOf } from "../../../lib/sae/encode/encode_apart.ts";
import type { Encoded, EncodeInput, Encoder } from "../../../lib/sae/encode/encoder.ts";
import { sliceSae } from "../../../lib/sae/encode/slice_sae.ts";
import { type InputStep, prepareRows } from "../../../lib/sae/input.ts";
import { randomInput } from "./float64_formula.ts";

/** Encodes nothing, and keeps what it was to encode. */
class KeepingEncoder implements Encoder {
  readonly backend = "none";
  readonly tileQuestions = 256;
  readonly inputs: EncodeInput[] = [];

  encode(input: EncodeInput): Promise<Encoded> {
    this.inputs.push(input);
    return Promise.resolve({} as Encoded);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** An input whose states threads share. */
function sharedInput(steps: readonly InputStep[], sign: number = 1): EncodeInput {
  const { hidden: { count, width, read }, sae, ...input } = randomInput("supervised");
  const shared = new Float32Array(new SharedArrayBuffer(4 * count * width));
  shared.set(read(0, count).map((value) => sign * value));
  return { ...input, hidden: sharedRows(shared, width), sae: { ...sae, input: steps } };
}

/** What an encoder is given of the parts of some inputs, as a thread is handed them: clones. */
async function givenOf(parts: readonly EncodeInput[]): Promise<EncodeInput[]> {
  const encoder = new KeepingEncoder();
  await using apart = new ApartEncoder(encoder);
  for (const part of parts) await apart.encode(structuredClone(await encodeApartOf(part)));
  return encoder.inputs;
}

function halves(input: EncodeInput): EncodeInput[] {
  const half = input.sae.featureCount / 2;
  return [0, half].map((first) => ({ ...input, sae: sliceSae(input.sae, { first, count: half }) }));
}

function numbersOf({ hidden }: { hidden: Rows }): Float32Array {
  return hidden.read(0, hidden.count);
}

const NORM: InputStep = { kind: "layer_norm", epsilon: 1e-5 };

Deno.test("states go through an SAE's steps once for all its parts, and the encoder is told of none", async () => {
  const input = sharedInput([NORM, { kind: "subtract", vector: new Float32Array(18).fill(0.5) }]);
  const [one, other] = await givenOf(halves(input));
  assert.equal(one!.hidden, other!.hidden);
  assert.deepEqual([one!.sae.input, other!.sae.input], [[], []]);
  assert.deepEqual(
    numbersOf(one!),
    numbersOf({ hidden: prepareRows(input.sae.input, input.hidden) }),
  );
});

Deno.test("states that go through other steps, or none, and other states, are others", async () => {
  const plain = sharedInput([]);
  const inputs = [
    plain,
    { ...plain, sae: { ...plain.sae, input: [NORM] } },
    { ...plain, sae: { ...plain.sae, input: [{ kind: "scale", factor: 3 } as const] } },
    sharedInput([NORM], -1),
    plain,
  ];
  const given = await givenOf(inputs);
  given.forEach((each, i) => {
    const { hidden, sae } = inputs[i]!;
    assert.deepEqual(numbersOf(each), numbersOf({ hidden: prepareRows(sae.input, hidden) }));
  });
});

Deno.test("a state that the steps can give no length is named, and the next SAE is encoded", async () => {
  const input = sharedInput([{ kind: "constant_norm" }]);
  input.hidden.shared!.fill(0, 2 * 18, 3 * 18);
  const encoder = new KeepingEncoder();
  await using apart = new ApartEncoder(encoder);
  await assert.rejects(
    async () => await apart.encode(await encodeApartOf(input)),
    /^InputError: hidden state 2 is all zeros/,
  );
  await apart.encode(await encodeApartOf({ ...input, sae: { ...input.sae, input: [] } }));
  assert.equal(encoder.inputs.length, 1);
});
