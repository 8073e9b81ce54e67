/**
 * What an adapter is: its name, and whether it is a GPU at all.
 *
 * @module
 */

/** What to call an adapter for a reader. Vendors are often bare numbers, descriptions never. */
export function adapterName({ info }: GPUAdapter): string {
  return info.description || info.device || info.architecture || info.vendor || "unnamed adapter";
}

/** Whether an adapter is a program on the CPU that stands in for a GPU. */
export function isSoftwareAdapter(adapter: GPUAdapter): boolean {
  return adapter.info.isFallbackAdapter || /llvmpipe|swiftshader|warp/i.test(adapterName(adapter));
}
