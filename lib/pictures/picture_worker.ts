/**
 * The threads that draw. They write nothing: whoever asked has the files, and removes what is unfinished
 * if the process is interrupted.
 *
 * @module
 */
import { answerRequests } from "../compute/answer_requests.ts";
import { LAYER_PICTURES } from "./all_pictures.ts";
import type { FigureFile } from "./figure_files.ts";
import { type AskedPicture, drawLayerPicture } from "./layer_pictures.ts";

/** A picture that is to be drawn. */
export interface PictureRequest {
  /** Where it is to be written. */
  readonly directory: string;
  /** Its recipe, by the name of its file: the recipe itself is code. */
  readonly file: string;
  /** What it shows. */
  readonly asked: AskedPicture;
}

answerRequests<void, PictureRequest, readonly FigureFile[]>({
  async answer({ directory, file, asked }) {
    const recipe = LAYER_PICTURES.find((each) => each.file === file)!;
    return { answer: await drawLayerPicture(directory, recipe, asked) };
  },
  atOnce: 2, // a picture is drawn by this thread and then encoded by another
});
