/**
 * Workaround: `unmap()` that throws nothing once a device is lost.
 *
 * That of Deno 2.9.6 (wgpu 29) throws, and if that happens while ONNX Runtime makes a session, another
 * can never be made. wgpu's own `unmap()` raises no errors any more since
 * https://github.com/gfx-rs/wgpu/pull/10242. To see it, run `deno eval "const device = await (await
 * navigator.gpu.requestAdapter()).requestDevice(); const buffer = device.createBuffer({ size: 4, usage:
 * 8, mappedAtCreation: true }); device.destroy(); buffer.unmap()"`: it ends with "Buffer is not
 * mapped". To be deleted when it ends well.
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
