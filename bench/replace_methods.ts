/**
 * Puts methods of Deno's WebGPU classes in the place of others, so that whoever uses WebGPU is watched: coact
 * or ONNX Runtime. It has to be done before a device is opened.
 *
 * @module
 */

// deno-lint-ignore no-explicit-any -- any method of any class is replaced by one that calls it
export type Method = (...args: any[]) => unknown;

/** Replaces methods on the prototypes of Deno's classes. */
export function replaceMethods(
  classes: Readonly<Record<string, readonly string[]>>,
  wrap: (method: Method, name: string) => Method,
): void {
  for (const [className, names] of Object.entries(classes)) {
    const { prototype } = (globalThis as unknown as Record<string, { prototype: object }>)[
      className
    ]!;
    const methods = prototype as Record<string, Method>;
    for (const name of names) methods[name] = wrap(methods[name]!, name);
  }
}
