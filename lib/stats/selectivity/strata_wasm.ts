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
import { LADDERS, MOST_CLIMBED } from "./ladder.ts";
import { climbCode } from "./ladder_wasm.ts";
import { doubleCode, spreadCode } from "./spread_wasm.ts";
import type { StrataCode, StrataLayout } from "./strata_layout.ts";
import { multiplyCode, tiltByTableCode, tiltCode } from "./tilt_wasm.ts";

type Exports = Omit<StrataCode, "climb"> & Record<string, Climb>;
type Climb = (from: number, to: number, bits: number) => void;

/** The code for a layout; undefined where vectors are not known. */
export function strataWasm(layout: StrataLayout): StrataCode | undefined {
  const climbs = () =>
    LADDERS.flatMap((ladder, i) =>
      [true, false].map((isByTable) => [
        nameOf(i, isByTable),
        climbCode(layout, ladder, isByTable),
      ])
    );
  const ofAll = () => ({
    spread: spreadCode(layout),
    double: doubleCode(layout),
    multiply: multiplyCode(layout),
    tiltByTable: tiltByTableCode(layout),
    ...Object.fromEntries(layout.groupCount <= MOST_CLIMBED ? climbs() : []),
  });
  const functions = { tilt: tiltCode(layout), ...(layout.isRagged ? {} : ofAll()) };
  const bytes = moduleOf(functions, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  return {
    ...exports,
    climb: (ladder, from, to, bits) =>
      exports[nameOf(ladder, bits === undefined)]!(from, to, bits ?? 0),
  };
}

function nameOf(ladder: number, isByTable: boolean): string {
  return `climb${ladder}${isByTable ? "ByTable" : ""}`;
}
