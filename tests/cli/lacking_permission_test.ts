import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { lackingPermission } from "../../lib/cli/lacking_permission.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function said(message: string): string {
  return lackingPermission(new Deno.errors.NotCapable(message));
}

function reading(path: string): string {
  return said(`Requires read access to "${path}", run again with the --allow-read flag`);
}

Deno.test("a file that may not be read is named, and what to allow so that the next one may be, too", () => {
  const module = `${ROOT}lib/base/errors.ts`;
  assert.equal(
    reading(module),
    `this run has no permission to read ${module}, which is a part of coact: add ${ROOT} to the paths ` +
      "of --allow-read, or name none",
  );
  assert.match(
    reading("/cache/npm/registry.npmjs.org/fonts/1.0.0/a.ttf"),
    /a\.ttf, which a library of coact needs: add \/cache\/npm\/ to/,
  );
  assert.match(reading("/usr/bin/ldd"), /read \/usr\/bin\/ldd, which coact needs: add it to/);
});

Deno.test("another permission is named, as is what it is for", () => {
  assert.equal(
    said('Requires sys access to "cpus", run again with the --allow-sys flag'),
    "this run lacks the permission sys for cpus: start it with those of its task in deno.json",
  );
  assert.match(said("Requires env access, run again with the --allow-env flag"), /permission env:/);
  assert.equal(said("no\nwords"), "this run lacks a permission: no words");
});

Deno.test("a thread that died of it is told of in the same words", () => {
  const cause = 'Requires read access to "/a/b", run again with the --allow-read flag\n  at x';
  assert.match(said(`a thread has died: Uncaught ${cause}`), /^this run has no .* read \/a\/b, /);
});

Deno.test("what Deno really says of a path is understood", async () => {
  const ask = `Deno.permissions.revokeSync({ name: "read" }); Deno.readFileSync("/a/b");`;
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", `try { ${ask} } catch (e) { console.error(e.message) }`],
  }).output();
  assert.match(said(new TextDecoder().decode(stderr)), /read \/a\/b, which coact needs/);
});
