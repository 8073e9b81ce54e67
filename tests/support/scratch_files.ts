/** Which scratch files this process has. */

/**
 * How many scratch files of a directory are open, with a name or without one; undefined where the
 * system lists no open files.
 */
export function openScratchFiles(directory: string): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  return [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith(`${directory}/.scratch.`);
    } catch {
      return false; // that of the listing itself
    }
  }).length;
}
