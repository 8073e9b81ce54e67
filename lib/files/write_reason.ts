/**
 * Why something could not be written, in words.
 *
 * @module
 */
import { messageOf } from "../base/errors.ts";

/** Why something could not be written, for a reader: without the temporary names. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (error instanceof Deno.errors.NotCapable) {
    // Deno asks for all permissions before it writes to /proc, /sys, /dev and the like.
    return error.message.includes("all access")
      ? "it belongs to the operating system"
      : "this run has no permission to write there";
  }
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return "a part of the path is a file";
  }
  const { code } = error as { code?: string };
  if (code === "ENOSPC" || code === "EDQUOT") return "no space is left on the disk";
  if (code === "EROFS") return "the file system is read-only";
  // What the system was doing says nothing to a user: the names are temporary ones.
  return messageOf(error).replace(/: \w+ '.*$/, "");
}
