/** Tests that need NumPy: skipped, and named, where it is not installed; in CI that is a failure. */

/** Looks for NumPy without loading it, which takes ten times as long. */
const FIND = "import importlib.util as u, sys; sys.exit(u.find_spec('numpy') is None)";

const PYTHON = ["/usr/bin/python3", "python3"].find(hasNumpy);

function hasNumpy(python: string): boolean {
  try {
    return new Deno.Command(python, { args: ["-c", FIND], stderr: "null" }).outputSync().success;
  } catch {
    return false; // there is no such program
  }
}

/** Registers a test that can run Python programs with NumPy imported as `np`. */
export function numpyTest(name: string, test: (python: RunPython) => Promise<void>): void {
  Deno.test({
    name,
    ignore: PYTHON === undefined && Deno.env.get("CI") === undefined,
    fn: () => test(runPython),
  });
}

/** Runs a program with `sys.argv[1:]` and returns what it prints, parsed as JSON. */
export type RunPython = (program: string, ...args: string[]) => unknown;

function runPython(program: string, ...args: string[]): unknown {
  if (PYTHON === undefined) throw new Error("NumPy is not installed");
  const { success, stdout, stderr } = new Deno.Command(PYTHON, {
    args: ["-c", `import json, sys, numpy as np\n${program}`, ...args],
  }).outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout) || "null");
}
