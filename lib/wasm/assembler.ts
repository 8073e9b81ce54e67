/**
 * Assembles small WebAssembly modules, of which JavaScript has no equal: two floats in one instruction.
 *
 * What an expression leaves on the stack is what the functions below are handed, so that code reads as
 * nested expressions do. Only what the kernels of this project need is known. Nothing of it is "relaxed": each
 * instruction gives the same bits on every machine.
 *
 * Format: WebAssembly Core Specification 2.0, chapter 5.
 *
 * @module
 */

/** Instructions, as bytes. */
export type Code = readonly number[];

/** One list of instructions after the other. Of long ones, it is much faster than to spread them into a literal. */
export function joined(...codes: readonly Code[]): Code {
  return ([] as number[]).concat(...codes);
}

/** The types of values. */
export const TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
/** A type of values. */
export type ValueType = keyof typeof TYPES;

/** A parameter or local variable. */
export interface Local {
  /** Its type. */
  readonly type: ValueType;
  /** Its value. */
  readonly get: Code;
  /** Sets it. */
  set(value: Code): Code;
}

/** A function of a module; its results are what it writes to memory. */
export class FunctionCode {
  /** Its types of parameters. */
  readonly parameters: readonly ValueType[];
  #body: Code = [];
  readonly #locals: ValueType[] = [];

  /**
   * Makes a function.
   *
   * @param write Gives the instructions, from the parameters and a maker of local variables.
   */
  constructor(
    parameters: readonly ValueType[],
    write: (parameters: Local[], local: (type: ValueType) => Local) => Code[],
  ) {
    this.parameters = parameters;
    const add = (type: ValueType) => {
      this.#locals.push(type);
      return localAt(parameters.length + this.#locals.length - 1, type);
    };
    this.#body = write(parameters.map((type, i) => localAt(i, type)), add).flat();
  }

  /** The function as an entry of the code section. */
  get entry(): Code {
    const locals = this.#locals.flatMap((type) => [1, TYPES[type]]);
    const code = joined(unsigned(this.#locals.length), locals, this.#body, [0x0b]);
    return joined(unsigned(code.length), code);
  }
}

/** Local variables of one type, by their names. */
export function namedLocals<Name extends string>(
  local: (type: ValueType) => Local,
  type: ValueType,
  names: readonly Name[],
): Record<Name, Local> {
  return Object.fromEntries(names.map((name) => [name, local(type)])) as Record<Name, Local>;
}

function localAt(index: number, type: ValueType): Local {
  const at = unsigned(index);
  return { type, get: [0x20, ...at], set: (value) => joined(value, [0x21], at) };
}

/**
 * The bytes of a module that exports some functions and its memory, `memory`.
 *
 * @param bytes How much memory it has, at least.
 * @param isImported Whether it has none of its own, but takes `memory` of the module "".
 */
export function moduleOf(
  functions: Readonly<Record<string, FunctionCode>>,
  bytes: number,
  isImported = false,
): Uint8Array<ArrayBuffer> {
  const names = Object.keys(functions);
  const codes = Object.values(functions);
  const types = codes.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map((type) => [TYPES[type]])),
    0,
  ]);
  const memory = [0, ...unsigned(Math.ceil(bytes / 65536))];
  const exported = names.map((name, i) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.from(joined(
    [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, types),
    isImported ? section(2, [[...text(""), ...text("memory"), 2, ...memory]]) : [],
    section(3, codes.map((_, i) => unsigned(i))),
    isImported ? [] : section(5, [memory]),
    section(7, [...exported, [...text("memory"), 2, 0]]),
    section(10, codes.map(({ entry }) => entry)),
  ));
}

function section(id: number, items: readonly Code[]): Code {
  const content = vector(items);
  return joined([id], unsigned(content.length), content);
}

function vector(items: readonly Code[]): Code {
  return joined(unsigned(items.length), items.flat());
}

function text(name: string): Code {
  return vector([...new TextEncoder().encode(name)].map((byte) => [byte]));
}

/** A whole number in LEB128. */
export function unsigned(value: number): number[] {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push(value % 0x80 | 0x80);
  return [...bytes, value];
}
