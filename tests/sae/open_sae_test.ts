/** SAEs as their owners save them, against what the owners' libraries compute in float64. */
import assert from "node:assert/strict";
import { openDevice } from "../../lib/compute/device.ts";
import { rowsInMemory } from "../../lib/files/rows.ts";
import { siteText } from "../../lib/lm/site.ts";
import { encodeStates } from "../../lib/sae/encode/encode_states.ts";
import { decodeRows } from "../../lib/sae/decode.ts";
import { openSae } from "../../lib/sae/open_sae.ts";
import { openTensorFile } from "../../lib/tensors/open_tensor_file.ts";
import { expectsGpu } from "../support/gpu.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { torchFile } from "../support/torch_file.ts";
import { decodeRow, encodeRow } from "../support/sae_rows.ts";

const SAES = "tests/fixtures/saes";
/** Float32 against float64, as a fraction of a row's greatest value: sums of some 30 terms. */
const TOLERANCE = 1e-5;

/** Each with what its files say, and the format and architecture that are to be found. */
const CASES: Record<string, [format: string, architecture: string]> = {
  gemma_scope1_res: ["Gemma Scope", "jumprelu"],
  gemma_scope1_embedding: ["Gemma Scope", "jumprelu"],
  gemma_scope2_transcoder_affine: ["Gemma Scope", "jumprelu"],
  qwen_scope: ["Qwen-Scope", "topk"],
  sl2_flat: ["SAELens", "standard"],
  sl6_layer_norm: ["SAELens", "standard"],
  sl6_gated: ["SAELens", "gated"],
  sl6_abstopk: ["SAELens", "abstopk"],
};

async function readArray(path: string): Promise<Float32Array<ArrayBuffer>> {
  return await (await openTensorFile(path)).read("array");
}

/** The largest difference, row by row, as a fraction of the row's greatest magnitude. */
function difference(found: ArrayLike<number>, expected: Float32Array, width: number): number {
  assert.equal(found.length, expected.length);
  let worst = 0;
  for (let row = 0; row < expected.length; row += width) {
    let [greatest, off] = [0, 0];
    for (let i = row; i < row + width; i++) {
      greatest = Math.max(greatest, Math.abs(expected[i]!));
      off = Math.max(off, Math.abs(found[i]! - expected[i]!));
    }
    if (off > 0) worst = Math.max(worst, off / greatest);
  }
  return worst;
}

for (const [name, [format, architecture]] of Object.entries(CASES)) {
  const directory = `${SAES}/${name}`;
  const { entry, site, k, m, d } = JSON.parse(Deno.readTextFileSync(`${directory}/case.json`));
  const open = () => openSae(`${directory}/files/${entry}`, { k });

  Deno.test(`openSae() says what ${name} is`, async () => {
    const opened = await open();
    assert.equal(opened.format, format);
    assert.equal(opened.architecture, architecture);
    assert.deepEqual([opened.width, opened.featureCount], [d, m]);
    if (site !== undefined) assert.equal(siteText(opened.site!), site);
  });

  // On a GPU a threshold a feature and one a question: tests/sae/encode/ has all other forms.
  const onGpu = ["gemma_scope1_res", "qwen_scope"].includes(name);
  for (const device of ["cpu", "wasm", ...(onGpu ? ["gpu"] as const : [])] as const) {
    Deno.test({
      name: `encodeStates() gives the owner's features of ${name} on ${device}`,
      ignore: device === "gpu" && !expectsGpu,
      fn: async () => {
        using opened = await openDevice(device);
        const sae = await (await open()).read();
        const states = rowsInMemory(await readArray(`${directory}/hidden.npy`), sae.width);
        const features = await encodeStates(sae, states, { device: opened });
        const expected = await readArray(`${directory}/features.npy`);
        assert(difference(features, expected, m) < TOLERANCE);
        features.forEach((value, i) => {
          if (Math.abs(expected[i]!) > 1e-3) assert(value !== 0, `feature ${i} is active`);
        });
      },
    });
  }

  Deno.test(`readDecoder() gives the owner's reconstruction of ${name}`, async () => {
    const opened = await open();
    const [sae, decoder] = [await opened.read(), (await opened.readDecoder())!];
    const states = await readArray(`${directory}/hidden.npy`);
    const expected = await readArray(`${directory}/reconstruction.npy`);
    const exact = new Float64Array(expected.length);
    const features = new Float32Array(states.length / d * m);
    for (let row = 0; row < states.length / d; row++) {
      const state = Float64Array.from(states.subarray(row * d, (row + 1) * d));
      const activations = await encodeRow(sae, state);
      features.set(activations, row * m);
      const decoded = await decodeRow({ sae, decoder }, activations, state);
      exact.set(decoded, row * decoder.width);
    }
    assert(difference(exact, expected, decoder.width) < 1e-6);
    const bulk = await decodeRows({ sae, decoder }, features, states);
    assert(difference(bulk, expected, decoder.width) < 1e-5);
    assert.equal(decoder.predicts, name.includes("transcoder"));
  });
}

Deno.test("openSae() opens AlignSAE's checkpoints, by their folder or themselves", async () => {
  const folder = await openSae("tests/fixtures/reference/sae/layer6");
  const file = await openSae("tests/fixtures/reference/sae/layer6/sae_best.pt");
  for (const { format, architecture, site } of [folder, file]) {
    assert.deepEqual([format, architecture], ["AlignSAE", "supervised"]);
    assert.deepEqual(site, { block: 6, point: "pre" });
  }
  const [one, other] = [await folder.read(), await file.read()];
  assert.deepEqual(await one.rows.read(3, 2), await other.rows.read(3, 2));
  assert.deepEqual({ ...one, rows: 0 }, { ...other, rows: 0 });
});

Deno.test("openSae() says what it knows where no format fits, and where nothing is", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    openSae(directory.path),
    inputError(/is no SAE of a format that coact knows: AlignSAE, .*Gemma Scope, /),
  );
  await assert.rejects(openSae(`${directory.path}/none`), inputError(/none does not exist/));
});

Deno.test("openSae() says what the only weights of a folder hold, or why they cannot be read", async () => {
  using directory = new TemporaryDirectory();
  const openai = `${SAES}/openai_state_dict_only/files/autoencoder.pt`;
  const bytes = await Deno.readFile(openai);
  await Deno.writeFile(`${directory.path}/sae.pt`, bytes.subarray(0, bytes.length / 2));
  await assert.rejects(
    openSae(directory.path),
    inputError(/sae\.pt is no usable zip file.*truncated/),
  );
  await Deno.remove(`${directory.path}/sae.pt`);
  const sparsity = `${SAES}/sl2_flat/files/sparsity.safetensors`;
  await Deno.copyFile(sparsity, `${directory.path}/module.safetensors`);
  await assert.rejects(
    openSae(directory.path),
    inputError(/transcoder_circuits; its module\.safetensors holds sparsity$/),
  );
  await Deno.remove(`${directory.path}/module.safetensors`);
  await Deno.writeFile(`${directory.path}/a.pt`, torchFile({ state_dict: {}, epoch: 3 }, {}));
  await assert.rejects(openSae(directory.path), inputError(/a\.pt holds state_dict \(no tensor\)/));
});

Deno.test("openSae() refuses files of two formats, naming both", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["cfg.json", "sae_weights.safetensors"]) {
    await Deno.copyFile(`${SAES}/sl2_flat/files/${name}`, `${directory.path}/${name}`);
  }
  const gemma = `${SAES}/gemma_scope1_embedding/files/embedding/width_4k/average_l0_21/params.npz`;
  await Deno.copyFile(gemma, `${directory.path}/params.npz`);
  await assert.rejects(openSae(directory.path), inputError(/two ways.*Gemma Scope.*SAELens/));
});

Deno.test("openSae() reads files as those of the format that it is told", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["cfg.json", "sae_weights.safetensors"]) {
    await Deno.copyFile(`${SAES}/sl2_flat/files/${name}`, `${directory.path}/${name}`);
  }
  const gemma = `${SAES}/gemma_scope1_embedding/files/embedding/width_4k/average_l0_21/params.npz`;
  await Deno.copyFile(gemma, `${directory.path}/params.npz`);
  const opened = await openSae(directory.path, { format: "gemma_scope" });
  assert.equal(opened.format, "Gemma Scope");
  assert.deepEqual(opened.files, [`${directory.path}/params.npz`]);
  const known = /there is no format gemma; there are AlignSAE, /;
  await assert.rejects(openSae(directory.path, { format: "gemma" }), inputError(known));
});

Deno.test("openSae() lists the SAEs below a folder that is none, in the order of their numbers", async () => {
  using directory = new TemporaryDirectory();
  for (const layer of [10, 2]) {
    const folder = `${directory.path}/resid/layer_${layer}/average_l0_9`;
    await Deno.mkdir(folder, { recursive: true });
    const gemma = "gemma_scope1_embedding/files/embedding/width_4k/average_l0_21/params.npz";
    await Deno.copyFile(`${SAES}/${gemma}`, `${folder}/params.npz`);
  }
  const named = (layer: number) => `${directory.path}/resid/layer_${layer}/average_l0_9`;
  await assert.rejects(
    openSae(directory.path),
    inputError(
      `${directory.path} is no SAE itself, but there are 2 below it: ${named(2)}, ${named(10)}; ` +
        "name one with --sae",
    ),
  );
});

Deno.test("openSae() wants to be told k where no file holds it, and that there are so many", async () => {
  const path = `${SAES}/qwen_scope/files/layer3.sae.pt`;
  await assert.rejects(openSae(path), inputError(/does not say how many.*k has to be given/));
  await assert.rejects(openSae(path, { k: 139 }), inputError(/k is 139, expected 1 to 138/));
});

/** A directory of SAELens' with another configuration. */
async function withConfig(
  change: Record<string, unknown>,
  check: (path: string) => Promise<void>,
): Promise<void> {
  using directory = new TemporaryDirectory();
  const from = `${SAES}/sl6_abstopk/files`;
  await Deno.copyFile(
    `${from}/sae_weights.safetensors`,
    `${directory.path}/sae_weights.safetensors`,
  );
  const config = JSON.parse(Deno.readTextFileSync(`${from}/cfg.json`));
  await Deno.writeTextFile(`${directory.path}/cfg.json`, JSON.stringify({ ...config, ...change }));
  await check(directory.path);
}

for (
  const [change, message] of [
    [{ d_sae: 98 }, /contradicts cfg\.json: its W_enc is 24 × 97, .* d_in 24 and d_sae 98/],
    [{ k: 98 }, /says k 98, expected 1 to 97/],
    [{ k: null }, /says abstopk, but not its k/],
    [
      { architecture: "temporal" },
      /its architecture is temporal, which reads .* the tokens before .* coact encodes standard, /,
    ],
    [{ architecture: "fourier" }, /its architecture is fourier, which coact does not encode/],
    [{ architecture: "jumprelu" }, /tensor threshold is missing/],
    [{ normalize_activations: "batch" }, /says normalize_activations batch, expected none/],
  ] as const
) {
  Deno.test(`openSae() refuses a configuration of SAELens' with ${JSON.stringify(change)}`, async () => {
    await withConfig(change, async (path) => {
      await assert.rejects(openSae(path), inputError(message));
    });
  });
}

Deno.test("encodeStates() gives no features of no states, and refuses another width", async () => {
  const sae = await (await openSae("tests/fixtures/reference/sae/layer6")).read();
  const none = rowsInMemory(new Float32Array(0), sae.width);
  assert.equal((await encodeStates(sae, none)).length, 0);
  const narrow = rowsInMemory(new Float32Array(3), 3);
  await assert.rejects(encodeStates(sae, narrow), inputError(/width 3, but the SAE takes/));
  const damaged = rowsInMemory(new Float32Array(2 * sae.width).fill(NaN, sae.width), sae.width);
  await assert.rejects(encodeStates(sae, damaged), inputError(/hidden state 1 holds NaN/));
});

Deno.test("openSae() takes a k that the files say as well, and refuses another, naming both", async () => {
  const [topK, standard] = [`${SAES}/sl6_abstopk/files`, `${SAES}/sl2_flat/files`];
  const { k } = JSON.parse(Deno.readTextFileSync(`${SAES}/sl6_abstopk/case.json`));
  await openSae(topK, { k });
  await assert.rejects(
    openSae(topK, { k: k + 1 }),
    inputError(`${topK} keeps ${k} features of a state by its files, but k is given as ${k + 1}`),
  );
  await assert.rejects(
    openSae(standard, { k }),
    inputError(`${standard} keeps no fixed number of features of a state, but k is given as ${k}`),
  );
});
