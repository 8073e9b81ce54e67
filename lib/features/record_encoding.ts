/**
 * Makes what `encode.json` says of features that were written.
 *
 * @module
 */
import { versions } from "../base/version.ts";
import type { ComputeDevice, DeviceRequest } from "../compute/device.ts";
import { hashFile } from "../files/hash_file.ts";
import { siteText } from "../lm/site.ts";
import { encoderBackend } from "../sae/encode/create_encoder.ts";
import type { OpenedSae } from "../sae/formats/format.ts";
import type { Sae } from "../sae/sae.ts";
import { cutsOf, type EncodeRecord } from "./encode_record.ts";
import type { StatesFile } from "./states_file.ts";

/** What is encoded with what, on what. */
export interface Encoding {
  /** The SAE's files. */
  readonly opened: OpenedSae;
  /** The SAE. */
  readonly sae: Sae;
  /** The states. */
  readonly states: StatesFile;
  /** On what it is computed. */
  readonly device: ComputeDevice;
}

/**
 * What `encode.json` says.
 *
 * @param options What was asked for: the device, and whether states are centred.
 * @param files What was written.
 * @throws {InputError} If a file of the SAE or of the states cannot be read.
 */
export async function recordOf(
  { opened, sae, states, device }: Encoding,
  { device: requested = "auto", centreStates = false }: {
    readonly device?: DeviceRequest | undefined;
    readonly centreStates?: boolean | undefined;
  },
  files: EncodeRecord["files"],
): Promise<EncodeRecord> {
  const hashes: Record<string, string> = {};
  for (const path of opened.files ?? []) hashes[path] = await hashFile(path);
  return {
    format: opened.format,
    architecture: opened.architecture,
    site: siteOfSae(opened),
    d: opened.width,
    m: opened.featureCount,
    ...cutsOf(sae.activation, sae.pursuit),
    n: states.count,
    sae: { path: opened.path, sha256: hashes },
    states: {
      path: states.path,
      key: states.key,
      dtype: states.dataType,
      shape: [...states.shape],
      centred: centreStates,
      sha256: await states.file.sha256(),
    },
    files,
    notes: [...opened.notes],
    backend: {
      requested,
      device: device.kind,
      name: device.name,
      encoder: encoderBackend(device),
    },
    versions: versions(),
  };
}

/** Where an SAE reads: as coact calls it, else as its files do. */
function siteOfSae({ site, siteInWords }: OpenedSae): string | null {
  return site === undefined ? siteInWords ?? null : siteText(site);
}
