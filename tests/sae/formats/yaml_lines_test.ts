import assert from "node:assert/strict";
import { plainYamlLines } from "../../../lib/sae/formats/yaml_lines.ts";
import { inputError } from "../../support/input_errors.ts";

Deno.test("plainYamlLines() reads plain lines, without quotes and comments", () => {
  const text = "a: hook_resid_mid\nb: \"mlp.hook_in\" # read\nc: 'x y'  \r\nd: 1\n# e: 2\nf: a#b\n";
  const lines = [...plainYamlLines(text, "config.yaml")];
  assert.deepEqual(lines, [
    ["a", "hook_resid_mid"],
    ["b", "mlp.hook_in"],
    ["c", "x y"],
    ["d", "1"],
    ["f", "a#b"],
  ]);
});

Deno.test("plainYamlLines() skips what is nested, listed or no text", () => {
  const text = "d_model:\n  value: 29\nlist:\n- a: 1\nflow: {a: 1}\nanchor: &x y\nblock: |\n";
  assert.equal(plainYamlLines(text, "config.yaml").size, 0);
});

Deno.test("plainYamlLines() refuses a key that stands there twice", () => {
  assert.throws(
    () => plainYamlLines("a: 1\na: 2\n", "config.yaml"),
    inputError(/config\.yaml says a twice: 1 and 2/),
  );
});
