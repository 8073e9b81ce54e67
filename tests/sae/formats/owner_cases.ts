/** SAEs as their owners' libraries save them, against what those libraries compute in float64. */
import assert from "node:assert/strict";
import { openDevice } from "../../../lib/compute/device.ts";
import { rowsInMemory } from "../../../lib/files/rows.ts";
import { siteText } from "../../../lib/lm/site.ts";
import { decodeRows } from "../../../lib/sae/decode.ts";
import { encodeStates } from "../../../lib/sae/encode/encode_states.ts";
import type { SaeOptions } from "../../../lib/sae/formats/format.ts";
import { openSae } from "../../../lib/sae/open_sae.ts";
import { openTensorFile } from "../../../lib/tensors/open_tensor_file.ts";
import { encodeRow } from "../../support/sae_rows.ts";

/** Float32 against float64, as a fraction of a row's greatest value: sums of some 30 terms. */
const FEATURE_TOLERANCE = 1e-5;
/** What is decoded goes through twice as many sums, and states of up to 100 times their spread. */
const DECODED_TOLERANCE = 1e-4;

/** What is to be found of a case. */
interface Expected {
  /** The format. */
  format: string;
  /** What its owner calls it. */
  architecture: string;
  /** What is said beside it. Default: nothing. */
  notes?: RegExp[];
  /** How it is opened. Default: by its owner's formula. */
  options?: SaeOptions;
  /** What the names of the arrays end in. Default: nothing. */
  arrays?: string;
}

async function readArray(path: string): Promise<Float32Array<ArrayBuffer>> {
  return await (await openTensorFile(path)).read("array");
}

/** Defines the tests of a case in `tests/fixtures/saes`. */
export function testOwnerCase(
  name: string,
  { format, architecture, notes = [], options = {}, arrays = "" }: Expected,
): void {
  const directory = `tests/fixtures/saes/${name}`;
  const { entry, site, d, m } = JSON.parse(Deno.readTextFileSync(`${directory}/case.json`));
  const open = () => openSae(`${directory}/files/${entry}`, options);
  const what = `${name}${arrays}`;

  Deno.test(`openSae() says what ${what} is`, async () => {
    const opened = await open();
    assert.deepEqual([opened.format, opened.architecture], [format, architecture]);
    assert.deepEqual([opened.width, opened.featureCount], [d, m]);
    if (site !== null) assert.equal(siteText(opened.site!), site);
    assert.equal(opened.notes.length, notes.length, opened.notes.join("; "));
    notes.forEach((note, i) => assert.match(opened.notes[i]!, note));
  });

  Deno.test(`${what} is encoded and decoded as the owner of the formula does`, async () => {
    const opened = await open();
    const [sae, decoder] = [await opened.read(), await opened.readDecoder()];
    using device = await openDevice("cpu");
    const hidden = await readArray(`${directory}/hidden.npy`);
    const features = await encodeStates(sae, rowsInMemory(hidden, d), { device });
    const expected = await readArray(`${directory}/features${arrays}.npy`);
    assertClose(features, expected, { width: m, tolerance: FEATURE_TOLERANCE });
    features.forEach((z, i) => {
      if (Math.abs(expected[i]!) > 1e-3) assert(z !== 0, `feature ${i} is active`);
      if (expected[i] === 0) assert(Math.abs(z) < 1e-3, `feature ${i} is not active`);
    });
    const exact = await encodeRow(sae, Float64Array.from(hidden.subarray(0, d)));
    assertClose(exact, expected.subarray(0, m), { width: m, tolerance: FEATURE_TOLERANCE });
    const decoded = await decodeRows({ sae, decoder: decoder! }, features, hidden);
    const reconstruction = await readArray(`${directory}/reconstruction${arrays}.npy`);
    const { width } = decoder!;
    assertClose(decoded, reconstruction, { width, tolerance: DECODED_TOLERANCE });
    assert.equal(opened.predicts?.width ?? d, width);
    assert.equal(decoder!.predicts, opened.predicts !== undefined);
  });
}

/** Each number of a row is off by no more than a fraction of the row's greatest. */
function assertClose(
  found: ArrayLike<number>,
  expected: Float32Array,
  { width, tolerance }: { width: number; tolerance: number },
): void {
  assert.equal(found.length, expected.length);
  for (let row = 0; row < expected.length; row += width) {
    const greatest = Math.max(...expected.subarray(row, row + width).map(Math.abs));
    for (let i = row; i < row + width; i++) {
      const off = Math.abs(found[i]! - expected[i]!);
      assert(off <= tolerance * greatest, `${i}: ${found[i]} is not ${expected[i]}`);
    }
  }
}
