/**
 * From stored states to stored features.
 *
 * @module
 */
import { type Observer, SILENT } from "../base/observer.ts";
import { describeDevice, type DeviceRequest, openDevice } from "../compute/device.ts";
import { DirectoryLock } from "../files/directory_lock.ts";
import { jsonText } from "../files/json_writer.ts";
import { prepareDirectory, removeLeftovers } from "../files/output_directory.ts";
import { removeFile, Staging } from "../files/write_whole.ts";
import type { OpenedSae, SaeOptions } from "../sae/formats/format.ts";
import { openSae } from "../sae/open_sae.ts";
import type { Sae } from "../sae/sae.ts";
import type { EncodeRecord } from "./encode_record.ts";
import { freeTheWay } from "./earlier_files.ts";
import { featureBlocks } from "./feature_blocks.ts";
import { FeatureWriter, ReconstructionWriter } from "./feature_writers.ts";
import { type Encoding, recordOf } from "./record_encoding.ts";
import { openStatesFile } from "./states_file.ts";

/** What is to be encoded, how, and where the features go. */
export interface EncodeFileOptions {
  /** The SAE: a file or a directory. */
  readonly sae: string;
  /** The states: `.npy`, `.npz` or `.safetensors`. */
  readonly states: string;
  /** The tensor that holds them. Default: the only one. */
  readonly statesKey?: string | undefined;
  /** The directory for the features; it is made if it does not exist. */
  readonly outputDirectory: string;
  /** Whether only features that are not 0 are written, as a sparse matrix. Default: no. */
  readonly sparse?: boolean | undefined;
  /** Whether what the SAE decodes is written, too. Default: no. */
  readonly reconstruction?: boolean | undefined;
  /** How many features of a state a top-k SAE keeps, where its files do not say it. */
  readonly k?: number | undefined;
  /** The format of the SAE, where it is not to be recognised. */
  readonly saeFormat?: string | undefined;
  /** Whose formula to follow where libraries read the same files differently. Default: the owner's. */
  readonly reading?: SaeOptions["reading"];
  /** Where to compute. Default: the best there is. */
  readonly device?: DeviceRequest | undefined;
  /** Whether the mean of each state is subtracted from it first. Default: no. */
  readonly centreStates?: boolean | undefined;
  /** Whether files of the same names are written over. Default: no. */
  readonly force?: boolean | undefined;
  /** Whether to wait for another run that writes to the directory. Default: no. */
  readonly wait?: boolean | undefined;
}

/**
 * Encodes stored states and writes their features, `features.npy` or `features.npz`, with
 * `encode.json`, which says what they are. All files are written whole, together, or not at all.
 *
 * @returns What stands in `encode.json`.
 * @throws {InputError} If an input is missing, damaged or unfit, a file is there already, or one
 * cannot be written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeToFiles } from "@coact/coact";
 *
 * const directory = await Deno.makeTempDir();
 * const states = `${directory}/states.npy`;
 * const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 64), }";
 * const start = [0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, 118, 0];
 * const text = new TextEncoder().encode(header.padEnd(117) + "\n");
 * await Deno.writeFile(states, Uint8Array.from([...start, ...text, ...new Uint8Array(2 * 64 * 4)]));
 * const record = await encodeToFiles({
 *   sae: "demo/sae/layer6",
 *   states,
 *   outputDirectory: `${directory}/features`,
 * });
 * assert.equal(record.site, "pre 6");
 * assert.deepEqual(record.files["features.npy"]?.shape, [2, 1006]);
 * ```
 */
export async function encodeToFiles(
  options: EncodeFileOptions,
  observer: Observer = SILENT,
): Promise<EncodeRecord> {
  const { outputDirectory, device: requested = "auto", centreStates = false } = options;
  observer.phase("reading inputs");
  const opened = await openSae(options.sae, {
    k: options.k,
    format: options.saeFormat,
    reading: options.reading,
  });
  tellNotes(opened, centreStates, observer);
  const { takesHeads: readsHeads = false } = opened;
  const states = await openStatesFile(options.states, options.statesKey, { ...opened, readsHeads });
  const work = { operations: 2 * states.count * opened.width * opened.featureCount };
  using _directory = await prepareDirectory(outputDirectory);
  using _lock = await DirectoryLock.take(outputDirectory, {
    wait: options.wait ?? false,
    observer,
  });
  await removeLeftovers(outputDirectory);
  const stale = await freeTheWay(outputDirectory, options);
  using device = await openDevice(requested, work, { runsModel: false });
  observer.note(`device: ${describeDevice(device)} (${device.reason})`);
  const sae = centred(await opened.read(), centreStates);
  const record = await writeFeatures({ opened, sae, states, device }, options, observer);
  for (const name of stale) {
    if (!Object.hasOwn(record.files, name)) await removeFile(`${outputDirectory}/${name}`);
  }
  observer.done(outputDirectory, "all of it");
  return record;
}

async function writeFeatures(
  encoding: Encoding,
  options: EncodeFileOptions,
  observer: Observer,
): Promise<EncodeRecord> {
  const { opened, sae, states, device } = encoding;
  const { outputDirectory: directory, sparse = false, reconstruction = false } = options;
  await using staging = new Staging();
  const files: EncodeRecord["files"] = {};
  {
    await using features = await FeatureWriter.begin(staging, {
      directory,
      sparse,
      shape: [states.count, sae.featureCount],
    });
    await using decoded = reconstruction
      ? await ReconstructionWriter.begin(staging, { directory, opened, sae, count: states.count })
      : undefined;
    observer.phase("features", states.count, "states");
    for await (const block of featureBlocks(sae, states, { device, observer })) {
      await features.add(block);
      await decoded?.add(block);
    }
    for (const writer of [features, decoded]) Object.assign(files, await writer?.finish());
  }
  await states.file.check();
  const record = await recordOf(encoding, options, files);
  await staging.add(`${directory}/encode.json`, jsonText(record));
  await staging.commit();
  return record;
}

/** An SAE that subtracts the mean of each state first, and adds it again when it decodes. */
function centred(sae: Sae, isWanted: boolean): Sae {
  return isWanted ? { ...sae, input: [{ kind: "centre" }, ...sae.input] } : sae;
}

function tellNotes(opened: OpenedSae, centreStates: boolean, observer: Observer): void {
  for (const note of opened.notes) observer.warn(note);
  if (!opened.isCentred || centreStates) return;
  observer.note("the states are taken as they are, not centred", { kind: "centre_states" });
}
