/**
 * What a pickle can hold.
 *
 * @module
 */
import { UntrustedMap } from "../files/untrusted_keys.ts";

/** A value that a pickle can hold. Lists and tuples are arrays. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleDict
  | PickleSet
  | PickleGlobal
  | OpaqueValue
  | object;

/** A mention of something of Python's by name: a class, a function, a constant. */
export class PickleGlobal {
  /**
   * Mentions a name.
   *
   * @param path The full name: `collections.OrderedDict`.
   */
  constructor(readonly path: string) {}
}

/**
 * Something that only Python's own code could make: an object of a class, what a function returns.
 * Nothing is known of it but the name that it comes from; what it was made of is dropped.
 */
export class OpaqueValue {
  /**
   * Stands for something.
   *
   * @param path The name of the class or function: `numpy._core.multiarray.scalar`.
   */
  constructor(readonly path: string) {}
}

/** A set. Nothing looks into one, so that its members are only kept. */
export class PickleSet {
  /**
   * Makes a set.
   *
   * @param members Its members, perhaps more than once.
   */
  constructor(readonly members: PickleValue[] = []) {}
}

/** A dict, in the order in which its items were set. */
export class PickleDict {
  /** Made when there is something to hold: a pickle can have two million empty dicts. */
  #items: [PickleValue, PickleValue][] | undefined;
  #texts: UntrustedMap<PickleValue> | undefined;
  #others: UntrustedMap<true> | undefined;

  /** How many items it has. */
  get size(): number {
    return this.#items?.length ?? 0;
  }

  /** The value of a text; undefined if it is no key. */
  get(key: string): PickleValue | undefined {
    return this.#texts?.get(key);
  }

  /** Whether a text is a key. */
  has(key: string): boolean {
    return this.#texts?.has(key) ?? false;
  }

  /**
   * Adds an item.
   *
   * @throws {SyntaxError} If there is one already: which of the two counts is not for coact to guess.
   * Tuples and objects as keys are not compared; they cannot be asked for.
   */
  set(key: PickleValue, value: PickleValue): void {
    if (typeof key === "string") {
      this.#texts ??= new UntrustedMap();
      if (this.#texts.has(key)) throw twice(key);
      this.#texts.set(key, value);
    } else {
      const tag = tagOf(key);
      if (tag !== undefined) {
        this.#others ??= new UntrustedMap();
        if (this.#others.has(tag)) throw twice(tag);
        this.#others.set(tag, true);
      }
    }
    (this.#items ??= []).push([key, value]);
  }

  /** Its items. */
  *[Symbol.iterator](): Generator<readonly [PickleValue, PickleValue]> {
    yield* this.#items ?? [];
  }
}

/** An object that is nothing but its attributes, such as an `argparse.Namespace`: they are its items. */
export class PickleNamespace extends PickleDict {}

/** A text that two keys share if they are equal to Python, as `1`, `1.0` and `True` are. */
function tagOf(key: PickleValue): string | undefined {
  if (key === null) return "None";
  switch (typeof key) {
    case "boolean":
    case "number":
      return Number.isNaN(key) ? undefined : String(Number(key) + 0);
    case "bigint":
      return key.toString(16) + "n";
  }
  return key instanceof Uint8Array ? `b${key.toHex()}` : undefined;
}

function twice(key: string): SyntaxError {
  return new SyntaxError(`a dict has the key ${key.slice(0, 100)} twice`);
}
