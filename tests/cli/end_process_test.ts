import assert from "node:assert/strict";

async function endWith(...flags: string[]): Promise<{ code: number; out: string }> {
  const script = new URL("../support/ends_at_once.ts", import.meta.url).pathname;
  const args = ["run", "--quiet", "--no-check", "--no-prompt", ...flags, script, "130"];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  return { code, out: new TextDecoder().decode(stdout) };
}

Deno.test({
  name: "prepareToEnd() ends by _exit, once what waits for the end has run",
  ignore: !["linux", "darwin"].includes(Deno.build.os), // others have no _exit
  fn: async () => {
    assert.deepEqual(await endWith("--allow-ffi"), { code: 130, out: "_exit\nunloaded\n" });
  },
});

Deno.test("prepareToEnd() ends by Deno.exit() where no library may be loaded", async () => {
  assert.deepEqual(await endWith(), { code: 130, out: "Deno.exit\nunloaded\n" });
});
