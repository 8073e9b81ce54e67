import assert from "node:assert/strict";
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { createOrtSession } from "../../lib/compute/ort_session.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Far more than a rest needs; WebAssembly lets nobody else have a turn in a hundred thousand. */
const MOST_RUNS = 1000;

Deno.test("OrtSession.run() lets others have their turn, however many short runs follow each other", async () => {
  const graph = new OnnxGraph("sum");
  const x = graph.input("x", "float32", ["count"]);
  graph.output(graph.node("Add", [x, x], { output: "y" }), "float32", ["count"]);
  const session = await createOrtSession({ backend: "wasm", threads: 1 }, await graph.encode());
  const feeds = { x: { data: Float32Array.of(1), shape: [1] } };
  let hadTurn = false;
  const timer = setTimeout(() => hadTurn = true, 0);
  {
    using clock = new FakeClock();
    for (let run = 0; run < MOST_RUNS && !hadTurn; run++) {
      clock.pass(1);
      await session.run(feeds);
    }
  }
  clearTimeout(timer);
  await session.release();
  assert(hadTurn, `no timer fired in ${MOST_RUNS} runs`);
});
