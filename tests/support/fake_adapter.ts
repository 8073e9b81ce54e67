/** An adapter that is nothing but what it says of itself. */
export function adapter(info: Partial<GPUAdapterInfo>): GPUAdapter {
  return {
    info: {
      vendor: "",
      architecture: "",
      device: "",
      description: "",
      isFallbackAdapter: false,
      ...info,
    },
  } as unknown as GPUAdapter;
}
