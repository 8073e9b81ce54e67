/**
 * The thread of {@linkcode SessionThread}: it makes a session and runs what it is given.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { unpackNativeRuntimeInto } from "./native_runtime.ts";
import { createOrtSession, type OrtSession } from "./ort_session.ts";
import type { SessionAnswer, SessionCall } from "./session_thread_messages.ts";
import { talk } from "./thread_talk.ts";

let session: OrtSession | undefined;

async function answer(call: SessionCall): Promise<SessionAnswer> {
  if ("open" in call) {
    const { threads, spins, model, folder, libraries } = call.open;
    if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
    const placed = { folder, weights: new Map(), read: () => Promise.resolve([]) };
    session = await createOrtSession({ backend: "cpu", threads, spins }, model, placed);
    return {};
  }
  if ("feeds" in call) return { outputs: await session!.run(call.feeds) };
  await session?.release();
  return {};
}

if ("DedicatedWorkerGlobalScope" in globalThis) {
  Reflect.deleteProperty(globalThis, "location"); // ONNX Runtime would take this for a web page's
  let last: Promise<void> = Promise.resolve();
  const say = talk((data: SessionCall) => {
    last = last.then(async () => {
      const given: SessionAnswer = await answer(data)
        .catch((error) => ({
          failure: messageOf(error),
          advice: error instanceof InputError ? error.advice : undefined,
        }));
      const moved = "outputs" in given
        ? Object.values(given.outputs!).map(({ buffer }) => buffer)
        : [];
      say(given, moved);
    });
  });
}
