/**
 * The threads that read. They write nothing: they hash, check, decode and try out.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { answerRequests } from "../compute/answer_requests.ts";
import { arraysOf, poolPart } from "../sae/encode/pool_task.ts";
import { checkApart } from "../sae/encode/apart.ts";
import { decodePart, finishDecoded } from "../sae/decode_task.ts";
import { readEncoderAgain, readSide, type SaeSource } from "./reading_sae.ts";
import { hashPath, readCheckpoint, type ReadingAnswer, type ReadingRequest } from "./reading.ts";

answerRequests<void, ReadingRequest, ReadingAnswer>({
  async answer(request) {
    if ("hash" in request) return { answer: await hashPath(request.hash) };
    if ("check" in request) {
      const again = (source: unknown) => readEncoderAgain(source as SaeSource);
      return { answer: await timed("check", () => checkApart(request.check, again)) };
    }
    if ("decode" in request) {
      const answer = timed("check", () => decodePart(request.decode));
      return { answer, transfer: answer.sums === undefined ? [] : [answer.sums.buffer] };
    }
    if ("finish" in request) {
      const answer = timed("check", () => finishDecoded(request.finish));
      return { answer, transfer: [answer.buffer] };
    }
    if ("pool" in request) {
      const answer = timed("check", () => poolPart(request.pool));
      const { reductions, kept, columns } = answer;
      const others = columns === undefined ? [kept.buffer] : [kept.buffer, columns.buffer];
      return { answer, transfer: [...arraysOf(reductions), ...others] };
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
