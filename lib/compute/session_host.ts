/**
 * The side of a thread that has sessions of ONNX Runtime for whoever asked for them: it makes one, runs what it
 * is given, and gives it back, one thing after the other.
 *
 * @module
 */
import { InputError, messageOf } from "../base/errors.ts";
import { unpackNativeRuntimeInto } from "./native_runtime.ts";
import { createOrtSession, type OrtSession } from "./ort_session.ts";
import type { SessionAnswer, SessionCall } from "./session_thread_messages.ts";

/** Says an answer, and hands over the memory of outputs with it. */
export type SayAnswer = (answer: SessionAnswer, moved: Transferable[]) => void;

/** Has the sessions of a thread, by their numbers. */
export class SessionHost {
  #sessions = new Map<number, OrtSession>();
  #last: Promise<void> = Promise.resolve();

  /**
   * Does what it is told, once all that it was told before is done.
   *
   * @param say Is given what came of it; it never fails.
   */
  hear(call: SessionCall, say: SayAnswer): void {
    this.#last = this.#last.then(async () => {
      const answer = await this.#do(call).catch((error): SessionAnswer => ({
        failure: messageOf(error),
        advice: error instanceof InputError ? error.advice : undefined,
      }));
      const outputs = "outputs" in answer ? Object.values(answer.outputs!) : [];
      say(answer, outputs.map(({ buffer }) => buffer));
    });
  }

  /** Settled once all that it was told is done; it never fails. */
  get idle(): Promise<void> {
    return this.#last;
  }

  async #do(call: SessionCall): Promise<SessionAnswer> {
    if ("open" in call) {
      const { backend, threads, spins, model, folder, libraries } = call.open;
      if (libraries !== undefined) unpackNativeRuntimeInto(libraries);
      const placed = { folder, weights: new Map(), read: () => Promise.resolve([]) };
      this.#sessions.set(
        call.of,
        await createOrtSession({ backend, threads, spins }, model, placed),
      );
      return {};
    }
    const session = this.#sessions.get(call.of);
    if ("feeds" in call) return { outputs: await session!.run(call.feeds) };
    this.#sessions.delete(call.of); // there is none if it could not be made
    await session?.release();
    return {};
  }
}
