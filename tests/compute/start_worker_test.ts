import assert from "node:assert/strict";
import { boundThreads, type ThreadPermissions } from "../../lib/compute/start_worker.ts";
import { WorkerPool } from "../../lib/compute/worker_pool.ts";
import type { Asked } from "../support/pool_worker.ts";

const MODULE = import.meta.resolve("../support/pool_worker.ts");
const NAMES = ["read", "write", "net", "run", "ffi", "env", "sys"] as const;

/** What a thread of a pool may do. */
async function granted(permissions: ThreadPermissions) {
  using pool = new WorkerPool<Asked, number>(MODULE, { size: 1, permissions });
  const answers = await Promise.all(NAMES.map((may) => pool.run({ may })));
  return NAMES.filter((_, i) => answers[i] === 1);
}

Deno.test("where a program uses the library, a thread may do what this one may", async () => {
  const own = NAMES.filter((name) => Deno.permissions.querySync({ name }).state === "granted");
  assert.deepEqual(await granted("read"), own);
});

Deno.test("a thread of a command may do what it needs, and no more", async () => {
  boundThreads();
  assert.deepEqual(await granted("read"), ["read"]);
  assert.deepEqual(await granted("draw"), ["read", "ffi", "env", "sys"]);
});
