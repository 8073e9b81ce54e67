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
import { PickleStack } from "./pickle_stack.ts";
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

/** The longest module and the longest name that mean anything, in characters. */
const MAX_NAME_LENGTH = 200;

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
  #stack = new PickleStack();

  constructor(bytes: Uint8Array, meanings: PickleMeanings) {
    this.#reader = new PickleReader(bytes);
    this.#meanings = meanings;
  }

  run(): PickleValue {
    while (true) {
      const opcode = String.fromCharCode(this.#reader.byte());
      if (opcode === ".") return this.#stack.pop();
      this.#step(opcode);
    }
  }

  /** Obeys one opcode. The letters are the opcodes' own, in the order of pickletools. */
  #step(opcode: string): void {
    const reader = this.#reader;
    const stack = this.#stack;
    switch (opcode) {
      case "\x80": // PROTO
        return reader.skip(1);
      case "\x95": // FRAME
        return reader.skip(8);
      case "I": // INT; also the booleans of protocol 0
        return stack.push(reader.decimal());
      case "L": // LONG
        return stack.push(reader.decimal());
      case "J": // BININT
        return stack.push(reader.int32());
      case "K": // BININT1
        return stack.push(reader.byte());
      case "M": // BININT2
        return stack.push(reader.uint16());
      case "\x8a": // LONG1
        return stack.push(reader.integer(reader.byte()));
      case "\x8b": // LONG4
        return stack.push(reader.integer(reader.uint32()));
      case "F": // FLOAT
        return stack.push(reader.decimalFloat());
      case "G": // BINFLOAT: big-endian, unlike all others
        return stack.push(reader.float64());
      case "N": // NONE
        return stack.push(null);
      case "\x88": // NEWTRUE
        return stack.push(true);
      case "\x89": // NEWFALSE
        return stack.push(false);
      case "X": // BINUNICODE
        return stack.push(reader.text(reader.uint32()));
      case "\x8c": // SHORT_BINUNICODE
        return stack.push(reader.text(reader.byte()));
      case "\x8d": // BINUNICODE8
        return stack.push(reader.text(reader.uint64()));
      case "V": // UNICODE
        return stack.push(reader.escapedLine());
      case "T": // BINSTRING
        return stack.push(reader.textOrBytes(reader.uint32()));
      case "U": // SHORT_BINSTRING
        return stack.push(reader.textOrBytes(reader.byte()));
      case "S": // STRING
        return stack.push(reader.quotedLine());
      case "B": // BINBYTES
        return stack.push(reader.take(reader.uint32()));
      case "C": // SHORT_BINBYTES
        return stack.push(reader.take(reader.byte()));
      case "\x8e": // BINBYTES8
        return stack.push(reader.take(reader.uint64()));
      case "\x96": // BYTEARRAY8
        return stack.push(reader.take(reader.uint64()));
      case "]": // EMPTY_LIST
      case ")": // EMPTY_TUPLE
        return stack.push([]);
      case "l": // LIST
      case "t": // TUPLE
        return stack.push(stack.popToMark());
      case "\x85": // TUPLE1
        return stack.push(stack.popMany(1));
      case "\x86": // TUPLE2
        return stack.push(stack.popMany(2));
      case "\x87": // TUPLE3
        return stack.push(stack.popMany(3));
      case "a": { // APPEND
        const item = stack.pop();
        return stack.append([item]);
      }
      case "e": // APPENDS
        return stack.append(stack.popToMark());
      case "}": // EMPTY_DICT
        return stack.push(new PickleDict());
      case "d": { // DICT
        const items = stack.popToMark();
        stack.push(new PickleDict());
        return stack.setItems(items);
      }
      case "s": // SETITEM
        return stack.setItems(stack.popMany(2));
      case "u": // SETITEMS
        return stack.setItems(stack.popToMark());
      case "\x8f": // EMPTY_SET
        return stack.push(new PickleSet());
      case "\x90": // ADDITEMS
        return stack.addItems(stack.popToMark());
      case "\x91": // FROZENSET
        return stack.push(new PickleSet(stack.popToMark()));
      case "(": // MARK
        return stack.mark();
      case "0": // POP
        return stack.drop();
      case "1": // POP_MARK
        stack.popToMark();
        return;
      case "2": // DUP
        return stack.push(stack.top());
      case "p": // PUT
        return stack.memoize(Number(reader.line()));
      case "q": // BINPUT
        return stack.memoize(reader.byte());
      case "r": // LONG_BINPUT
        return stack.memoize(reader.uint32());
      case "\x94": // MEMOIZE
        return stack.memoize();
      case "g": // GET
        return stack.recall(Number(reader.line()));
      case "h": // BINGET
        return stack.recall(reader.byte());
      case "j": // LONG_BINGET
        return stack.recall(reader.uint32());
      case "c": // GLOBAL
        return this.#mention(reader.line(), reader.line());
      case "\x93": { // STACK_GLOBAL
        const [module, name] = stack.popMany(2);
        return this.#mention(module, name);
      }
      case "\x82": // EXT1: a name by its number in a registry of the process that wrote it
        return this.#mentionExtension(reader.byte());
      case "\x83": // EXT2
        return this.#mentionExtension(reader.uint16());
      case "\x84": // EXT4
        return this.#mentionExtension(reader.int32());
      case "R": // REDUCE
      case "\x81": { // NEWOBJ
        const [callable, args] = stack.popMany(2);
        return this.#call(callable!, args!);
      }
      case "\x92": { // NEWOBJ_EX: with keywords, which nothing that has a meaning takes
        const [callable, args, keywords] = stack.popMany(3);
        const isPlain = keywords instanceof PickleDict && keywords.size === 0;
        return this.#call(isPlain ? callable! : opaque(callable!), args!);
      }
      case "i": { // INST
        const [module, name] = [reader.line(), reader.line()];
        const args = stack.popToMark();
        return this.#call(globalOf(module, name), args);
      }
      case "o": { // OBJ
        const [callable = null, ...args] = stack.popToMark();
        return this.#call(callable, args);
      }
      case "b": // BUILD
        return this.#build();
      case "P": // PERSID
        return stack.push(this.#meanings.persistent(reader.line()));
      case "Q": // BINPERSID
        return stack.push(this.#meanings.persistent(stack.pop()));
      default: {
        const code = opcode.charCodeAt(0).toString(16).padStart(2, "0");
        throw new SyntaxError(`opcode 0x${code} is not supported`);
      }
    }
  }

  #mention(module: unknown, name: unknown): void {
    this.#stack.push(globalOf(module, name));
  }

  #mentionExtension(code: number): void {
    this.#stack.push(new PickleGlobal(`copyreg extension ${code}`));
  }

  #call(callable: PickleValue, args: PickleValue): void {
    const isName = callable instanceof PickleGlobal;
    if (!(isName || callable instanceof OpaqueValue) || !Array.isArray(args)) {
      throw new SyntaxError("it calls something that is no name");
    }
    const { path } = callable;
    if (!isName || !this.#meanings.names.has(path)) return this.#stack.push(new OpaqueValue(path));
    for (const arg of args) this.#stack.countCopy(arg);
    this.#stack.push(this.#meanings.reduce(path, args) ?? new OpaqueValue(path));
  }

  /** The state of an object: attributes beside its content, which no reader of weights needs. */
  #build(): void {
    const state = this.#stack.pop();
    const object = this.#stack.top();
    if (object instanceof PickleNamespace) {
      if (!(state instanceof PickleDict)) throw new SyntaxError("a namespace is malformed");
      return this.#stack.setItems([...state].flat());
    }
    const isKnown = typeof object !== "object" || object === null || Array.isArray(object) ||
      [PickleDict, PickleSet, PickleGlobal, OpaqueValue].some((kind) => object instanceof kind);
    if (!isKnown) throw new SyntaxError("it sets the state of a tensor");
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
