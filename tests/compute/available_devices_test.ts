import assert from "node:assert/strict";
import { availableDevices } from "../../lib/compute/available_devices.ts";

Deno.test("availableDevices() says of each device what it is, or why it is not there", async () => {
  const states = await availableDevices();
  assert.deepEqual(states.map(({ kind }) => kind), ["gpu", "cpu", "wasm"]);
  for (const { state } of states) assert(state.length > 0);
  const wasm = states.at(-1)!; // is there on every machine
  assert.match(wasm.state, /^onnxruntime-web in WebAssembly on \d+ CPU thread/);
  assert.equal(wasm.advice, undefined);
});
