/**
 * What Deno's WebGPU does to ONNX Runtime once a device is lost: its `unmap()` throws, and if that
 * happens while a session is made, another can never be made. To be removed when it does not.
 *
 * @module
 */

/**
 * Lets `unmap()` of a device's buffers throw nothing, as the specification has it.
 *
 * Source: https://www.w3.org/TR/webgpu/#dom-gpubuffer-unmap
 *
 * @param onError Told what would have been thrown.
 */
export function unmapQuietly(device: GPUDevice, onError: (error: unknown) => void): void {
  const createBuffer = device.createBuffer.bind(device);
  device.createBuffer = (description) => {
    const buffer = createBuffer(description);
    const unmap = buffer.unmap.bind(buffer);
    buffer.unmap = () => {
      try {
        unmap();
      } catch (error) {
        onError(error);
      }
    };
    return buffer;
  };
}
