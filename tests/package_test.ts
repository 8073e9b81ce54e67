/** The package that `deno publish` would make. */
import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { ROOT } from "./support/scripts.ts";

Deno.test("the package can be published: exports, types, and no file but what it needs", () => {
  const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    // Whether everything is committed is another question; types are checked by `deno check`.
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).outputSync();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert(success, text);
  assert.doesNotMatch(text, /warning/i);
  const paths = [...text.matchAll(/ file:\/\/(\S+) \(/g)]
    .map(([, path]) => path!.slice(path!.indexOf(ROOT.replaceAll("\\", "/")) + ROOT.length + 1));
  for (const path of Object.values(config.exports)) assert(paths.includes(path.slice(2)), path);
  assert(paths.some((path) => path.endsWith(".wgsl")), "the shaders are missing");
  const others = paths.filter((path) => !/^(lib|scripts)\/|^[\w.]+$/.test(path));
  assert.deepEqual(others, []);
});
