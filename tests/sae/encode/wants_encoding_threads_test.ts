/** When threads share the encoding of several SAEs. */
import assert from "node:assert/strict";
import {
  type EncodingWork,
  wantsEncodingThreads,
} from "../../../lib/sae/encode/wants_encoding_threads.ts";

const SHAPE = { featureCount: 10_006, width: 768 };

function work(
  saes: number,
  options: { questions?: number; isMeasured?: boolean } = {},
): EncodingWork {
  const { questions = 3000, isMeasured = false } = options;
  return { questions, shapes: Array.from({ length: saes }, () => SHAPE), isMeasured };
}

const cpu = (threads: number) => ({ runtime: { backend: "cpu", threads } }) as const;

Deno.test("threads share the encoding of several large SAEs by native code on eight cores and more", () => {
  assert(wantsEncodingThreads(work(12), cpu(16)));
  assert(wantsEncodingThreads(work(2), cpu(8)));
});

Deno.test("they do not where cores are few, the work is little, features are measured, or nothing native encodes", () => {
  assert(!wantsEncodingThreads(work(12), cpu(4)), "four cores");
  assert(!wantsEncodingThreads(work(1), cpu(16)), "one SAE");
  assert(!wantsEncodingThreads(work(12, { questions: 60 }), cpu(16)), "few questions");
  assert(!wantsEncodingThreads(work(12, { isMeasured: true }), cpu(16)), "statistics");
  assert(!wantsEncodingThreads(work(12), { runtime: { backend: "wasm", threads: 16 } }), "wasm");
});
