/**
 * The thread that reads the weights of the next stage while this one computes: native code keeps the
 * thread that calls it busy.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";
import type { ReadAnswer, ReadRequest } from "./weight_reader_messages.ts";
import { scanWeight } from "./weight_scan.ts";
import { talk } from "../compute/thread_talk.ts";

if ("DedicatedWorkerGlobalScope" in globalThis) {
  const say = talk(async ({ weights, wantsValues }: ReadRequest) => {
    for (const weight of weights) {
      const { name } = weight;
      const answer: ReadAnswer = await scanWeight(weight, { wantsValues })
        .catch((error) => ({ name, failure: messageOf(error) }));
      const moved = "values" in answer && answer.values ? [answer.values.buffer] : [];
      say(answer, moved);
    }
  });
}
