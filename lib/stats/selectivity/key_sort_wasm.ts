/**
 * The sort of `key_sort.ts` in WebAssembly, whose loops do not ask whether an index is within an array.
 *
 * @module
 */
import { moduleOf } from "../../wasm/assembler.ts";
import { distributeCode } from "./key_distribute_wasm.ts";
import { findTiesCode, insertCode } from "./key_insert_wasm.ts";
import { leadByBitsCode, leadBySizeCode, leadCode, leadingBits } from "./key_lead_wasm.ts";
import { fetchCode, listTiesCode, settleCode } from "./key_settle_wasm.ts";
import { orderCode } from "./key_order_wasm.ts";
import { BLOCK, READ_LENGTH, readCode, readKeys } from "./key_read_wasm.ts";
import { DIGIT_BITS, DIGITS, FEW, type KeySort, type ReadKeys } from "./key_sort.ts";

/** With fewer leading bits than these, too many keys would seem equal. */
const LEAST_LEADING = 16;

/** Keys are numbers of so many bits. */
const KEY_BITS = 32;
/** After so many steps a value, to put those in order that seem equal is no longer the faster way. */
const LONGEST_WAY = 8;

/** So many ties are few. */
const FEW_TIES = 32;
/** So much of all leading bits is used by activations: the rest is for what rounding adds. */
const FULL = 0.99;

/** Where everything stands, in bytes. */
interface Layout {
  readonly bits: number;
  readonly questions: number;
  readonly keys: number;
  readonly otherQuestions: number;
  readonly otherKeys: number;
  readonly leads: number;
  readonly otherLeads: number;
  readonly histograms: number;
  readonly read: number;
  readonly ties: number;
  readonly bytes: number;
}

/** What reads a column, and sorts a few keys. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  read(end: number): void;
  order(end: number): void;
  insert(end: number): void;
  findTies(end: number): void;
}

/** What sorts more of them. */
interface OfMany {
  leadByBits(end: number, lowest: number, shift: number): void;
  leadBySize(end: number, least: number, scale: number): void;
  lead(end: number): void;
  settle(end: number, mostSteps: number): void;
  listTies(end: number): void;
  fetchQuestions(end: number): void;
  fetchKeys(end: number): void;
  distribute(end: number, lowest: number, shift: number): void;
}

/** The code that sorts many keys, in a memory that is there: sparse columns do not need it. */
function codeOfMany(memory: WebAssembly.Memory, layout: Layout, leading: number): OfMany {
  const functions = {
    leadByBits: leadByBitsCode(layout, leading),
    leadBySize: leadBySizeCode(layout, leading),
    lead: leadCode(layout, leading),
    settle: settleCode(layout, leading),
    listTies: listTiesCode(layout, leading, { ties: layout.ties, most: FEW_TIES }),
    fetchQuestions: fetchCode(layout, leading, layout.questions, layout.otherQuestions),
    fetchKeys: fetchCode(layout, leading, layout.keys, layout.otherKeys),
    distribute: distributeCode(layout),
  };
  const module = new WebAssembly.Module(moduleOf(functions, layout.bytes, true));
  return new WebAssembly.Instance(module, { "": { memory } }).exports as unknown as OfMany;
}

/** The sort for columns of so many questions; undefined where the code is not known. */
export function wasmKeySort(questionCount: number): KeySort | undefined {
  const row = 4 * BLOCK * Math.ceil(questionCount / BLOCK); // what is read is filled up with 0
  const layout: Layout = {
    bits: 0,
    questions: row,
    keys: 2 * row,
    otherQuestions: 3 * row,
    otherKeys: 4 * row,
    leads: 5 * row,
    otherLeads: 6 * row,
    histograms: 7 * row,
    read: 7 * row + 8 * DIGITS,
    ties: 7 * row + 8 * DIGITS + 4 * READ_LENGTH,
    bytes: 7 * row + 8 * DIGITS + 4 * (READ_LENGTH + FEW_TIES),
  };
  if (layout.bytes >= 2 ** 31) return undefined;
  const leading = leadingBits(questionCount);
  const functions = {
    read: readCode(layout),
    order: orderCode(layout),
    insert: insertCode(layout),
    findTies: findTiesCode(layout),
  };
  const bytes = moduleOf(functions, layout.bytes);
  if (!WebAssembly.validate(bytes)) return undefined;
  const { memory, ...ofFew } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    .exports as unknown as Exports;
  const buffer = memory.buffer as ArrayBuffer;
  const wholes = (at: number, length = questionCount) => new Int32Array(buffer, at, length);
  const found = wholes(layout.read, READ_LENGTH);
  const [questions, keys] = [wholes(layout.questions), wholes(layout.keys)];
  const [otherQuestions, otherKeys] = [wholes(layout.otherQuestions), wholes(layout.otherKeys)];
  const places = wholes(layout.otherLeads);
  let madeOfMany: OfMany | undefined;
  const ofMany = () => madeOfMany ??= codeOfMany(memory, layout, leading);
  /** Whether a few keys are in order. */
  let isOrdered = false;
  /** Where the leads are in order, the keys are not until someone asks: so many bytes of them. */
  let led = 0;

  const tied = wholes(layout.ties, FEW_TIES);
  /** The ties among what has been led, if they are few. */
  function listTies(): ArrayLike<number> | undefined {
    ofMany().listTies(led);
    return found[0]! < FEW_TIES ? tied.slice(0, found[0]) : undefined;
  }

  /** Mostly the leading bits of the keys alone put all in order but for a few; if not, nothing is lost. */
  function lead({ count, lowest, highest }: ReadKeys): boolean {
    const code = ofMany();
    const least = floatOf(lowest);
    const most = floatOf(highest);
    const scale = Math.fround(2 ** leading * FULL / (most - least));
    // Between a number below 0 and one above, most bits tell apart what is near 0.
    if (least < 0 && most > 0 && scale < Infinity) code.leadBySize(4 * count, least, scale);
    else {
      const bits = KEY_BITS - Math.clz32(highest - lowest);
      code.leadByBits(4 * count, lowest, Math.max(0, bits - leading));
    }
    code.lead(4 * count);
    code.settle(4 * count, Math.min(LONGEST_WAY * count, 0x7fffffff));
    return found[0] === 1;
  }

  /** Puts a few keys in order, if no two of them are equal. */
  function order(count: number): boolean {
    ofFew.order(4 * count);
    return found[0] === count * (count - 1) / 2;
  }

  return {
    column: new Float32Array(buffer, layout.bits, questionCount),
    read() {
      ofFew.read(row);
      return readKeys(found);
    },
    sort(read) {
      const { count, lowest } = read;
      led = 0;
      isOrdered = count < FEW && order(count);
      if (isOrdered) return { questions: otherQuestions, hasTies: false };
      if (count >= FEW && leading >= LEAST_LEADING && lead(read)) {
        led = 4 * count;
        const hasTies = found[1] === 1;
        const ties = hasTies ? listTies() : NO_TIES;
        if (count === questionCount) return { questions: places, hasTies, ties };
        ofMany().fetchQuestions(led);
        return { questions: otherQuestions, hasTies, ties };
      }
      // By all digits, the lower ones first: equal digits stay in order.
      if (count < FEW) ofFew.insert(4 * count);
      else for (const shift of [0, 2 * DIGIT_BITS]) ofMany().distribute(4 * count, lowest, shift);
      ofFew.findTies(4 * count);
      return { questions, hasTies: found[0] === 1 };
    },
    keys() {
      if (led > 0) ofMany().fetchKeys(led);
      return isOrdered || led > 0 ? otherKeys : keys;
    },
  };
}

const NO_TIES: ArrayLike<number> = [];
const someBits = new Int32Array(1);
const someFloat = new Float32Array(someBits.buffer);

/** The activation of a key. */
function floatOf(key: number): number {
  someBits[0] = key ^ key >> 31 & 0x7fffffff;
  return someFloat[0]!;
}
