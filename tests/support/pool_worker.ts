/** A thread of a pool for tests: squares numbers, says what it may do, fails, or dies. */
import { timed } from "../../lib/base/work_log.ts";
import { answerRequests } from "../../lib/compute/answer_requests.ts";

let add = NaN;

/** What the thread can be asked. */
export interface Asked {
  readonly square?: number;
  readonly may?: Deno.PermissionName;
  readonly fail?: true;
  readonly die?: true;
}

answerRequests<{ add: number }, Asked, number>({
  setUp(setup) {
    add = setup.add;
  },
  async answer({ square, may, fail, die }) {
    timed("hash", () => {}); // for who watches
    if (may) {
      return { answer: Number((await Deno.permissions.query({ name: may })).state === "granted") };
    }
    if (fail) throw new Error("this cannot be answered");
    if (die) {
      setTimeout(() => {
        throw new Error("it died");
      });
      return await new Promise<never>(() => {});
    }
    return { answer: square! ** 2 + add };
  },
});
