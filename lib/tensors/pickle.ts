/**
 * Reads Python pickles as data. Nothing is ever called or constructed on the pickle's behalf: the
 * names in it are looked up in a fixed table of meanings, and what comes of any other name is an
 * opaque value of which only the name is known.
 *
 * Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
 *
 * @module
 */

import { PickleReader } from "./pickle_reader.ts";
import {
  OpaqueValue,
  PickleDict,
  PickleGlobal,
  PickleNamespace,
  PickleSet,
  type PickleValue,
} from "./pickle_values.ts";

/** What the names in a pickle mean. What comes of any other is opaque. */
export interface PickleMeanings {
  /** The full names that mean something when they are called. */
  readonly names: ReadonlySet<string>;
  /** The value that Python would get by calling `path`; undefined for one that is opaque. */
  reduce(path: string, args: PickleValue[]): PickleValue | undefined;
  /** The value behind a persistent id. */
  persistent(id: PickleValue): PickleValue;
}

/**
 * How many values a pickle may make: a bound on memory, far above what a checkpoint needs. What its
 * calls copy counts as well, since a few bytes can give them the same list again and again.
 */
const MAX_VALUES = 2_000_000;
/** How many characters of a text that a call is given, or that is a key, count as one value. */
const CHARACTERS_PER_VALUE = 4;
/** How many values an integer of over 53 bits counts as if it is a key: it has to be made a text. */
const VALUES_PER_BIGINT_KEY = 4;
/** The longest module and the longest name that mean anything, in characters. */
const MAX_NAME_LENGTH = 200;

/** A mark on the stack: the values after it belong together. */
const MARK: unique symbol = Symbol("mark");

/**
 * Reads a pickle of protocol 0 to 5. A dict that a pickle sets the same key of twice, a malformed
 * tensor and their like are errors wherever they are; objects that are not understood are none.
 *
 * @throws {SyntaxError} If it is damaged, can be read in two ways, or holds too much.
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
        return this.#push(this.#reader.textOrBytes(this.#reader.uint32()));
      case "U": // SHORT_BINSTRING
        return this.#push(this.#reader.textOrBytes(this.#reader.byte()));
      case "S": // STRING
        return this.#push(this.#reader.quotedLine());
      case "B": // BINBYTES
        return this.#push(this.#reader.take(this.#reader.uint32()));
      case "C": // SHORT_BINBYTES
        return this.#push(this.#reader.take(this.#reader.byte()));
      case "\x8e": // BINBYTES8
        return this.#push(this.#reader.take(this.#reader.uint64()));
      case "\x96": // BYTEARRAY8
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
        return this.#append([item]);
      }
      case "e": // APPENDS
        return this.#append(this.#popToMark());
      case "}": // EMPTY_DICT
        return this.#push(new PickleDict());
      case "d": { // DICT
        const items = this.#popToMark();
        this.#push(new PickleDict());
        return this.#setItems(items);
      }
      case "s": // SETITEM
        return this.#setItems(this.#popMany(2));
      case "u": // SETITEMS
        return this.#setItems(this.#popToMark());
      case "\x8f": // EMPTY_SET
        return this.#push(new PickleSet());
      case "\x90": // ADDITEMS
        return this.#addItems(this.#popToMark());
      case "\x91": // FROZENSET
        return this.#push(new PickleSet(this.#popToMark()));
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
      case "\x82": // EXT1: a name by its number in a registry of the process that wrote it
        return this.#mentionExtension(this.#reader.byte());
      case "\x83": // EXT2
        return this.#mentionExtension(this.#reader.uint16());
      case "\x84": // EXT4
        return this.#mentionExtension(this.#reader.int32());
      case "R": // REDUCE
      case "\x81": { // NEWOBJ
        const [callable, args] = this.#popMany(2);
        return this.#call(callable!, args!);
      }
      case "\x92": { // NEWOBJ_EX: with keywords, which nothing that has a meaning takes
        const [callable, args, keywords] = this.#popMany(3);
        const isPlain = keywords instanceof PickleDict && keywords.size === 0;
        return this.#call(isPlain ? callable! : opaque(callable!), args!);
      }
      case "i": { // INST
        const [module, name] = [this.#reader.line(), this.#reader.line()];
        const args = this.#popToMark();
        return this.#call(globalOf(module, name), args);
      }
      case "o": { // OBJ
        const [callable = null, ...args] = this.#popToMark();
        return this.#call(callable, args);
      }
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
    this.#push(globalOf(module, name));
  }

  #mentionExtension(code: number): void {
    this.#push(new PickleGlobal(`copyreg extension ${code}`));
  }

  #call(callable: PickleValue, args: PickleValue): void {
    const isName = callable instanceof PickleGlobal;
    if (!(isName || callable instanceof OpaqueValue) || !Array.isArray(args)) {
      throw new SyntaxError("it calls something that is no name");
    }
    const { path } = callable;
    if (!isName || !this.#meanings.names.has(path)) return this.#push(new OpaqueValue(path));
    for (const arg of args) this.#count(sizeOf(arg));
    this.#push(this.#meanings.reduce(path, args) ?? new OpaqueValue(path));
  }

  /** The state of an object: attributes beside its content, which no reader of weights needs. */
  #build(): void {
    const state = this.#pop();
    const object = this.#top();
    if (object instanceof PickleNamespace) {
      if (!(state instanceof PickleDict)) throw new SyntaxError("a namespace is malformed");
      return this.#setItems([...state].flat());
    }
    const isKnown = typeof object !== "object" || object === null || Array.isArray(object) ||
      [PickleDict, PickleSet, PickleGlobal, OpaqueValue].some((kind) => object instanceof kind);
    if (!isKnown) throw new SyntaxError("it sets the state of a tensor");
  }

  #append(items: PickleValue[]): void {
    const list = this.#top();
    if (list instanceof OpaqueValue) return;
    if (!Array.isArray(list)) throw new SyntaxError("items for a list meet something else");
    for (const item of items) list.push(item);
  }

  #addItems(items: PickleValue[]): void {
    const set = this.#top();
    if (set instanceof OpaqueValue) return;
    if (!(set instanceof PickleSet)) throw new SyntaxError("items for a set meet something else");
    for (const item of items) set.members.push(item);
  }

  #setItems(items: PickleValue[]): void {
    const dict = this.#top();
    if (dict instanceof OpaqueValue) return;
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) {
      throw new SyntaxError("items for a dict meet something else");
    }
    for (let i = 0; i < items.length; i += 2) {
      this.#count(keySize(items[i]!));
      dict.set(items[i]!, items[i + 1]!);
    }
  }

  #push(value: PickleValue): void {
    this.#count(1);
    this.#stack.push(value);
  }

  #count(values: number): void {
    this.#values += values;
    if (this.#values > MAX_VALUES) throw new SyntaxError(`it holds over ${MAX_VALUES} values`);
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

/** A name as it stands in a pickle. */
function globalOf(module: unknown, name: unknown): PickleGlobal {
  // Never text made of something else: nested lists could be made into a text without end.
  if (typeof module !== "string" || typeof name !== "string") {
    throw new SyntaxError("it refers to something whose name is no text");
  }
  // Cut first, for to look up a text is to walk all of it. What is cut means nothing.
  const path = `${shortened(module)}.${shortened(name)}`;
  return new PickleGlobal(path);
}

function shortened(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH)}…`;
}

/** The same without a meaning. */
function opaque(callable: PickleValue): PickleValue {
  return callable instanceof PickleGlobal ? new OpaqueValue(callable.path) : callable;
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
