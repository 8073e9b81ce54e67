/** How long this process has been at work, which does not hang on what else the machine does. */
import process from "node:process";

/**
 * The processor time that this process has taken so far, in milliseconds: that of all its threads, in
 * its own code and in the system's. To be read twice, as `performance.now()`.
 */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
