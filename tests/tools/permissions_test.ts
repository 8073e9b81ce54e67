import assert from "node:assert/strict";
import { permissionFlags } from "../../tools/permissions.ts";

Deno.test("permissionFlags() grants what the scripts may do together, and no more", () => {
  const flags = permissionFlags([
    "deno run --no-prompt --allow-read --allow-env=A,B scripts/one.ts",
    "deno run --no-prompt --allow-write=here --allow-env=B,C scripts/two.ts",
    "deno run --allow-all tools/make.ts",
    "deno fmt && deno test --allow-run",
  ]);
  assert.deepEqual(flags, [
    "--no-prompt",
    "--allow-read",
    "--allow-env=A,B,C",
    "--allow-write=here",
  ]);
});

Deno.test("permissionFlags() takes all where one script may do all", () => {
  const flags = permissionFlags([
    "deno run --allow-read=a scripts/one.ts",
    "deno run --allow-read scripts/two.ts",
    "deno run --allow-read=b scripts/three.ts",
  ]);
  assert.deepEqual(flags, ["--no-prompt", "--allow-read"]);
});
