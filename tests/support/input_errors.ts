/** What a failure that the user can mend must look like. */
import assert from "node:assert/strict";
import { describeProblem } from "../../lib/cli/advice.ts";
import { InputError } from "../../lib/base/errors.ts";

/**
 * For `assert.throws` and `assert.rejects`: an `InputError` of which the terminal shows one line.
 *
 * @param message The whole line, with what to do about it, or what it must match.
 */
export function inputError(message: string | RegExp): (error: unknown) => true {
  return (error) => {
    assert(error instanceof InputError, `expected an InputError, not ${error}`);
    const line = describeProblem(error);
    assert(!line.includes("\n"), `expected one line, not ${line}`);
    if (typeof message === "string") assert.equal(line, message);
    else assert.match(line, message);
    return true;
  };
}

/** The same, when only the file that it names and a part of what it says matter. */
export function inputErrorNaming(file: string, problem: string): (error: unknown) => true {
  return (error) => {
    inputError(/./)(error);
    const line = describeProblem(error as InputError);
    assert(line.includes(file), `"${line}" does not name ${file}`);
    assert(line.includes(problem), `"${line}" does not say "${problem}"`);
    return true;
  };
}
