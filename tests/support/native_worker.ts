/**
 * As `native_job.ts`, as a script of a binary: both threads take themselves for ones of it, and the
 * one that computes may write nowhere but where the other has made room for it.
 */
import { defineCommand } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/process.ts";

Object.defineProperty(Deno, "build", { value: { ...Deno.build, standalone: true } });

const job = defineCommand({
  name: "job",
  summary: "Computes.",
  options: {},
  examples: [],
  run: async () => void await import("./native_job.ts"),
});

if (import.meta.main) await runCommand(job, import.meta.url);
