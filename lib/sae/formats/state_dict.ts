/**
 * The parameters of a PyTorch module, by the names that the module gives them.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { UntrustedMap } from "../../files/untrusted_keys.ts";
import { OpaqueValue, type PickleDict, type PickleValue } from "../../tensors/pickle_values.ts";
import { PickledTensor } from "../../tensors/pickled_tensor.ts";

/** What wrappers put before the names of parameters: DataParallel, torch.compile. */
const WRAPPERS = /^(?:module\.|_orig_mod\.)+/;

/** The parameters of a module by name, without what wrappers put before the names. */
export class StateDict {
  #path: string;
  #values = new UntrustedMap<{ name: string; value: PickleValue }>();

  /**
   * Reads the names.
   *
   * @param path The file, for messages.
   * @throws {InputError} If two names are the same but for wrappers: which one counts cannot be told.
   */
  constructor(path: string, dict: PickleDict) {
    this.#path = path;
    for (const [name, value] of dict) {
      if (typeof name !== "string") continue;
      const plain = name.replace(WRAPPERS, "");
      const other = this.#values.get(plain);
      if (other !== undefined) {
        throw new InputError(
          `${path} can be read in two ways: it has both ${other.name} and ${name}`,
        );
      }
      this.#values.set(plain, { name, value });
    }
  }

  /** The names, without wrappers. */
  names(): Iterable<string> {
    return this.#values.keys();
  }

  /**
   * A tensor by its name; undefined if there is none.
   *
   * @throws {InputError} If it is there and is no tensor that coact reads.
   */
  tensor(name: string): PickledTensor | undefined {
    const value = this.#values.get(name)?.value;
    if (value === undefined || value instanceof PickledTensor) return value;
    const what = value instanceof OpaqueValue ? `made by ${value.path}` : "no tensor";
    throw new InputError(
      `${this.#path}: ${name} is ${what}, expected a plain tensor of floating-point numbers`,
    );
  }
}
