import assert from "node:assert/strict";
import { OnnxGraph } from "../../lib/compute/onnx_graph.ts";
import { SessionThread } from "../../lib/compute/session_thread.ts";
import { inputError } from "../support/input_errors.ts";

/** Doubles two numbers, or, by another operator, squares them. */
async function doubling(operator: "Add" | "Mul" = "Add"): Promise<Uint8Array> {
  const graph = new OnnxGraph("doubling");
  const x = graph.input("x", "float32", [2]);
  graph.output(graph.node(operator, [x, x], { output: "y" }), "float32", [2]);
  return await graph.encode();
}

function feeds(...values: number[]) {
  return { x: { data: Float32Array.from(values), shape: [values.length] } };
}

Deno.test("SessionThread runs what it is given, in order, and says what fails", async () => {
  using thread = SessionThread.start()!;
  const session = await thread.open({
    backend: "cpu",
    threads: 1,
    model: await doubling(),
    folder: "",
  });
  const runs = [feeds(1, 2), feeds(1, 2, 3), feeds(5, 7)].map((each) => session.run(each));
  const [first, second, third] = await Promise.allSettled(runs);
  assert.deepEqual(first, { status: "fulfilled", value: { y: Float32Array.of(2, 4) } });
  assert.equal(second!.status, "rejected");
  inputError(/^ONNX Runtime on cpu failed: /)((second as PromiseRejectedResult).reason);
  assert.equal((second as PromiseRejectedResult).reason.advice?.kind, "another_device");
  assert.deepEqual(third, { status: "fulfilled", value: { y: Float32Array.of(10, 14) } });
  await session.release();
});

Deno.test("SessionThread runs each of several sessions for whoever made it", async () => {
  using thread = SessionThread.start()!;
  const opening = { backend: "cpu", threads: 1, folder: "" } as const;
  const double = await thread.open({ ...opening, model: await doubling() });
  const square = await thread.open({ ...opening, model: await doubling("Mul") });
  const runs = [double, square, double].map((session) => session.run(feeds(3, 5)));
  assert.deepEqual(
    await Promise.all(runs),
    [[6, 10], [9, 25], [6, 10]].map((numbers) => {
      return { y: Float32Array.from(numbers) };
    }),
  );
  await double.release();
  assert.deepEqual(await square.run(feeds(1, 2)), { y: Float32Array.of(1, 4) });
  await square.release();
});

Deno.test("SessionThread says what ONNX Runtime refuses, and that it has ended", async () => {
  const thread = SessionThread.start()!;
  const model = Uint8Array.of(1, 2, 3);
  const opening = { backend: "cpu", threads: 1, model, folder: "" } as const;
  await assert.rejects(thread.open(opening), inputError(/^ONNX Runtime on cpu failed: /));
  thread[Symbol.dispose]();
  await assert.rejects(thread.open(opening), inputError(/^the thread of ONNX Runtime has ended$/));
});

Deno.test("a SessionThread that is ended while it runs is an error, not a hang", async () => {
  const thread = SessionThread.start()!;
  const session = await thread.open({
    backend: "cpu",
    threads: 1,
    model: await doubling(),
    folder: "",
  });
  const running = session.run(feeds(1, 2));
  thread[Symbol.dispose]();
  await assert.rejects(running, inputError(/^the thread of ONNX Runtime has ended$/));
  await session.release(); // whoever gives it back need not know
});
