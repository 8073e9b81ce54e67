/**
 * Goes through persons in WebAssembly, two at a time, in the two lanes of its vectors: about three times
 * as fast as the same in TypeScript, which is in `strata_plain.ts` and gives the same bits.
 *
 * The code is assembled for a design: as many groups as it has are written one after the other. The module
 * is made where it is needed; nothing is read or fetched.
 *
 * @module
 */
import { moduleOf } from "../../wasm/assembler.ts";
import { doubleCode, spreadCode } from "./spread_wasm.ts";
import type { StrataCode, StrataLayout } from "./strata_layout.ts";
import { multiplyCode, tiltByTableCode, tiltCode } from "./tilt_wasm.ts";

/** The code for a layout; undefined where vectors are not known. */
export function strataWasm(layout: StrataLayout): StrataCode | undefined {
  const ofAll = () => ({
    spread: spreadCode(layout),
    double: doubleCode(layout),
    multiply: multiplyCode(layout),
    tiltByTable: tiltByTableCode(layout),
  });
  const functions = { tilt: tiltCode(layout), ...(layout.isRagged ? {} : ofAll()) };
  const bytes = moduleOf(functions, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as StrataCode;
}
