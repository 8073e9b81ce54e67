import assert from "node:assert/strict";
import { watchWork, type WorkSpan } from "../../lib/base/work_log.ts";
import { warmUp } from "../../lib/pictures/warm_up.ts";

Deno.test("warmUp() draws, and is not taken for work", async () => {
  const spans: WorkSpan[] = [];
  using _watching = watchWork((span) => spans.push(span));
  await warmUp();
  assert.deepEqual(spans, []);
});
