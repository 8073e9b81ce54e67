/**
 * Reads Python pickles as data. Nothing is ever called or constructed on the pickle's behalf: the
 * names in it are looked up in a fixed table of meanings, and a name that is not there ends the
 * reading.
 *
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 *
 * @module
 */

import { PickleReader } from "./pickle_reader.ts";

/** A value that a pickle can hold. Lists and tuples are arrays, dicts and sets are `Map`, `Set`. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | PickleGlobal
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

/** What the names in a pickle mean. Whatever is not known here is refused. */
export interface PickleMeanings {
  /** The full names that may be mentioned. */
  readonly names: ReadonlySet<string>;
  /** The value that Python would get by calling `path` with `args`. */
  reduce(path: string, args: PickleValue[]): PickleValue;
  /** The value behind a persistent id. */
  persistent(id: PickleValue): PickleValue;
}

/**
 * How many values a pickle may make: a bound on memory, far above what a checkpoint needs. What its
 * calls copy counts as well, since a few bytes can give them the same list again and again.
 */
const MAX_VALUES = 2_000_000;
/** How many characters of a text that a call is given count as one value. */
const CHARACTERS_PER_VALUE = 4;
/**
 * How many keys of dicts and members of sets may be numbers. Theirs are the hashes that a stranger
 * can foresee: so many that meet in one place are a second of work, and a million of them an hour.
 */
const MAX_NUMERIC_KEYS = 20_000;
/** The longest module and the longest name that are looked up, in characters. */
const MAX_NAME_LENGTH = 200;

/** A mark on the stack: the values after it belong together. */
const MARK: unique symbol = Symbol("mark");

/**
 * Reads a pickle of protocol 0 to 5, less what only exotic objects use.
 *
 * @throws {SyntaxError} If it is damaged, uses an opcode that is not supported, or mentions a name
 * without meaning.
 */
export function parsePickle(bytes: Uint8Array, meanings: PickleMeanings): PickleValue {
  return new PickleMachine(bytes, meanings).run();
}

class PickleMachine {
  #reader: PickleReader;
  #meanings: PickleMeanings;
  #stack: (PickleValue | typeof MARK)[] = [];
  /** By index. An array, because the hashes of a Map's numbers can be foreseen. */
  #memo: PickleValue[] = [];
  #memoized = 0;
  #values = 0;
  #numericKeys = 0;

  constructor(bytes: Uint8Array, meanings: PickleMeanings) {
    this.#reader = new PickleReader(bytes);
    this.#meanings = meanings;
  }

  run(): PickleValue {
    while (true) {
      const opcode = String.fromCharCode(this.#reader.byte());
      if (opcode === ".") return this.#pop();
      this.#step(opcode);
    }
  }

  /** Obeys one opcode. The letters are the opcodes' own, in the order of pickletools. */
  #step(opcode: string): void {
    switch (opcode) {
      case "\x80": // PROTO
        return this.#reader.skip(1);
      case "\x95": // FRAME
        return this.#reader.skip(8);
      case "I": // INT; also the booleans of protocol 0
        return this.#push(this.#reader.decimal());
      case "L": // LONG
        return this.#push(this.#reader.decimal());
      case "J": // BININT
        return this.#push(this.#reader.int32());
      case "K": // BININT1
        return this.#push(this.#reader.byte());
      case "M": // BININT2
        return this.#push(this.#reader.uint16());
      case "\x8a": // LONG1
        return this.#push(this.#reader.integer(this.#reader.byte()));
      case "\x8b": // LONG4
        return this.#push(this.#reader.integer(this.#reader.uint32()));
      case "F": // FLOAT
        return this.#push(this.#reader.decimalFloat());
      case "G": // BINFLOAT: big-endian, unlike all others
        return this.#push(this.#reader.float64());
      case "N": // NONE
        return this.#push(null);
      case "\x88": // NEWTRUE
        return this.#push(true);
      case "\x89": // NEWFALSE
        return this.#push(false);
      case "X": // BINUNICODE
        return this.#push(this.#reader.text(this.#reader.uint32()));
      case "\x8c": // SHORT_BINUNICODE
        return this.#push(this.#reader.text(this.#reader.byte()));
      case "\x8d": // BINUNICODE8
        return this.#push(this.#reader.text(this.#reader.uint64()));
      case "V": // UNICODE
        return this.#push(this.#reader.escapedLine());
      case "T": // BINSTRING
        return this.#push(this.#reader.text(this.#reader.uint32()));
      case "U": // SHORT_BINSTRING
        return this.#push(this.#reader.text(this.#reader.byte()));
      case "B": // BINBYTES
        return this.#push(this.#reader.take(this.#reader.uint32()));
      case "C": // SHORT_BINBYTES
        return this.#push(this.#reader.take(this.#reader.byte()));
      case "\x8e": // BINBYTES8
        return this.#push(this.#reader.take(this.#reader.uint64()));
      case "]": // EMPTY_LIST
      case ")": // EMPTY_TUPLE
        return this.#push([]);
      case "l": // LIST
      case "t": // TUPLE
        return this.#push(this.#popToMark());
      case "\x85": // TUPLE1
        return this.#push(this.#popMany(1));
      case "\x86": // TUPLE2
        return this.#push(this.#popMany(2));
      case "\x87": // TUPLE3
        return this.#push(this.#popMany(3));
      case "a": { // APPEND
        const item = this.#pop();
        this.#list().push(item);
        return;
      }
      case "e": { // APPENDS
        const items = this.#popToMark();
        const list = this.#list();
        for (const item of items) list.push(item);
        return;
      }
      case "}": // EMPTY_DICT
        return this.#push(new Map());
      case "d": { // DICT
        const items = this.#popToMark();
        this.#push(new Map());
        return this.#setItems(items);
      }
      case "s": // SETITEM
        return this.#setItems(this.#popMany(2));
      case "u": // SETITEMS
        return this.#setItems(this.#popToMark());
      case "\x8f": // EMPTY_SET
        return this.#push(new Set());
      case "\x90": { // ADDITEMS
        const items = this.#popToMark();
        const set = this.#top();
        if (!(set instanceof Set)) throw new SyntaxError("items for a set meet something else");
        for (const item of items) {
          this.#countKey(item);
          set.add(item);
        }
        return;
      }
      case "(": // MARK
        this.#stack.push(MARK);
        return;
      case "0": // POP
        if (this.#stack.pop() === undefined) throw new SyntaxError("the stack is empty");
        return;
      case "1": // POP_MARK
        this.#popToMark();
        return;
      case "2": // DUP
        return this.#push(this.#top());
      case "p": // PUT
        return this.#memoize(Number(this.#reader.line()));
      case "q": // BINPUT
        return this.#memoize(this.#reader.byte());
      case "r": // LONG_BINPUT
        return this.#memoize(this.#reader.uint32());
      case "\x94": // MEMOIZE
        return this.#memoize(this.#memoized);
      case "g": // GET
        return this.#recall(Number(this.#reader.line()));
      case "h": // BINGET
        return this.#recall(this.#reader.byte());
      case "j": // LONG_BINGET
        return this.#recall(this.#reader.uint32());
      case "c": // GLOBAL
        return this.#mention(this.#reader.line(), this.#reader.line());
      case "\x93": { // STACK_GLOBAL
        const [module, name] = this.#popMany(2);
        return this.#mention(module, name);
      }
      case "R": // REDUCE
      case "\x81": // NEWOBJ
        return this.#reduce();
      case "b": // BUILD
        return this.#build();
      case "P": // PERSID
        return this.#push(this.#meanings.persistent(this.#reader.line()));
      case "Q": // BINPERSID
        return this.#push(this.#meanings.persistent(this.#pop()));
      default: {
        const code = opcode.charCodeAt(0).toString(16).padStart(2, "0");
        throw new SyntaxError(`opcode 0x${code} is not supported`);
      }
    }
  }

  #mention(module: unknown, name: unknown): void {
    // Never text made of something else: nested lists could be made into a text without end.
    if (typeof module !== "string" || typeof name !== "string") {
      throw new SyntaxError("it refers to something whose name is no text");
    }
    // Cut first, for to look up a text is to walk all of it.
    const path = `${module.slice(0, MAX_NAME_LENGTH)}.${name.slice(0, MAX_NAME_LENGTH)}`;
    const isWhole = path.length === module.length + 1 + name.length;
    if (!isWhole || !this.#meanings.names.has(path)) {
      throw new SyntaxError(`it refers to ${path.slice(0, 200)}, which is no tensor or plain data`);
    }
    this.#push(new PickleGlobal(path));
  }

  #reduce(): void {
    const [callable, args] = this.#popMany(2);
    if (!(callable instanceof PickleGlobal) || !Array.isArray(args)) {
      throw new SyntaxError("it calls something that is no name");
    }
    for (const arg of args) this.#count(sizeOf(arg));
    this.#push(this.#meanings.reduce(callable.path, args));
  }

  /** The state of an object: attributes beside its content, which no reader of weights needs. */
  #build(): void {
    this.#pop();
    if (!(this.#top() instanceof Map)) throw new SyntaxError("it sets the state of an object");
  }

  #setItems(items: PickleValue[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map) || items.length % 2 !== 0) {
      throw new SyntaxError("items for a dict meet something else");
    }
    for (let i = 0; i < items.length; i += 2) {
      this.#countKey(items[i]!);
      dict.set(items[i]!, items[i + 1]!);
    }
  }

  #list(): PickleValue[] {
    const list = this.#top();
    if (!Array.isArray(list)) throw new SyntaxError("items for a list meet something else");
    return list;
  }

  #push(value: PickleValue): void {
    this.#count(1);
    this.#stack.push(value);
  }

  #count(values: number): void {
    this.#values += values;
    if (this.#values > MAX_VALUES) throw new SyntaxError(`it holds over ${MAX_VALUES} values`);
  }

  #countKey(key: PickleValue): void {
    if (typeof key !== "number" && typeof key !== "bigint") return;
    if (++this.#numericKeys > MAX_NUMERIC_KEYS) {
      throw new SyntaxError(`over ${MAX_NUMERIC_KEYS} keys of its dicts and sets are numbers`);
    }
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || value === MARK) throw new SyntaxError("the stack is empty");
    return value as PickleValue;
  }

  #popMany(count: number): PickleValue[] {
    const values = Array.from({ length: count }, () => this.#pop());
    return values.reverse();
  }

  #popToMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark === -1) throw new SyntaxError("a mark is missing");
    const values = this.#stack.splice(mark + 1) as PickleValue[];
    this.#stack.pop();
    return values;
  }

  #memoize(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= MAX_VALUES) {
      throw new SyntaxError("a memo is malformed");
    }
    if (this.#memo[index] === undefined) this.#memoized++;
    this.#memo[index] = this.#top();
  }

  #recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) throw new SyntaxError(`memo ${index} is missing`);
    this.#push(value);
  }
}

/** How many values a call copies at most, if it is given this. */
function sizeOf(value: PickleValue): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === "string") return Math.floor(value.length / CHARACTERS_PER_VALUE);
  return value instanceof Map || value instanceof Set ? value.size : 0;
}
