/** The oracle values of `tests/fixtures/statistics/`, and how far from them a value may be. */
import assert from "node:assert/strict";

const FOLDER = new URL("../fixtures/statistics/", import.meta.url);

/** The cases of a file, which say themselves what they hold. */
// deno-lint-ignore no-explicit-any
export function statisticsCases(name: string): any[] {
  return JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, FOLDER))).cases;
}

/** The data of a small `.npy` file in C order, after its header. */
export function statisticsArray(name: string): ArrayBuffer {
  const bytes = Deno.readFileSync(new URL(`${name}.npy`, FOLDER));
  const start = 10 + (bytes[8]! | bytes[9]! << 8);
  return bytes.slice(start).buffer;
}

/** Asserts that a number, null, or nested lists of them are within a relative or absolute bound. */
export function assertClose(
  actual: unknown,
  expected: unknown,
  { relative, absolute = 0 }: { relative: number; absolute?: number },
  what: string = "value",
): void {
  if (Array.isArray(expected)) {
    const list = Array.from(actual as ArrayLike<unknown>);
    assert.equal(list.length, expected.length, what);
    expected.forEach((each, i) =>
      assertClose(list[i], each, { relative, absolute }, `${what} ${i}`)
    );
    return;
  }
  if (typeof expected !== "number") return assert.equal(actual, expected, what);
  const bound = Math.max(absolute, relative * Math.abs(expected));
  const isClose = typeof actual === "number" && Math.abs(actual - expected) <= bound;
  assert(isClose, `${what}: ${actual} is not within ${bound} of ${expected}`);
}
