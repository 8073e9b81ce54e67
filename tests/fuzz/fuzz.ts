/**
 * Mutation fuzzing: damages sound files and reads them. Each reading must end with one line of an
 * `InputError`, or with what the damaged bytes say; nothing else may be thrown, and nothing may take
 * long.
 *
 *     deno task fuzz [CASES] [SEED] [FIRST]
 *
 * A case is made from the seed and its number alone: what is printed of a failure repeats it.
 */
import { InputError } from "../../lib/base/errors.ts";
import { cpuMilliseconds } from "../support/cpu_time.ts";
import { mutate, Random } from "./mutations.ts";
import { fileOf, NAME, type Subject, SUBJECTS } from "./subjects.ts";

/** The longest that a reading of these small files may take, in milliseconds of processor time. */
const MAX_MILLISECONDS = 5000;

/** What came of all cases. */
export interface FuzzReport {
  /** How many cases there were. */
  cases: number;
  /** How many were refused; the others were read. */
  refused: number;
  /** A line for each case that went wrong, with how to repeat it. */
  failures: string[];
}

/**
 * Reads damaged files.
 *
 * @param first The number of the first case. Default: 0.
 * @param onCase Told the number of each case before it is tried.
 */
export async function fuzz(
  cases: number,
  seed: number,
  { first = 0, subjects = SUBJECTS, onCase = () => {} }: {
    first?: number;
    subjects?: readonly Subject[];
    onCase?: (number: number) => void;
  } = {},
): Promise<FuzzReport> {
  const sound = new Map<Subject, unknown>();
  for (const subject of subjects) {
    sound.set(subject, await subject.read(fileOf(subject, subject.sound)));
  }
  const report: FuzzReport = { cases, refused: 0, failures: [] };
  for (let number = first; number < first + cases; number++) {
    onCase(number);
    const subject = subjects[number % subjects.length]!;
    const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
    const start = cpuMilliseconds();
    const failure = await tryCase(subject, random, sound.get(subject), report);
    const took = cpuMilliseconds() - start;
    if (failure === undefined && took < MAX_MILLISECONDS) continue;
    report.failures.push(
      `${subject.name}: ${
        failure ?? `took ${took} ms`
      } (repeat: deno task fuzz 1 ${seed} ${number})`,
    );
  }
  return report;
}

/** What went wrong, undefined for nothing. */
async function tryCase(
  subject: Subject,
  random: Random,
  expected: unknown,
  report: FuzzReport,
): Promise<string | undefined> {
  const { sound, read, judge } = subject;
  const bytes = fileOf(subject, mutate(sound, random));
  let result: unknown;
  try {
    result = await read(bytes);
  } catch (error) {
    report.refused++;
    return unfitRefusal(error);
  }
  try {
    judge(result, bytes, expected);
  } catch (error) {
    return `a wrong result was taken for right: ${error}`;
  }
}

function unfitRefusal(error: unknown): string | undefined {
  if (!(error instanceof InputError)) return `${error instanceof Error ? error.stack : error}`;
  const { message } = error;
  if (message.includes(NAME) && !/[\n\r]/.test(message) && message.length <= 2000) return;
  return `an unfit line: ${message}`;
}

if (import.meta.main) {
  const [cases = 1_000_000, seed = Date.now() % 1e9, first = 0] = Deno.args.map(Number);
  if (![cases, seed, first].every(Number.isSafeInteger)) {
    console.error("error: expected whole numbers: deno task fuzz [CASES] [SEED] [FIRST]");
    Deno.exit(2);
  }
  console.log(`${cases} cases from number ${first} on, seed ${seed}`);
  const report = await fuzz(cases, seed, {
    first,
    // So that the last line tells which case hangs.
    onCase: (number) => number % 10_000 === 0 && console.log(`case ${number}`),
  });
  for (const failure of report.failures) console.log(failure);
  console.log(`${report.cases} cases: ${report.refused} refused, ${report.failures.length} wrong`);
  Deno.exit(report.failures.length > 0 ? 1 : 0);
}
