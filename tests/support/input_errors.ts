/** What a failure that the user can mend must look like. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/errors.ts";

/**
 * For `assert.throws` and `assert.rejects`: an `InputError` of one line.
 *
 * @param message The whole message, or what it must match.
 */
export function inputError(message: string | RegExp): (error: unknown) => true {
  return (error) => {
    assert(error instanceof InputError, `expected an InputError, not ${error}`);
    assert(!error.message.includes("\n"), `expected one line, not ${error.message}`);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  };
}

/** The same, when only the file that it names and a part of what it says matter. */
export function inputErrorNaming(file: string, problem: string): (error: unknown) => true {
  return (error) => {
    inputError(/./)(error);
    const { message } = error as InputError;
    assert(message.includes(file), `"${message}" does not name ${file}`);
    assert(message.includes(problem), `"${message}" does not say "${problem}"`);
    return true;
  };
}
