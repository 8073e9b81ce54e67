/**
 * As `native_job.ts`, in a worker that may write into nothing but the directory that this thread
 * has made for it. Both threads take themselves for ones of a binary.
 */
import { reserveNativeDirectory } from "../../lib/compute/native_runtime.ts";

Object.defineProperty(Deno, "build", { value: { ...Deno.build, standalone: true } });

const directory = reserveNativeDirectory()!;
const source = `
  Object.defineProperty(Deno, "build", { value: { ...Deno.build, standalone: true } });
  Object.defineProperty(Deno, "args", { value: [${JSON.stringify(directory)}] });
  await import(${JSON.stringify(import.meta.resolve("./native_job.ts"))});
  postMessage("done");
`;
const worker = new Worker(`data:application/javascript,${encodeURIComponent(source)}`, {
  type: "module",
  deno: {
    permissions: {
      read: true,
      write: [directory],
      ffi: true,
      env: ["ORT_DISABLE_TELEMETRY"],
      run: ["cat"],
      import: true,
    },
  },
});
await new Promise((resolve) => worker.onmessage = resolve);
Deno.exit(0);
