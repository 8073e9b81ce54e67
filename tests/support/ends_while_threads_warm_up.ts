/**
 * A process whose threads make themselves ready to draw when it ends by an error that nobody catches, so many
 * milliseconds after they have started.
 */
import { watchWork } from "../../lib/base/work_log.ts";
import { DrawingThreads } from "../../lib/pictures/drawing_threads.ts";

const SIZE = 3;
const { promise: areThere, resolve } = Promise.withResolvers<void>();
let started = 0;
watchWork(({ kind }) => {
  if (kind === "start" && ++started === SIZE) resolve();
});
await using drawing = new DrawingThreads({ layerCount: 2, pictures: {}, size: SIZE });
drawing.start();
await areThere;
await new Promise((resolve) => setTimeout(resolve, Number(Deno.args[0])));
throw new Error("the run has failed");
