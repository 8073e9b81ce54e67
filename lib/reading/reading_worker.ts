/**
 * The threads that read. They write nothing and compute little: they hash, check and try out.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { answerRequests } from "../compute/answer_requests.ts";
import { checkApart } from "../sae/encode/apart.ts";
import { readSide } from "./reading_sae.ts";
import { hashPath, readCheckpoint, type ReadingAnswer, type ReadingRequest } from "./reading.ts";

answerRequests<void, ReadingRequest, ReadingAnswer>({
  async answer(request) {
    if ("hash" in request) return { answer: await hashPath(request.hash) };
    if ("check" in request) {
      return { answer: await timed("check", () => checkApart(request.check)) };
    }
    if ("side" in request) {
      const answer = await timed("read", () => readSide(request));
      return { answer, transfer: answer.rows === undefined ? [] : [answer.rows.buffer] };
    }
    const answer = await readCheckpoint(request);
    const { encoder: { bias }, weight } = answer;
    return { answer, transfer: [bias.buffer, ...weight === undefined ? [] : [weight.buffer]] };
  },
});
