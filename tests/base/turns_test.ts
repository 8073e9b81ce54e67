import assert from "node:assert/strict";
import { Turns } from "../../lib/base/turns.ts";

/** Work that ends when it is told to, and what has begun so far. */
function workplace() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  const work = (name: string) => async () => {
    begun.push(name);
    const end = Promise.withResolvers<void>();
    ends.set(name, end);
    await end.promise;
    return name;
  };
  return { begun, work, end: (name: string) => ends.get(name)!.resolve() };
}

Deno.test("two pieces of work go on at a time; the first that ends, whichever it is, makes room", async () => {
  const { begun, work, end } = workplace();
  const turns = new Turns(2);
  const [, b, c] = ["a", "b", "c"].map((name) => turns.take(work(name)));
  assert.deepEqual(begun, ["a", "b"]);
  end("b");
  assert.equal(await b, "b");
  assert.deepEqual(begun, ["a", "b", "c"]);
  end("c");
  assert.equal(await c, "c");
});

Deno.test("of what waits, long work begins first, and else what came first", async () => {
  const { begun, work, end } = workplace();
  const turns = new Turns(1);
  const waiting = ["a", "b", "c", "d"].map((name) => turns.take(work(name), name >= "c"));
  for (const [i, name] of ["a", "c", "d", "b"].entries()) {
    assert.equal(begun[i], name);
    end(name);
    await waiting["abcd".indexOf(name)];
  }
});

Deno.test("work that fails makes room, too, and its error comes to who asked", async () => {
  const turns = new Turns(1);
  const failing = turns.take(() => Promise.reject(new Error("broken")));
  const next = turns.take(() => Promise.resolve(3));
  await assert.rejects(failing, /broken/);
  assert.equal(await next, 3);
});
