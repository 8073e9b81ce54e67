/** Which scratch files this process has. */

/**
 * The sizes of the scratch files of a directory that are open, with a name or without one; undefined
 * where the system lists no open files.
 */
export function scratchFileSizes(directory: string): number[] | undefined {
  if (Deno.build.os !== "linux") return undefined;
  return [...Deno.readDirSync("/proc/self/fd")].flatMap(({ name }) => {
    try {
      const path = `/proc/self/fd/${name}`;
      return Deno.readLinkSync(path).startsWith(`${directory}/.scratch.`)
        ? [Deno.statSync(path).size]
        : [];
    } catch {
      return []; // that of the listing itself
    }
  });
}

/** How many there are; undefined where the system lists no open files. */
export function openScratchFiles(directory: string): number | undefined {
  return scratchFileSizes(directory)?.length;
}
