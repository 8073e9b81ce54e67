import assert from "node:assert/strict";
import { movesOfAnalyze, readingMoves } from "../../tools/reading_moves.ts";

/** The most files that a reader is to open; twenty-two it were before SAEs of other formats. */
const MOST = 30;

const FILES = new Map(Object.entries({
  "a.ts": `
import { type B, second, Third } from "./rooms/b.ts";
import { elsewhere } from "./not_read.ts";

export async function first(): Promise<void> {
  const third = new Third(); // second() is read later
  second(own());
  elsewhere();
  second(third.step());
}

function own(): number {
  return 1;
}
`,
  "rooms/b.ts": `
/** It does not call own(). */
export function second(x: number): number {
  return inner(x);
}

function inner(x: number): number {
  return x;
}

export class Third {
  constructor() {
    inner(1);
  }

  step(): number {
    return this.#more();
  }

  #more(): number {
    return inner(2);
  }
}
`,
}));

Deno.test("readingMoves() are the files opened, each function where it is called first", () => {
  assert.deepEqual(readingMoves(FILES, { file: "a.ts", name: "first" }), [
    { from: "a.ts", file: "rooms/b.ts", name: "Third" },
    { from: "a.ts", file: "rooms/b.ts", name: "second" },
    { from: "a.ts", file: "rooms/b.ts", name: "step" },
  ]);
});

Deno.test("who reads how analyze works need not open many files", () => {
  const moves = movesOfAnalyze();
  assert(moves.some(({ file }) => file === "lib/analysis/layer.ts"), "it comes to the layers");
  assert(moves.length <= MOST, moves.map(({ from, file }) => `${from} > ${file}`).join("\n"));
});
