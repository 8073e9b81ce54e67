/** Which scratch files this process has. */

/**
 * The sizes of the scratch files of a directory that are open, with a name or without one; undefined
 * where the system lists no open files.
 */
export function scratchFileSizes(directory: string): number[] | undefined {
  if (Deno.build.os !== "linux") return undefined;
  // Deno itself may look into /proc with every permission only
  const open = `find /proc/${Deno.pid}/fd -lname "$0/.scratch.*" -exec stat -L -c %s {} +`;
  const { stdout } = new Deno.Command("sh", { args: ["-c", open, directory] }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").map(Number);
}

/** How many there are; undefined where the system lists no open files. */
export function openScratchFiles(directory: string): number | undefined {
  return scratchFileSizes(directory)?.length;
}
