/**
 * Makes the job of full size where it is not there.
 *
 * @module
 */
import { statfs } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../lib/base/errors.ts";
import { exists } from "../lib/files/look.ts";

/** How much room the job takes, in bytes. */
const JOB_BYTES = 14e9;

/** What makes a job in a directory, as a command line. */
export function makingCommand(directory: string, option: string = ""): string {
  return `OMP_WAIT_POLICY=PASSIVE python3 bench/make_full_size_job.py ${directory}${option}`;
}

/** Whether a directory holds a whole job: the file that is written last is there. */
export function holdsJob(directory: string): Promise<boolean> {
  return exists(`${directory}/questions_x10.jsonl`);
}

/**
 * Makes the job of full size.
 *
 * @param python A Python with PyTorch.
 * @throws {InputError} If there is no room for it, or it could not be made.
 */
export async function makeJob(
  directory: string,
  python: string,
  log: (line: string) => void,
): Promise<void> {
  await Deno.mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize < JOB_BYTES) {
    throw new InputError(
      `${directory}: the job takes 14 GB, and ${(bavail * bsize / 1e9).toFixed(1)} GB are free; ` +
        "name another directory with --job",
    );
  }
  log(`${directory} holds no job: making it, 14 GB, as fast as the disk takes them`);
  const start = performance.now();
  const child = new Deno.Command(python, {
    args: [fileURLToPath(new URL("make_full_size_job.py", import.meta.url)), directory],
    env: { OMP_WAIT_POLICY: "PASSIVE" },
    stdout: "null",
  }).spawn();
  if (!(await child.status).success) throw new InputError(`${directory}: the job was not made`);
  log(`made the job in ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
