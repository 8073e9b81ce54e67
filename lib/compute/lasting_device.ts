/**
 * A device that is opened again when it is lost.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { type Observer, SILENT } from "../base/observer.ts";
import { type ComputeDevice, openDevice } from "./device.ts";
import { GpuLostError } from "./gpu_failures.ts";

/** How often a device may be lost in a run: one that is lost time and again will not last. */
const MAX_LOSSES = 3;
/** How much smaller the pieces of work become with each loss: long ones may be what it died of. */
const SMALLER = 4;

/** How work is to be done. */
export interface WorkPlace {
  /** Where. */
  readonly device: ComputeDevice;
  /** The size of its pieces, as a fraction of the usual. */
  readonly pieceSize: number;
}

/**
 * Does work on a device, and again on another one like it if it was lost meanwhile. Whoever makes it
 * closes it, by `using`; the first device stays the caller's.
 */
export class LastingDevice implements Disposable {
  #device: ComputeDevice;
  #losses = 0;
  #observer: Observer;
  #opened = new DisposableStack();

  /**
   * Begins with a device.
   *
   * @param observer Told of each loss.
   */
  constructor(device: ComputeDevice, observer: Observer = SILENT) {
    this.#device = device;
    this.#observer = observer;
  }

  /** Where work is done now. */
  get place(): WorkPlace {
    return { device: this.#device, pieceSize: SMALLER ** -this.#losses };
  }

  /**
   * Does work to its end.
   *
   * @param work Begun anew after a loss, on another device and in smaller pieces.
   * @throws {InputError} If the device is lost too often or cannot be opened again.
   */
  async run<T>(work: (place: WorkPlace) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work(this.place);
      } catch (error) {
        if (!(error instanceof GpuLostError)) throw error;
        await this.#reopen(error);
      }
    }
  }

  /** Gives back what was opened after losses. */
  [Symbol.dispose](): void {
    this.#opened.dispose();
  }

  async #reopen(loss: GpuLostError): Promise<void> {
    const { kind, name, runtime: { backend } } = this.#device;
    if (++this.#losses > MAX_LOSSES) throw lostForGood(loss, `for the ${this.#losses}th time`);
    try {
      // Not `auto`: the numbers of two backends are not to be mixed.
      this.#device = this.#opened.use(await openDevice(kind));
    } catch (error) {
      throw lostForGood(loss, `and cannot be opened again (${messageOf(error)})`);
    }
    if (this.#device.name !== name) {
      throw lostForGood(loss, `and another one is there instead, ${this.#device.name}`);
    }
    if (this.#device.runtime.backend !== backend) {
      const now = this.#device.runtime.backend;
      throw lostForGood(loss, `and ONNX Runtime's ${backend} is not there any more, only ${now}`);
    }
    this.#observer.note(
      `${
        messageOf(loss)
      }; it is opened again, and what was being computed begins anew in smaller ` +
        "pieces",
    );
  }
}

function lostForGood(loss: GpuLostError, how: string): InputError {
  return new InputError(`${messageOf(loss)}, ${how}`, { advice: { kind: "resume" } });
}
