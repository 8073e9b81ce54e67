/**
 * Threads that draw pictures while the one that asks computes.
 *
 * @module
 */
import { Turns } from "../base/turns.ts";
import { WorkerPool } from "../compute/worker_pool.ts";
import type { FigureFile, PictureOptions } from "./figure_files.ts";
import { type AskedPicture, type Drawing, DRAWN_HERE } from "./layer_pictures.ts";
import { copiedLayer } from "./copied_layer.ts";
import type { PictureRequest, PictureSetup } from "./picture_worker.ts";
import type { Recipe } from "./recipe.ts";
import type { MeasuredLayer } from "./run_picture.ts";
import { type AskedSitePicture, drawSitePictures } from "./draw_site_pictures.ts";
import type { ComparedLayers } from "./summary_picture.ts";

/**
 * With fewer cores, native code has all of them while it computes, and pictures took longer so. The pictures of
 * statistics are drawn when nothing is computed any more.
 */
const FEWEST_CORES = { usual: 3, statistics: 2 } as const;
/** So many threads draw on up to twice as many cores, half of the cores on more, and no more than these. */
const THREADS = { usual: 4, most: 8 } as const;
/** With fewer dots an inch a picture is drawn before a thread has started. */
const LOWEST_DPI = 100;
/** Up to so many dots an inch, all threads draw at a time. */
const USUAL_DPI = 200;

/** What is to be drawn. */
export interface DrawingWork {
  /** How many layers. */
  readonly layerCount: number;
  /** How. */
  readonly pictures: PictureOptions;
  /** Whether PDFs of an earlier run may be drawn again. Default: no. */
  readonly redrawsPdf?: boolean;
  /** Whether pictures of statistics are drawn at the end. Default: no. */
  readonly hasStatistics?: boolean | undefined;
}

/**
 * How many threads draw: none on two cores, where one takes 25 MiB more and no less time, but one where there
 * are statistics: it draws theirs beside the thread that asks, in half a second less of 2.3. One core is left
 * to what is computed meanwhile, and from eight cores on half of them, for native code has all of them at
 * times. A thread costs a tenth of a second and 20 MiB, which pictures of one layer, or tiny ones, do not give
 * back. A picture of each thread is in memory, so that fewer threads draw where pictures are larger: together
 * no more pixels than so many pictures of 200 dots an inch, or one if it is more. PDFs are drawn by the thread
 * that asks, and all else with them: Skia numbers fonts as threads come to them, and a PDF holds these numbers.
 */
export function drawingThreadCount(
  { layerCount, pictures: { dpi = USUAL_DPI, formats }, redrawsPdf = false, hasStatistics }:
    DrawingWork,
  cores: number = navigator.hardwareConcurrency,
): number {
  const fewest = hasStatistics ? FEWEST_CORES.statistics : FEWEST_CORES.usual;
  if (cores < fewest || layerCount < 2 || dpi < LOWEST_DPI) return 0;
  if (redrawsPdf || formats?.includes("pdf")) return 0;
  const most = Math.min(THREADS.most, Math.max(THREADS.usual, Math.floor(cores / 2)));
  const inMemory = Math.max(1, Math.floor(most * (USUAL_DPI / dpi) ** 2));
  return Math.min(cores - 1, most, inMemory);
}

/**
 * Threads that draw; they start when the first picture is asked for, or ahead. Each has one picture at a
 * time; of those that wait, long ones are begun before others. Whoever makes them closes them, by `await using`,
 * or by `using` if nothing is drawn and the process goes on. Each file is the same, whatever draws it.
 */
export class DrawingThreads implements Drawing, Disposable, AsyncDisposable {
  /** How many pictures of a layer are asked for at a time. */
  readonly atOnce: number;
  /** How many threads draw; with 0, the thread that asks draws. */
  readonly count: number;
  readonly #turns: Turns;
  #pool: WorkerPool<PictureRequest, readonly FigureFile[]> | undefined;
  #starting: ReturnType<typeof setTimeout> | undefined;

  /**
   * Makes ready for what is to be drawn.
   *
   * @param work What that is, and how many threads draw it; with 0, the thread that asks draws.
   * Default: {@linkcode drawingThreadCount}.
   */
  constructor({ size, ...work }: DrawingWork & { size?: number | undefined }) {
    this.count = size ?? drawingThreadCount(work);
    this.atOnce = this.count === 0 ? DRAWN_HERE.atOnce : this.count;
    this.#turns = new Turns(this.atOnce);
    if (this.count > 0) {
      const module = import.meta.resolve("./picture_worker.ts");
      const setup: PictureSetup = { warmsUp: true };
      this.#pool = new WorkerPool(module, { size: this.count, setup, permissions: "draw" });
    }
  }

  /**
   * Starts the threads ahead, so that they load the canvas and their code meanwhile. To start one takes
   * the thread that asks some 15 ms: one after the other, so that it answers others between them.
   */
  start(): void {
    let started = 0;
    const startNext = () => {
      this.#starting = undefined;
      this.#whereAllowed(() => this.#pool?.startFor(++started));
      if (this.#pool !== undefined && started < this.count) this.#starting = setTimeout(startNext);
    };
    if (this.#pool !== undefined && this.#starting === undefined) startNext();
  }

  /**
   * Draws a picture.
   *
   * @throws {InputError} If it cannot be drawn in the resolution asked for.
   * @throws {Error} If a thread has died.
   */
  async draw(
    directory: string,
    recipe: Recipe,
    asked: AskedPicture,
  ): Promise<readonly FigureFile[]> {
    const isPdf = asked.options.formats?.includes("pdf") === true;
    const request = { directory, file: recipe.file, asked };
    const drawn = isPdf ? undefined : await this.#ask(() => ({ request }), recipe.isLong);
    return drawn ?? await DRAWN_HERE.draw(directory, recipe, asked);
  }

  /**
   * Draws pictures of a layer's statistics, which stay the caller's.
   *
   * @throws {InputError} If one cannot be drawn in the resolution asked for.
   * @throws {Error} If a thread has died.
   */
  async drawSite(
    directory: string,
    layer: MeasuredLayer,
    pictures: readonly AskedSitePicture[],
  ): Promise<readonly FigureFile[]> {
    const isPdf = pictures.some(({ options }) => options.formats?.includes("pdf"));
    if (this.#pool !== undefined && !isPdf) {
      const named = pictures.map(({ picture: { file }, options }) => ({ file, options }));
      const drawn = await this.#ask(() => {
        const { copy, buffers } = copiedLayer(layer);
        return { request: { directory, layer: copy, pictures: named }, buffers };
      });
      if (drawn !== undefined) return drawn;
    }
    return await drawSitePictures(directory, layer, pictures);
  }

  /**
   * Draws the picture of all layers, if a thread can.
   *
   * @returns Its files; none if it is for the thread that asks to draw.
   * @throws {InputError} If it cannot be drawn in the resolution asked for.
   * @throws {Error} If a thread has died.
   */
  async drawSummaryAhead(
    directory: string,
    compared: ComparedLayers,
    options: PictureOptions,
  ): Promise<readonly FigureFile[]> {
    if (options.formats?.includes("pdf")) return [];
    return await this.#ask(() => ({ request: { directory, compared, options } }), true) ?? [];
  }

  /** Asks a thread, for what is put together when its turn has come; undefined if there is none. */
  async #ask(
    asked: () => { request: PictureRequest; buffers?: readonly ArrayBuffer[] },
    isLong: boolean = false,
  ): Promise<readonly FigureFile[] | undefined> {
    if (this.#pool === undefined) return undefined;
    return await this.#turns.take(async () => {
      const { request, buffers = [] } = asked();
      return await this.#whereAllowed(() => this.#pool?.run(request, [...buffers]));
    }, isLong);
  }

  /** Does what may start threads; undefined where none may be started, as of modules from the web. */
  #whereAllowed<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.#pool = undefined;
      return undefined;
    }
  }

  /**
   * Ends the threads, once what they are at is drawn, if only to make themselves ready: a process that ends while
   * Skia draws in another thread dies of a signal, for what Skia keeps in static variables is destroyed first.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#starting);
    await this.#pool?.askEach({ rest: true });
    this[Symbol.dispose]();
  }

  /** Ends the threads at once. */
  [Symbol.dispose](): void {
    clearTimeout(this.#starting);
    this.#pool?.[Symbol.dispose]();
  }
}
