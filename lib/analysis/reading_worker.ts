/**
 * The threads that read. They write nothing and compute little: they hash, check and try out.
 *
 * @module
 */
import { answerRequests } from "../compute/worker_pool.ts";
import {
  type CheckpointAnswer,
  type HashAnswer,
  hashPath,
  readCheckpoint,
  type ReadingRequest,
} from "./reading.ts";

answerRequests<void, ReadingRequest, HashAnswer | CheckpointAnswer>({
  async answer(request) {
    if ("hash" in request) return { answer: await hashPath(request.hash) };
    const answer = await readCheckpoint(request);
    const { encoder: { bias }, weight } = answer;
    return { answer, transfer: [bias.buffer, ...weight === undefined ? [] : [weight.buffer]] };
  },
});
