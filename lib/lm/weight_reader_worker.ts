/**
 * The thread that reads the weights of the next stage while this one computes: native code keeps the
 * thread that calls it busy.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import type { ReadAnswer, ReadRequest } from "./weight_reader_messages.ts";
import { scanWeight } from "./weight_scan.ts";

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const thread = globalThis as unknown as Worker;
  thread.onmessage = async ({ data: { weights, wantsValues } }: MessageEvent<ReadRequest>) => {
    for (const weight of weights) {
      const { name } = weight;
      const answer: ReadAnswer = await scanWeight(weight, { wantsValues })
        .catch((error) => ({ name, failure: messageOf(error) }));
      const moved = "values" in answer && answer.values ? [answer.values.buffer] : [];
      thread.postMessage(answer, moved);
    }
  };
}
