/** A thread of a pool for tests: writes to a file, and says what came of it. */
import { answerRequests } from "../../lib/compute/answer_requests.ts";

answerRequests<void, string, string>({
  answer(path) {
    try {
      Deno.writeTextFileSync(path, "");
      return { answer: "done" };
    } catch (error) {
      return { answer: (error as Error).constructor.name };
    }
  },
});
