/**
 * The stack of a pickle that is being read, and the memo of what may stand in it again; both with a
 * bound on how much they hold.
 *
 * @module
 */
import { OpaqueValue, PickleDict, PickleSet, type PickleValue } from "./pickle_values.ts";

/**
 * How many values a pickle may make: a bound on memory, far above what a checkpoint needs. What its
 * calls copy counts as well, since a few bytes can give them the same list again and again.
 */
const MAX_VALUES = 2_000_000;
/** How many characters of a text that a call is given, or that is a key, count as one value. */
const CHARACTERS_PER_VALUE = 4;
/** How many values an integer of over 53 bits counts as if it is a key: it has to be made a text. */
const VALUES_PER_BIGINT_KEY = 4;

/** A mark on the stack: the values after it belong together. */
const MARK: unique symbol = Symbol("mark");

/** The stack and the memo. Every method throws a `SyntaxError` where they do not hold what it needs. */
export class PickleStack {
  #stack: (PickleValue | typeof MARK)[] = [];
  /** By index. An array, because the hashes of a Map's numbers can be foreseen. */
  #memo: PickleValue[] = [];
  #memoized = 0;
  #values = 0;

  /** Adds items to the list on top; to what is opaque, none. */
  append(items: PickleValue[]): void {
    const list = this.top();
    if (list instanceof OpaqueValue) return;
    if (!Array.isArray(list)) throw new SyntaxError("items for a list meet something else");
    for (const item of items) list.push(item);
  }

  /** Adds members to the set on top, likewise. */
  addItems(items: PickleValue[]): void {
    const set = this.top();
    if (set instanceof OpaqueValue) return;
    if (!(set instanceof PickleSet)) throw new SyntaxError("items for a set meet something else");
    for (const item of items) set.members.push(item);
  }

  /** Sets items of the dict on top, likewise: key, value, key, value. */
  setItems(items: PickleValue[]): void {
    const dict = this.top();
    if (dict instanceof OpaqueValue) return;
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) {
      throw new SyntaxError("items for a dict meet something else");
    }
    for (let i = 0; i < items.length; i += 2) {
      this.#count(keySize(items[i]!));
      dict.set(items[i]!, items[i + 1]!);
    }
  }

  /** Puts a value on top. */
  push(value: PickleValue): void {
    this.#count(1);
    this.#stack.push(value);
  }

  /** Counts a value that a call is given, and may copy. */
  countCopy(value: PickleValue): void {
    this.#count(sizeOf(value));
  }

  #count(values: number): void {
    this.#values += values;
    if (this.#values > MAX_VALUES) throw new SyntaxError(`it holds over ${MAX_VALUES} values`);
  }

  /** Takes the value on top. */
  pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  /** The value on top. */
  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) throw new SyntaxError("the stack is empty");
    return value as PickleValue;
  }

  /** Takes so many values; the last is the one that was on top. */
  popMany(count: number): PickleValue[] {
    const values = Array.from({ length: count }, () => this.pop());
    return values.reverse();
  }

  /** Takes the values after the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark === -1) throw new SyntaxError("a mark is missing");
    const values = this.#stack.splice(mark + 1) as PickleValue[];
    this.#stack.pop();
    return values;
  }

  /** Puts a mark on top. */
  mark(): void {
    this.#stack.push(MARK);
  }

  /** Takes what is on top, a value or a mark. */
  drop(): void {
    if (this.#stack.pop() === undefined) throw new SyntaxError("the stack is empty");
  }

  /** Keeps the value on top, by a number. Default: how many there are already. */
  memoize(index: number = this.#memoized): void {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_VALUES) {
      throw new SyntaxError("a memo is malformed");
    }
    if (this.#memo[index] === undefined) this.#memoized++;
    this.#memo[index] = this.top();
  }

  /** Puts what was kept by a number on top. */
  recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) throw new SyntaxError(`memo ${index} is missing`);
    this.push(value);
  }
}

/** How many values a call copies at most, if it is given this. */
function sizeOf(value: PickleValue): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof PickleDict) return value.size;
  return value instanceof PickleSet ? value.members.length : keySize(value);
}

/** What it costs to look at all of a key: one text can be the key of a million dicts. */
function keySize(key: PickleValue): number {
  if (typeof key === "bigint") return VALUES_PER_BIGINT_KEY;
  const isLong = typeof key === "string" || key instanceof Uint8Array;
  return isLong ? Math.floor(key.length / CHARACTERS_PER_VALUE) : 0;
}
