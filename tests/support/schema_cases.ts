/** What is tried of every schema of a JSON file. */
import assert from "node:assert/strict";
import type { Schema } from "../../lib/files/json.ts";

/** JSON as a test takes it apart. */
// deno-lint-ignore no-explicit-any -- a test changes fields that a type would protect
export type Json = any;

/** What a schema refuses, and how a file comes to hold it. */
export type Refused = readonly [what: string, change: (file: Json) => void][];

/** A value as it is read back from a JSON file. */
export function asRead(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

/**
 * Registers the tests of a schema.
 *
 * @param name What the file is called in the tests' names.
 * @param of The schema, a value, and the file that it is written to.
 * @param refused Changes of the file that no longer fit.
 */
export function testSchema(
  name: string,
  { schema, value, file = value }: { schema: Schema<unknown>; value: unknown; file?: unknown },
  refused: Refused,
): void {
  Deno.test(`the schema of ${name} accepts what coact writes, and gives it back`, () => {
    assert.deepEqual(schema.parse(asRead(file)), asRead(value));
  });

  Deno.test(`the schema of ${name} can be given to other tools as a JSON Schema of the file`, () => {
    const { type, properties = {} } = schema.toJSONSchema() as Json;
    assert.equal(type, "object");
    for (const field of Object.keys(properties).length === 0 ? [] : Object.keys(asRead(file))) {
      assert(Object.hasOwn(properties, field), field);
    }
  });

  for (const [what, change] of refused) {
    Deno.test(`the schema of ${name} refuses ${what}`, () => {
      const changed = asRead(file);
      change(changed);
      assert.equal(schema.safeParse(changed).success, false);
    });
  }
}

/** More names than a file has. */
export function manyNames(value: Json): Json {
  return Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`name ${i}`, value]));
}
