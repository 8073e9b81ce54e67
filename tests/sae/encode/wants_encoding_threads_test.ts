/** When threads share the encoding of several SAEs. */
import assert from "node:assert/strict";
import {
  type EncodingWork,
  wantsEncodingThreads,
} from "../../../lib/sae/encode/wants_encoding_threads.ts";

function work(
  saes: number,
  options: { questions?: number; isMeasured?: boolean; featureCount?: number } = {},
): EncodingWork {
  const { questions = 3000, isMeasured = false, featureCount = 10_006 } = options;
  const shape = { featureCount, width: 768 };
  return { questions, shapes: Array.from({ length: saes }, () => shape), isMeasured };
}

const cpu = (threads: number) => ({ runtime: { backend: "cpu", threads } }) as const;

Deno.test("threads share the encoding of several large SAEs by native code on two cores and more", () => {
  assert(wantsEncodingThreads(work(12), cpu(16)));
  assert(wantsEncodingThreads(work(2), cpu(2)));
  assert(
    wantsEncodingThreads(work(2, { isMeasured: true }), cpu(4)),
    "with statistics from four on",
  );
});

Deno.test("they do not where there is one core, the work is little, an SAE is read by range, features are measured on few, or nothing native encodes", () => {
  assert(!wantsEncodingThreads(work(12), cpu(1)), "one core");
  assert(!wantsEncodingThreads(work(12, { featureCount: 22_000 }), cpu(16)), "more than 64 MiB");
  assert(!wantsEncodingThreads(work(1), cpu(16)), "one SAE");
  assert(!wantsEncodingThreads(work(12, { questions: 60 }), cpu(16)), "few questions");
  assert(!wantsEncodingThreads(work(12, { isMeasured: true }), cpu(3)), "statistics on few cores");
  assert(!wantsEncodingThreads(work(12), { runtime: { backend: "wasm", threads: 16 } }), "wasm");
});
