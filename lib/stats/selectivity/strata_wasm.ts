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
import { LADDERS } from "./ladder.ts";
import { climbCode } from "./ladder_wasm.ts";
import { doubleCode, spreadCode } from "./spread_wasm.ts";
import type { StrataCode, StrataLayout } from "./strata_layout.ts";
import { multiplyCode, tiltByTableCode, tiltCode } from "./tilt_wasm.ts";

type Exports = Omit<StrataCode, "climb"> & { readonly memory: WebAssembly.Memory };
type Climb = (from: number, to: number, bits: number) => void;

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
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  // Of ladders, the code is long, and each column needs two: they are made when they are first gone.
  const climbs: Climb[] = [];
  return {
    ...exports,
    climb(ladder, from, to, bits) {
      const index = 2 * ladder + Number(bits === undefined);
      const climb = climbs[index] ??= climbIn(exports.memory, layout, ladder, bits === undefined);
      climb(from, to, bits ?? 0);
    },
  };
}

/** The code that climbs a ladder, in a memory that is there. */
function climbIn(
  memory: WebAssembly.Memory,
  layout: StrataLayout,
  ladder: number,
  isByTable: boolean,
): Climb {
  const code = climbCode(layout, LADDERS[ladder]!, isByTable);
  const module = new WebAssembly.Module(moduleOf({ climb: code }, layout.bytes, true));
  return new WebAssembly.Instance(module, { "": { memory } }).exports["climb"] as Climb;
}
