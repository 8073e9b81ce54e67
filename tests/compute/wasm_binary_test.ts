import assert from "node:assert/strict";
import { type WasmSettings, withWasmBinary } from "../../lib/compute/wasm_binary.ts";

// Those of WebGPU, of which no test of this file makes a session, so that none is compiled yet.
const BUILD = "webgpu";

Deno.test("withWasmBinary() hands over WebAssembly until it has been compiled, and gives it back", async () => {
  const settings: WasmSettings = {};
  let given: ArrayBuffer | undefined;
  const failing = withWasmBinary(settings, BUILD, () => Promise.reject(new Error("no session")));
  await assert.rejects(failing, /no session/);
  assert.deepEqual(settings, {}, "also where no session is made");

  const made = await withWasmBinary(settings, BUILD, () => {
    given = settings.wasmBinary as ArrayBuffer;
    assert.ok(WebAssembly.validate(given));
    return Promise.resolve("a session");
  });
  assert.equal(made, "a session");
  assert.equal(given!.byteLength, 0, "its memory is given back");
  assert.deepEqual(settings, {});

  await withWasmBinary(settings, BUILD, () => {
    assert.deepEqual(settings, {}, "it is not read once more");
    return Promise.resolve();
  });
});
