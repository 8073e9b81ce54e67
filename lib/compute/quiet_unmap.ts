/**
 * @module
 */

/**
 * Lets `unmap()` of a device's buffers throw nothing, as the specification has it. Deno's throws once
 * the device is lost; if that happens while ONNX Runtime makes a session, it can never make another.
 * To be removed when Deno's does not.
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
