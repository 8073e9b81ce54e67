import assert from "node:assert/strict";
import { type Observer, PhaseClock, SILENT } from "../../lib/base/observer.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("PhaseClock passes everything on, in order", () => {
  const heard: unknown[] = [];
  const clock = new PhaseClock(listener(heard));
  clock.phase("reading inputs");
  clock.phase("SAEs", 12, "layers");
  clock.progress(1);
  clock.note("so far");
  clock.warn("beware", { kind: "force" });
  clock.done("results", "layer 0", ["numbers of layer 0"]);
  clock.stop();
  assert.deepEqual(heard, [
    ["phase", "reading inputs", undefined, undefined],
    ["phase", "SAEs", 12, "layers"],
    ["progress", 1],
    ["note", "so far"],
    ["warn", "beware", { kind: "force" }],
    ["done", "results", "layer 0", ["numbers of layer 0"]],
  ]);
});

Deno.test("PhaseClock measures each phase up to the next, in the order they began", () => {
  using time = new FakeClock();
  const clock = new PhaseClock(SILENT);
  clock.phase("reading inputs");
  time.pass(1.25);
  clock.phase("SAEs");
  time.pass(3);
  clock.stop();
  assert.deepEqual(Object.entries(clock.seconds), [["reading inputs", 1.25], ["SAEs", 3]]);
});

Deno.test("PhaseClock adds to a phase that comes again", () => {
  using time = new FakeClock();
  const clock = new PhaseClock(SILENT);
  for (const [name, seconds] of [["encode", 1], ["write", 10], ["encode", 2]] as const) {
    clock.phase(name);
    time.pass(seconds);
  }
  clock.stop();
  assert.deepEqual(clock.seconds, { encode: 3, write: 10 });
});

Deno.test("PhaseClock does not count the time before, between and after the phases", () => {
  using time = new FakeClock();
  const clock = new PhaseClock(SILENT);
  time.pass(100);
  clock.phase("SAEs");
  time.pass(1);
  clock.stop();
  time.pass(100);
  clock.stop();
  assert.deepEqual(clock.seconds, { SAEs: 1 });
});

Deno.test("PhaseClock rounds to milliseconds", () => {
  using time = new FakeClock();
  const clock = new PhaseClock(SILENT);
  clock.phase("SAEs");
  time.pass(0.0126);
  clock.stop();
  assert.deepEqual(clock.seconds, { SAEs: 0.013 });
});

/** An observer that writes down what it hears. */
function listener(heard: unknown[]): Observer {
  return {
    phase: (...heardOf) => heard.push(["phase", ...heardOf]),
    progress: (done) => heard.push(["progress", done]),
    note: (message) => heard.push(["note", message]),
    warn: (message, advice) => heard.push(["warn", message, advice]),
    done: (...heardOf) => heard.push(["done", ...heardOf]),
  };
}
