/**
 * How a thread talks with whoever has asked for it: with who has started it, or, where that was the process of
 * a worker ({@linkcode ThreadsForWorker}), through a port to that worker.
 *
 * @module
 */

/** What a thread is called that is to talk through a port. */
export const THROUGH_A_PORT = "through a port";

/** Says something, and hands something over with that. */
export type Say = (said: unknown, transfer?: Transferable[]) => void;

/**
 * Listens; to be called once, by the module of a thread.
 *
 * @param hear Is given what the thread is told.
 * @returns What it answers with.
 */
export function talk<Heard>(hear: (heard: Heard) => void): Say {
  const thread = globalThis as unknown as Worker & { readonly name: string };
  if (thread.name !== THROUGH_A_PORT) {
    thread.onmessage = ({ data }: MessageEvent<Heard>) => hear(data);
    return (said, transfer = []) => thread.postMessage(said, transfer);
  }
  let port: MessagePort | undefined;
  const early: [unknown, Transferable[]][] = [];
  thread.onmessage = ({ data }: MessageEvent<MessagePort>) => {
    port = data;
    port.onmessage = ({ data }: MessageEvent<Heard>) => hear(data);
    for (const [said, transfer] of early.splice(0)) port.postMessage(said, transfer);
  };
  thread.postMessage("listens"); // what is told to a thread whose modules still load is lost
  return (said, transfer = []) => {
    if (port === undefined) early.push([said, transfer]);
    else port.postMessage(said, transfer);
  };
}
