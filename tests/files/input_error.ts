/** What a user is to see when something is wrong with a file. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/errors.ts";

/**
 * For `assert.throws` and `assert.rejects`: the failure is one that a user can mend, told in one
 * line that names the file and says what is wrong.
 */
export function inputError(file: string, problem: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof InputError, `expected an InputError, got ${error}`);
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(error.message.includes(file), `"${error.message}" does not name ${file}`);
    assert.ok(error.message.includes(problem), `"${error.message}" does not say "${problem}"`);
    return true;
  };
}
