import assert from "node:assert/strict";
import { ProcessThreads, type ThreadCall } from "../../lib/compute/process_threads.ts";
import type { StartedThread } from "../../lib/compute/start_worker.ts";
import { ThreadsForWorker } from "../../lib/compute/threads_for_worker.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** A worker's side and its process's, put together here. */
function together(hasNative: boolean = false): ProcessThreads {
  const calls = (call: ThreadCall) => process.do(call);
  const threads = new ProcessThreads(calls, hasNative);
  const process = new ThreadsForWorker((death) => threads.tellDeath(death), hasNative);
  return threads;
}

/** A thread's module; the program listens and says by `talk()`. */
async function moduleOf(directory: TemporaryDirectory, program: string): Promise<string> {
  const path = `${directory.path}/thread.js`;
  const talk = import.meta.resolve("../../lib/compute/thread_talk.ts");
  await Deno.writeTextFile(path, `import { talk } from "${talk}"; ${program}`);
  return `file://${path}`;
}

/** What a thread answers first. */
async function answerOf<Answer>(
  thread: StartedThread,
  asked: unknown,
  transfer: Transferable[] = [],
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  thread.onmessage = ({ data }) => resolve(data);
  thread.postMessage(asked, transfer);
  return await promise;
}

Deno.test("a thread that the process has started talks with the worker alone, and is handed what it is sent", async () => {
  using directory = new TemporaryDirectory();
  const module = await moduleOf(
    directory,
    "const say = talk((data) => { data[0]++; say(data, [data.buffer]); });",
  );
  const thread = together().start(module, "read")!;
  const sent = Float32Array.of(1, 2);
  const answer = answerOf<Float32Array>(thread, sent, [sent.buffer]);
  assert.equal(sent.length, 0);
  assert.deepEqual([...await answer], [2, 2]);
  thread.terminate();
});

Deno.test("what is said before a thread has loaded is not lost, and comes in order", async () => {
  using directory = new TemporaryDirectory();
  const module = await moduleOf(
    directory,
    "await new Promise((on) => setTimeout(on, 50)); const say = talk((data) => say(data));",
  );
  const thread = together().start(module, "read")!;
  const heard: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  thread.onmessage = ({ data }) => {
    if (heard.push(data) === 3) resolve();
  };
  for (const number of [1, 2, 3]) thread.postMessage(number);
  await promise;
  assert.deepEqual(heard, [1, 2, 3]);
  thread.terminate();
});

for (
  const [what, program, said] of [
    ["as it loads", "throw new Error('it cannot load');", /it cannot load/],
    ["later", "talk(() => { throw new Error('it is broken'); });", /it is broken/],
  ] as const
) {
  Deno.test(`whoever has started a thread is told that it dies ${what}, and of what`, async () => {
    using directory = new TemporaryDirectory();
    const thread = together().start(await moduleOf(directory, program), "read")!;
    const { promise, resolve } = Promise.withResolvers<ErrorEvent>();
    thread.onerror = (event) => {
      event.preventDefault();
      resolve(event);
    };
    thread.postMessage(1);
    assert.match((await promise).message, said);
    thread.terminate();
  });
}

Deno.test("a thread that reads may do nothing else, whoever starts it", async () => {
  using directory = new TemporaryDirectory();
  const module = await moduleOf(
    directory,
    "const say = talk(async () => say(await Promise.all(['read', 'write', 'ffi', 'run', 'net'].map(" +
      "async (name) => (await Deno.permissions.query({ name })).state === 'granted'))));",
  );
  const thread = together().start(module, "read")!;
  assert.deepEqual(await answerOf(thread, 1), [true, false, false, false, false]);
  thread.terminate();
});

Deno.test("one thread that loads native code is ready for a session, and the worker starts others itself", async () => {
  const threads = together(true);
  const session = import.meta.resolve("../../lib/compute/session_thread_worker.ts");
  const picture = import.meta.resolve("../../lib/pictures/picture_worker.ts");
  assert.equal(threads.start(picture, "draw"), undefined);
  const thread = threads.start(session, "draw")!;
  assert.equal(threads.start(session, "draw"), undefined);
  assert.equal(together(false).start(session, "draw"), undefined);
  const open = {
    of: 0,
    open: { backend: "cpu", threads: 1, model: new Uint8Array(3), folder: "" },
  };
  const { failure } = await answerOf<{ failure: string }>(thread, open);
  assert.match(failure, /ONNX Runtime on cpu failed/);
  thread.terminate();
});
