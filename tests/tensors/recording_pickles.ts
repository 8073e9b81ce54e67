/** Pickles read with meanings that keep what they are asked. */
import assert from "node:assert/strict";
import { parsePickle, type PickleMeanings } from "../../lib/tensors/pickle.ts";
import { PickleDict, type PickleValue } from "../../lib/tensors/pickle_values.ts";
import { latin1 } from "./bytes.ts";
import { plain } from "./torch_checkpoints.ts";

/** Meanings that keep what they are asked, so that tests see it. */
export const RECORDING: PickleMeanings = {
  names: new Set(["collections.OrderedDict", "module.Name"]),
  reduce: (path, args) => path === "collections.OrderedDict" ? new PickleDict() : { path, args },
  persistent: (id) => ({ id }),
};

/** Reads a pickle given as text, in which each character is one byte; dicts are `Map`, sets `Set`. */
export function parse(pickle: string): PickleValue {
  return plain(parsePickle(latin1(pickle), RECORDING));
}

/** Holds that a pickle is refused, and why. */
export function refuses(pickle: string | Uint8Array, problem: RegExp): void {
  const bytes = typeof pickle === "string" ? latin1(pickle) : pickle;
  assert.throws(() => parsePickle(bytes, RECORDING), { name: "SyntaxError", message: problem });
}
