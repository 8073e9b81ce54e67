/**
 * Sessions of ONNX Runtime in a thread of their own. Native code keeps the thread that calls it busy, so
 * that two sessions of one thread are made, and run, one after the other; of two threads, at once; and that
 * the thread that asks goes on with other work meanwhile.
 *
 * @module
 */
import { InputError } from "../base/errors.ts";
import { timed } from "../base/work_log.ts";
import type { Gpu } from "./gpu.ts";
import { failureIn } from "./gpu_failures.ts";
import { nativeDirectory } from "./native_runtime.ts";
import type { OrtSession } from "./ort_session.ts";
import type { SessionAnswer, SessionCall, SessionRequest } from "./session_thread_messages.ts";
import { type StartedThread, startWorker } from "./start_worker.ts";

/** What waits for an answer, and the GPU that its session is on. */
type Waiting = PromiseWithResolvers<Record<string, Float32Array<ArrayBuffer>>> & {
  readonly gpu: Gpu | undefined;
};

/** A thread, started before it is known what it is to run: loading its modules takes a while. */
export class SessionThread implements Disposable {
  #worker: StartedThread;
  #waiting: Waiting[] = [];
  #death: Error | undefined;
  #opened = 0;

  /** Starts one; undefined where none may be started: of modules from the web, for want of a permission. */
  static start(): SessionThread | undefined {
    const module = import.meta.resolve("./session_thread_worker.ts");
    try {
      // a binary's libraries may have to be unpacked, which is writing
      return new SessionThread(startWorker(module, Deno.build.standalone ? undefined : "draw"));
    } catch {
      return undefined;
    }
  }

  /**
   * Makes one of a thread that is there.
   *
   * @param worker A thread with a `SessionHost`, whose sessions nobody else makes.
   */
  constructor(worker: StartedThread) {
    this.#worker = worker;
    this.#worker.onmessage = ({ data }: MessageEvent<SessionAnswer>) => {
      const waiting = this.#waiting.shift();
      if ("failure" in data) waiting?.reject(errorOf(data, waiting.gpu));
      else waiting?.resolve(data.outputs ?? {});
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(`: ${event.message}`);
    };
  }

  /**
   * Makes a session there. Of several, each run is of its own; they take turns.
   *
   * @param gpu The GPU as Deno knows it, for `webgpu-native`.
   * @throws {InputError} As `createOrtSession()`.
   */
  async open(request: Omit<SessionRequest, "libraries">, gpu?: Gpu): Promise<OrtSession> {
    const of = this.#opened++;
    const call = async (call: SessionCall) => {
      const outputs = await this.#call(call, gpu);
      await gpu?.failures.check(); // not all reaches ONNX Runtime
      return outputs;
    };
    // It may be dead.
    const release = async () => void await this.#call({ of, release: true }, gpu).catch(() => {});
    await call({ of, open: { ...request, libraries: nativeDirectory() } }).catch(async (error) => {
      await release();
      throw error;
    });
    return {
      run: (feeds) => timed("language model", () => call({ of, feeds }), "session thread"),
      release,
    };
  }

  /** Ends the thread. A session is to be released before. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#end();
  }

  #end(cause = ""): void {
    this.#death ??= new InputError(`the thread of ONNX Runtime has ended${cause}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#death);
  }

  #call(
    call: SessionCall,
    gpu: Gpu | undefined,
  ): Promise<Record<string, Float32Array<ArrayBuffer>>> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    const answer = Promise.withResolvers<Record<string, Float32Array<ArrayBuffer>>>();
    this.#waiting.push({ ...answer, gpu });
    this.#worker.postMessage(call);
    return answer.promise;
  }
}

/** What a thread's failure was, which may be the GPU's. */
function errorOf(
  { failure, advice }: Extract<SessionAnswer, { failure: string }>,
  gpu: Gpu | undefined,
): InputError {
  const cause = gpu && failureIn(failure, { name: gpu.name, isNative: true });
  return cause ?? new InputError(failure, { advice });
}
