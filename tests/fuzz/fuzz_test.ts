/** The fuzzer finds nothing in the readers, and would find it if it were there. */
import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import { fuzz } from "./fuzz.ts";
import { fuzzInProcess } from "./fuzz_in_process.ts";
import { mutate, Random } from "./mutations.ts";
import { fileOf, NAME, type Subject, SUBJECTS } from "./subjects.ts";

Deno.test("1,500 damaged files are refused in one line, or read as what they say", () =>
  fuzzInProcess(1_500, 1));

for (const subject of SUBJECTS) {
  const { name, sound, read, judge } = subject;
  Deno.test(`${name} is refused or read for what it is wherever it ends`, async () => {
    const expected = await read(fileOf(subject, sound));
    // Every length, but for the files that are long, or have to be completed by as much again.
    const step = subject.complete !== undefined ? 7 : sound.length > 10_000 ? 97 : 1;
    for (let length = 0; length < sound.length; length += step) {
      const bytes = fileOf(subject, sound.slice(0, length));
      const result = await read(bytes).catch((error: unknown) => {
        assert(error instanceof InputError, `cut at ${length}: ${error}`);
        assert(error.message.includes(NAME), error.message);
      });
      if (result !== undefined) judge(result, bytes, expected);
    }
  });
}

Deno.test("fuzz() both damages files beyond reading and leaves some to be read", async () => {
  for (const subject of SUBJECTS) {
    const { cases, refused } = await fuzz(100, 1, { subjects: [subject] });
    assert(0 < refused && refused < cases, `${subject.name}: ${refused} of ${cases} refused`);
  }
});

/** A file whose reader does this. */
function subject(read: Subject["read"]): Subject {
  const judge = (result: unknown) => assert.equal(result, "right");
  const [sound, isSound] = [
    Uint8Array.of(1, 2, 3, 4),
    (bytes: Uint8Array) => bytes.join() === "1,2,3,4",
  ];
  return {
    name: "test",
    sound,
    // deno-lint-ignore require-await -- an error is to be a rejection, not an exception
    read: async (bytes) => isSound(bytes) ? "right" : read(bytes),
    judge,
  };
}

const DEFECTS: [what: string, read: Subject["read"], message: RegExp][] = [
  ["an error of another kind", () => Promise.reject(new TypeError("oh")), /^test: TypeError: oh/],
  [
    "a wrong result",
    () => Promise.resolve("wrong"),
    /^test: a wrong result was taken for right: .*repeat: deno task fuzz 1 9 \d+\)$/s,
  ],
  [
    "a refusal that names no file",
    () => Promise.reject(new InputError("it is damaged")),
    /^test: an unfit line: it is damaged/,
  ],
];
for (const [what, read, message] of DEFECTS) {
  Deno.test(`fuzz() finds ${what}, and says how to repeat it`, async () => {
    const { failures } = await fuzz(20, 9, { subjects: [subject(read)] });
    assert.match(failures[0]!, message);
    const [, number] = /fuzz 1 9 (\d+)\)$/.exec(failures[0]!)!;
    const again = await fuzz(1, 9, { subjects: [subject(read)], first: Number(number) });
    assert.deepEqual(again.failures[0]!.slice(-20), failures[0]!.slice(-20));
  });
}

Deno.test("mutate() does the same for the same number, and leaves the sound bytes alone", () => {
  const sound = Uint8Array.from({ length: 50 }, (_, i) => i);
  const damaged = Array.from({ length: 200 }, (_, i) => mutate(sound, new Random(i)).join());
  assert.deepEqual(
    damaged,
    Array.from({ length: 200 }, (_, i) => mutate(sound, new Random(i)).join()),
  );
  assert(new Set(damaged).size > 150, "most damages differ from each other");
  assert.deepEqual(sound, Uint8Array.from({ length: 50 }, (_, i) => i));
});
