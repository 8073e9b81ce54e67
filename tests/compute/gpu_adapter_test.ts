import assert from "node:assert/strict";
import { adapterName, isSoftwareAdapter } from "../../lib/compute/gpu_adapter.ts";
import { adapter } from "../support/fake_adapter.ts";

Deno.test("isSoftwareAdapter() knows programs that stand in for a GPU", () => {
  assert(isSoftwareAdapter(adapter({ isFallbackAdapter: true })));
  assert(isSoftwareAdapter(adapter({ description: "llvmpipe (LLVM 15.0.6, 256 bits)" })));
  assert(!isSoftwareAdapter(adapter({ description: "NVIDIA H200" })));
});

Deno.test("adapterName() is what a reader knows the adapter by", () => {
  assert.equal(adapterName(adapter({ vendor: "4318", description: "NVIDIA H200" })), "NVIDIA H200");
  assert.equal(adapterName(adapter({ architecture: "apple-7" })), "apple-7");
  assert.equal(adapterName(adapter({})), "unnamed adapter");
});
