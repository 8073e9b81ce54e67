/**
 * What each device is on this machine.
 *
 * @module
 */
import type { Advice } from "../base/advice.ts";
import { InputError, messageOf } from "../base/errors.ts";
import { describeDevice, DEVICE_REQUESTS, type DeviceRequest, openDevice } from "./device.ts";

/** A device of this machine: what it is, or why it is not there and what could be done. */
export interface DeviceState {
  /** Which. */
  readonly kind: DeviceRequest;
  /** What it is, or why it is not there. */
  readonly state: string;
  /** What could be done. */
  readonly advice?: Advice | undefined;
}

/**
 * What each device is on this machine, or why it is not there.
 *
 * @example
 * ```ts
 * import { availableDevices } from "@coact/coact";
 *
 * for (const { kind, state } of await availableDevices()) console.log(`${kind}: ${state}`);
 * ```
 */
export async function availableDevices(): Promise<DeviceState[]> {
  const states: DeviceState[] = [];
  for (const kind of DEVICE_REQUESTS.filter((request) => request !== "auto")) {
    try {
      using device = await openDevice(kind);
      states.push({ kind, state: describeDevice(device) });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      states.push({ kind, state: messageOf(error), advice: error.advice });
    }
  }
  return states;
}
