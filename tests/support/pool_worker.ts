/** A thread of a pool for tests: squares numbers, fails, or dies. */
import { timed } from "../../lib/base/work_log.ts";
import { answerRequests } from "../../lib/compute/worker_pool.ts";

let add = NaN;

answerRequests<{ add: number }, { square?: number; fail?: true; die?: true }, number>({
  setUp(setup) {
    add = setup.add;
  },
  async answer({ square, fail, die }) {
    timed("hash", () => {}); // for who watches
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
