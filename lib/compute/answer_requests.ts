/**
 * How a thread of a pool answers.
 *
 * @module
 */
import { watchWork, type WorkSpan } from "../base/work_log.ts";
import { Turns } from "../base/turns.ts";
import { failureOf, type Said, type Told } from "./worker_messages.ts";
import { talk } from "./thread_talk.ts";

/** How the threads of a pool answer. */
export interface Answering<Setup, Request, Answer> {
  /** Is told what the pool's `setup` is, before any request. Default: nobody is. */
  readonly setUp?: (setup: Setup) => void;
  /** Answers a request; with `transfer`, what the pool's owner becomes the owner of. */
  readonly answer: (
    request: Request,
  ) => Replied<Answer> | Promise<Replied<Answer>>;
}

/** An answer, and what is handed over with it. */
export interface Replied<Answer> {
  /** The answer. */
  readonly answer: Answer;
  /** What changes hands. Default: nothing. */
  readonly transfer?: Transferable[];
}

/**
 * Answers a pool's requests, one after the other in the order in which they come; to be called once, by
 * the module of its threads. Outside of a worker it does nothing, so that the module can be imported for its types.
 */
export function answerRequests<Setup, Request, Answer>(
  { setUp, answer }: Answering<Setup, Request, Answer>,
): void {
  if (!("DedicatedWorkerGlobalScope" in globalThis)) return;
  const turns = new Turns(1);
  const work: WorkSpan[] = [];
  const told = () => work.length === 0 ? {} : { work: work.splice(0) };
  const say = talk((data: Told) => {
    if ("watched" in data) return void watchWork((span) => work.push(span));
    if ("setup" in data) return setUp?.(data.setup as Setup);
    const { id, request } = data;
    turns.take(async () => {
      try {
        const { answer: found, transfer = [] } = await answer(request as Request);
        say({ id, answer: found, ...told() } satisfies Said, transfer);
      } catch (error) {
        say({ id, failure: failureOf(error), ...told() } satisfies Said);
      }
    });
  });
  say({ ready: true } satisfies Said);
}
