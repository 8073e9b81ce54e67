import assert from "node:assert/strict";
import { findTraces } from "../../tools/traces.ts";

const CASES: readonly [what: string, text: string, directory: string, found: boolean][] = [
  ["a path", "at /home/a/coact/lib/a.ts", "/home/a/coact/", true],
  ["a URL", "at file:///home/a/coact/lib/a.ts", "/home/a/coact", true],
  ["a path of Windows", "at D:\\a\\coact\\lib", "D:\\a\\coact\\", true],
  ["a path of Windows in JSON", '{"at":"D:\\\\a\\\\coact\\\\lib"}', "D:\\a\\coact", true],
  ["a path of Windows in a URL", "at file:///D:/a/coact/lib", "D:\\a\\coact", true],
  ["a path of letters that are several bytes", "at /home/łódź/coact", "/home/łódź/coact", true],
  ["a folder of a container in a URL", "at file:///app/lib/a.ts", "/app", true],
  ["nothing in a word", "see docs/app/index", "/app", false],
  ["nothing where another folder is named", "at /home/b/coact", "/home/a/coact", false],
];
for (const [what, text, directory, found] of CASES) {
  Deno.test(`findTraces() finds ${what}`, () => {
    const traces = findTraces(new TextEncoder().encode(`before ${text} after`), [directory]);
    assert.equal(traces.length, found ? 1 : 0);
    if (found) assert.match(traces[0]!, /^it names .+: "before at|^it names .+: "before \{/);
  });
}
