/**
 * The GPUs that WebGPU finds on this machine, and what they can do.
 *
 * @module
 */
import { findAdapters } from "./find_adapter.ts";
import { WANTED_LIMITS } from "./gpu.ts";
import { adapterName, isSoftwareAdapter } from "./gpu_adapter.ts";

/** A GPU, for a reader. */
export interface AdapterDescription {
  /** What it is called. */
  readonly name: string;
  /** Whether it is a program on the CPU that stands in for a GPU. */
  readonly isSoftware: boolean;
  /** The limits that coact asks for, by name. */
  readonly limits: Readonly<Record<string, number>>;
  /** What it can do beyond what every GPU can, in order. */
  readonly features: readonly string[];
}

/** The GPUs, each once, the most powerful first. */
export async function describeAdapters(): Promise<AdapterDescription[]> {
  const described = (await findAdapters()).map((adapter): AdapterDescription => ({
    name: adapterName(adapter),
    isSoftware: isSoftwareAdapter(adapter),
    limits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]])),
    features: [...adapter.features].sort(),
  }));
  return [...new Map(described.map((adapter) => [adapter.name, adapter])).values()];
}

/** An adapter in a few words. */
export function adapterLine({ name, isSoftware }: AdapterDescription): string {
  return isSoftware ? `${name}, a program on the CPU` : name;
}
