/**
 * What goes wrong with a GPU. A device does not throw: it reports errors to whoever listens, and
 * what was computed after one means nothing.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";

/** The GPU had no memory left for a buffer; with smaller ones it may go on. */
export class GpuMemoryError extends InputError {
  /** The name of the class. */
  override name = "GpuMemoryError";
}

/** The device was lost, as when its driver is restarted; opened again, it may go on. */
export class GpuLostError extends InputError {
  /** The name of the class. */
  override name = "GpuLostError";
}

/** How ONNX Runtime says that a GPU has too little memory, if it notices before the GPU says it. */
const OUT_OF_MEMORY =
  /out[ _]of[ _](?:device[ _]|host[ _])?memory|bad_alloc|failed to create GPU buffer/i;

/**
 * The same of the native WebGPU, whose device reports to nobody here. Dawn hands out a buffer in any
 * case, and calls it invalid when it is used.
 */
const INVALID_BUFFER = /\[Invalid Buffer/;

/** How the native WebGPU says that its device is lost; results cannot be fetched from it, too. */
const LOST = /device (?:is |was )?lost|DEVICE_LOST|MapAsyncStatus/i;

/**
 * What a message of ONNX Runtime says of a GPU.
 *
 * @param name What to call the GPU.
 * @param isNative Whether it is of onnxruntime-node's WebGPU, of whose device nothing else is heard.
 * @returns Undefined if it says neither that memory lacks nor that the device is lost.
 */
export function failureIn(
  message: string,
  { name, isNative }: { readonly name: string; readonly isNative: boolean },
): GpuLostError | GpuMemoryError | undefined {
  if (OUT_OF_MEMORY.test(message) || isNative && INVALID_BUFFER.test(message)) {
    return new GpuMemoryError(`The GPU ${name} has too little memory: ${message}`);
  }
  if (!isNative || !LOST.test(message)) return undefined;
  return new GpuLostError(`The GPU ${name} was lost: ${message}`);
}

/** How long a lost device may take to say so after its first error, in milliseconds. */
const LOSS_DELAY = 1000;

/** Listens to a device. */
export class GpuFailures {
  #device: GPUDevice;
  #name: string;
  #failure: string | undefined;
  #isOutOfMemory = false;
  #loss: string | undefined;
  #isGivenBack = false;

  /**
   * Begins to listen.
   *
   * @param name What to call the device.
   */
  constructor(device: GPUDevice, name: string) {
    this.#device = device;
    this.#name = name;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const { error } = event as GPUUncapturedErrorEvent;
      if (error instanceof GPUOutOfMemoryError) this.#isOutOfMemory = true;
      this.#failure ??= error.message.trim(); // it is no Error
    });
    device.lost.then(({ message }) => {
      if (this.#isGivenBack) return;
      this.#loss = message;
      this.#failure ??= message;
    });
  }

  /** Adds what a call threw to what was reported. */
  add(error: unknown): void {
    this.#failure ??= messageOf(error);
  }

  /** Says that the device is destroyed on purpose: that is no failure. */
  giveBack(): void {
    this.#isGivenBack = true;
  }

  /**
   * Makes sure that nothing was reported.
   *
   * @throws {GpuLostError} If the device was lost.
   * @throws {GpuMemoryError} If there was no memory for a buffer; the device can be used further.
   * @throws {InputError} If the device reported another error since it was opened.
   */
  async check(): Promise<void> {
    if (this.#failure === undefined) return;
    const failure = this.#failure; // before it is forgotten
    throw await this.causeOf(failure) ??
      new InputError(`The GPU ${this.#name} failed: ${failure}`, {
        advice: { kind: "use_device", device: "cpu" },
      });
  }

  /**
   * Why something failed that runs on the device.
   *
   * @param message What it said itself, which may be of what followed.
   * @returns The loss of the device, or its lack of memory; undefined if it was neither.
   */
  async causeOf(message: string): Promise<GpuLostError | GpuMemoryError | undefined> {
    if (this.#isOutOfMemory && this.#loss === undefined) {
      const why = this.#failure ?? message;
      // All that followed from it is forgotten with it: whoever catches this begins anew.
      this.#isOutOfMemory = false;
      this.#failure = undefined;
      return new GpuMemoryError(`The GPU ${this.#name} has too little memory: ${why}`);
    }
    await this.#waitForLoss();
    if (this.#loss === undefined) return undefined;
    return new GpuLostError(`The GPU ${this.#name} was lost: ${this.#loss}`);
  }

  /** A lost device shows by other errors first. */
  async #waitForLoss(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LOSS_DELAY);
    await Promise.race([this.#device.lost, promise]);
    clearTimeout(timer);
  }
}
