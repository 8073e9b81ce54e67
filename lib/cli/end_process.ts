/**
 * Ends a process in whose other threads native code may be at work.
 *
 * @module
 */

/** Ends the process with an exit code. */
export type EndProcess = (code: number) => never;

/** The library with the C function `_exit`, by the names of `Deno.build.os`. */
const LIBRARIES: Readonly<Partial<Record<typeof Deno.build.os, string>>> = {
  linux: "libc.so.6",
  darwin: "libSystem.dylib",
};

/**
 * Makes what ends the process at once, by the C function `_exit`.
 *
 * Workaround: `Deno.exit()` has the system destroy what ONNX Runtime's library keeps in static
 * variables, while another thread may still be making a session of it: the process then dies of
 * SIGSEGV, and its exit code is lost. To see it, return `Deno.exit` here, and interrupt `states` with
 * a model of gigabytes in its first seconds, some ten times: one exit code is 139. To be deleted when
 * Deno can exit without that (https://github.com/microsoft/onnxruntime/issues/24579 says why ONNX Runtime cannot help it).
 *
 * @returns `Deno.exit` where there is no such function, or it may not be called for want of the
 * permission `--allow-ffi`: then there is no native code either.
 */
export function prepareToEnd(): EndProcess {
  const library = LIBRARIES[Deno.build.os];
  if (library === undefined) return Deno.exit;
  try {
    const { symbols } = Deno.dlopen(library, { _exit: { parameters: ["i32"], result: "void" } });
    return (code) => {
      dispatchEvent(new Event("unload")); // what a process leaves behind is removed then
      symbols._exit(code);
      throw new Error("the process went on");
    };
  } catch {
    return Deno.exit;
  }
}
