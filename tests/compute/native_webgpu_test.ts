import assert from "node:assert/strict";
import type { Gpu } from "../../lib/compute/gpu.ts";
import { GpuLostError } from "../../lib/compute/gpu_failures.ts";
import { endTrials, threadOfTrial, tryNativeWebGpu } from "../../lib/compute/native_webgpu.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** What a thread answers that runs this program. */
async function answerOf(program: string, limit: number) {
  using directory = new TemporaryDirectory();
  const module = `${directory.path}/thread.js`;
  await Deno.writeTextFile(module, program);
  return await tryNativeWebGpu({ module: `file://${module}`, limit });
}

const PATIENCE = 30_000;

Deno.test("tryNativeWebGpu() gives what its thread answers, and asks once", async () => {
  using directory = new TemporaryDirectory();
  const module = `file://${directory.path}/thread.js`;
  await Deno.writeTextFile(
    new URL(module),
    "let asked = 0; self.onmessage = () => self.postMessage({ failure: `asked ${++asked}` });",
  );
  const options = { module, limit: PATIENCE };
  const answers = await Promise.all([tryNativeWebGpu(options), tryNativeWebGpu(options)]);
  assert.deepEqual(answers, [{ failure: "asked 1" }, { failure: "asked 1" }]);
});

Deno.test("tryNativeWebGpu() does not wait for a thread that hangs", async () => {
  const { failure } = await answerOf("self.onmessage = () => { for (;;); };", 300);
  assert.equal(failure, "no answer within 0.3 s");
});

Deno.test("tryNativeWebGpu() says what a thread died of", async () => {
  const program = "self.onmessage = () => { throw new Error('the driver is gone'); };";
  assert.match((await answerOf(program, PATIENCE)).failure!, /the driver is gone/);
});

Deno.test("tryNativeWebGpu() says it if there is no such thread", async () => {
  const answer = await tryNativeWebGpu({ module: "file:///nowhere.js", limit: PATIENCE });
  assert.notEqual(answer.failure ?? "", "");
});

Deno.test("endTrials() has a trial that went well give back what it made, once", async () => {
  using directory = new TemporaryDirectory();
  const module = `file://${directory.path}/thread.js`;
  const log = `${directory.path}/log`;
  await Deno.writeTextFile(
    new URL(module),
    `self.onmessage = ({ data }) => {
      Deno.writeTextFileSync(${JSON.stringify(log)}, JSON.stringify(data), { append: true });
      self.postMessage("release" in data ? { released: true } : {});
    };`,
  );
  assert.deepEqual(await tryNativeWebGpu({ module, limit: PATIENCE }), {});
  assert.equal(await Deno.readTextFile(log), "{}", "nothing is given back unasked");
  await Promise.all([endTrials(), endTrials()]);
  await endTrials();
  assert.equal(await Deno.readTextFile(log), '{}{"release":true}');
});

Deno.test("threadOfTrial() gives the thread of a trial that went well for sessions, until it is ended", async () => {
  using directory = new TemporaryDirectory();
  const module = `file://${directory.path}/thread.js`;
  await Deno.writeTextFile(
    new URL(module),
    `const told = [];
    self.onmessage = ({ data }) => {
      if ("libraries" in data) return self.postMessage({});
      if ("endTrial" in data) return told.push("end of trial");
      if ("release" in data) return self.postMessage({ released: true });
      const { open, feeds } = data.session;
      told.push(open ? "open " + open.backend : feeds ? "run" : "release");
      const outputs = feeds && { y: Float32Array.of(told.length) };
      if (told.length === 5) self.postMessage({ session: { failure: "device lost" } });
      else self.postMessage({ session: { outputs } });
    };`,
  );
  assert.deepEqual(await tryNativeWebGpu({ module, limit: PATIENCE }), {});
  const thread = threadOfTrial()!;
  const { sessions, endTrial } = thread;
  const another = threadOfTrial()!;
  assert.equal(another.sessions, sessions, "one, which knows what is asked of it");
  const opening = {
    backend: "webgpu-native",
    threads: 1,
    model: new Uint8Array(),
    folder: "",
  } as const;
  const first = await sessions.open(opening);
  endTrial();
  assert.deepEqual(await first.run({}), { y: Float32Array.of(3) });
  const released = first.release(); // while the next one is opened
  const gpu = { name: "Card", failures: { check: () => Promise.resolve() } } as unknown as Gpu;
  await assert.rejects(sessions.open(opening, gpu), (error) => {
    assert(error instanceof GpuLostError);
    assert.match(error.message, /^The GPU Card was lost: device lost$/);
    return true;
  });
  await released;
  thread[Symbol.dispose]();
  another[Symbol.dispose]();
  await endTrials();
  assert.equal(threadOfTrial(), undefined);
});

/** A thread whose trial went well, and whose sessions run by a statement. */
function sessionsBy(run: string): string {
  return `self.onmessage = ({ data }) => {
    if ("libraries" in data) return self.postMessage({});
    if ("release" in data) return self.postMessage({ released: true });
    if (!("session" in data)) return;
    if (!("feeds" in data.session)) return self.postMessage({ session: {} });
    ${run};
  };`;
}

const OPENING = {
  backend: "webgpu-native",
  threads: 1,
  model: new Uint8Array(),
  folder: "",
} as const;

Deno.test("endTrials() lets a language model run to its end that another analysis has there", async () => {
  const later = "setTimeout(() => self.postMessage({ session: { outputs: {} } }), 200)";
  assert.deepEqual(await answerOf(sessionsBy(later), PATIENCE), {});
  const thread = threadOfTrial()!;
  const session = await thread.sessions.open(OPENING);
  let haveEnded = false;
  const ending = endTrials().then(() => haveEnded = true);
  assert.deepEqual(await session.run({}), {});
  assert.deepEqual(await session.run({}), {});
  await session.release();
  assert.equal(haveEnded, false);
  thread[Symbol.dispose]();
  await ending;
  assert.equal(threadOfTrial(), undefined);
});

Deno.test("what a thread is asked for that has to be ended is an error, not a hang", async () => {
  assert.deepEqual(await answerOf(sessionsBy("0"), PATIENCE), {});
  const thread = threadOfTrial()!;
  const session = await thread.sessions.open(OPENING);
  const running = session.run({});
  thread[Symbol.dispose]();
  await Promise.all([endTrials(), assert.rejects(running, /the thread of ONNX Runtime has ended/)]);
  await assert.rejects(thread.sessions.open(OPENING), /the thread of ONNX Runtime has ended/);
});

Deno.test("threadOfTrial() gives no thread that has died", async () => {
  assert.deepEqual(await answerOf(sessionsBy("throw new Error('no more')"), PATIENCE), {});
  const thread = threadOfTrial()!;
  const session = await thread.sessions.open(OPENING);
  await assert.rejects(session.run({}), /the thread of ONNX Runtime has ended: .*no more/);
  await session.release();
  assert.equal(threadOfTrial(), undefined);
  thread[Symbol.dispose]();
  await endTrials();
});

Deno.test("endTrials() does not wait for a thread that gives nothing back", async () => {
  await answerOf(
    "self.onmessage = ({ data }) => 'release' in data || self.postMessage({});",
    PATIENCE,
  );
  const start = performance.now();
  await endTrials();
  assert(performance.now() - start < PATIENCE);
});
