/**
 * The thread of `SessionThread`: it makes a session and runs what it is given.
 *
 * @module
 */
import { SessionHost } from "./session_host.ts";
import type { SessionCall } from "./session_thread_messages.ts";
import { talk } from "./thread_talk.ts";

if ("DedicatedWorkerGlobalScope" in globalThis) {
  Reflect.deleteProperty(globalThis, "location"); // ONNX Runtime would take this for a web page's
  const host = new SessionHost();
  const say = talk((call: SessionCall) => host.hear(call, say));
}
