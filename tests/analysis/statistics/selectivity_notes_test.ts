import assert from "node:assert/strict";
import { notesOn } from "../../../lib/analysis/statistics/selectivity_notes.ts";

/** Each of some persons is asked about each group once, in one wording after the other. */
function notes(
  { groups, persons, wordings }: { groups: number; persons: number; wordings: number | undefined },
  areNamed = true,
): string {
  const at = Array.from({ length: groups * persons }, (_, i) => i);
  const numbered = (of: (i: number) => number, count: number) => ({
    of: Int32Array.from(at, of),
    names: Array.from({ length: count }, (_, name) => String(name)),
  });
  const personOf = (i: number) => i % persons;
  return notesOn({
    groups: Int32Array.from(at, (i) => Math.floor(i / persons)),
    groupCount: groups,
    persons: areNamed ? numbered(personOf, persons) : undefined,
    wordings: wordings === undefined
      ? undefined
      : numbered((i) => personOf(i) % wordings, wordings),
  }).join(" ");
}

Deno.test("where there is no interval, nothing is said of what intervals are over", () => {
  assert.match(
    notes({ groups: 1, persons: 30, wordings: 2 }),
    /^There is one group only: [^.]*\.$/,
  );
  assert.match(notes({ groups: 2, persons: 1, wordings: 1 }), /^There is 1 person, fewer [^.]*\.$/);
  assert.match(
    notes({ groups: 2, persons: 9, wordings: 2 }),
    /^There are 9 persons, fewer [^.]*\.$/,
  );
});

Deno.test("with few wordings intervals hold for these, from ten on they are over both", () => {
  assert.match(
    notes({ groups: 2, persons: 20, wordings: 9 }),
    /^Intervals are over persons and hold for these wordings \(9\)/,
  );
  assert.match(
    notes({ groups: 2, persons: 20, wordings: 10 }),
    /^Intervals of groups with 10 wordings and persons or more, [^.]*, are over persons and wordings\.$/,
  );
  assert.match(notes({ groups: 2, persons: 20, wordings: undefined }), /wordings .* are not known/);
});

Deno.test("where some groups have few wordings, they are not said to have all of the file's", () => {
  const at = Array.from({ length: 60 }, (_, i) => i);
  const groups = Int32Array.from(at, (i) => Math.floor(i / 20));
  const persons = { of: Int32Array.from(at, (i) => i % 20), names: at.slice(0, 20).map(String) };
  const wordings = {
    of: Int32Array.from(at, (i) => i % (groups[i] === 0 ? 5 : 12)),
    names: at.slice(0, 12).map(String),
  };
  assert.match(
    notesOn({ groups, groupCount: 3, persons, wordings }).join(" "),
    /Intervals of groups with fewer than 10 persons or wordings are over persons and hold for these wordings: nothing/,
  );
});

Deno.test("without persons' names no interval is said to be over persons, whatever the wordings", () => {
  assert.match(
    notes({ groups: 2, persons: 20, wordings: 10 }, false),
    /Intervals of groups with 10 wordings and questions or more, [^.]*, are over questions and wordings\.$/,
  );
});

Deno.test("without persons' names it is said that intervals may be too sure", () => {
  assert.match(
    notes({ groups: 2, persons: 20, wordings: 2 }, false),
    /^Not every question says whom it is about: .* too sure if persons have several\. Intervals are over questions/,
  );
});

/** The notes where persons have so many questions about each group. */
function notesWhere(counts: readonly (readonly number[])[]): string {
  const each = counts.flatMap((own, person) =>
    own.flatMap((count, group) => Array.from({ length: count }, () => ({ person, group })))
  );
  return notesOn({
    groups: Int32Array.from(each, ({ group }) => group),
    groupCount: 2,
    persons: { of: Int32Array.from(each, ({ person }) => person), names: counts.map(String) },
    wordings: undefined,
  }).join(" ");
}

const twenty = (counts: readonly number[]) => Array.from({ length: 20 }, () => counts);

Deno.test("where persons have more questions about one group than about another, p is said to be unsafe", () => {
  const asked = notesWhere;
  assert.match(
    asked([...twenty([2, 1]), ...twenty([0, 1])]),
    /20 persons have more questions .* far too small/,
  );
  // Not where some are asked more than others, or about one group alone.
  assert.doesNotMatch(asked([...twenty([1, 1]), [3, 3], [0, 2]]), /more questions/);
});

Deno.test("where they have as often more about the other group, p is said to be unsafe of other features", () => {
  for (
    const [counts, who] of [
      [[...twenty([1, 1]), [2, 1]], /1 person has more questions .* No group has more of them/],
      [
        [...twenty([2, 1]), ...twenty([1, 2])],
        /40 persons have more questions .* No group has more/,
      ],
    ] as const
  ) {
    const said = notesWhere(counts);
    assert.match(said, who);
    assert.match(
      said,
      /p is mostly right\. It can be too small for a feature that is active more often in persons/,
    );
    assert.doesNotMatch(said, /far too small/);
  }
});

Deno.test("where each person is asked about one group, and more in one than in another, p is said to be unsafe", () => {
  const one = notesWhere([...twenty([2, 0]), ...twenty([0, 1])]);
  assert.match(
    one,
    /Each person is asked about one group only, and has 1\.00 questions .* and 2\.00 in another: .* too small/,
  );
  // Not where in each group some have more questions than others.
  assert.doesNotMatch(
    notesWhere([...twenty([2, 0]), ...twenty([1, 0]), ...twenty([0, 1]), ...twenty([0, 2])]),
    /too small/,
  );
});

Deno.test("where p is unsafe, permuted labels and permuted lists are said to be, too", () => {
  const said = /permuted labels too often, and lists .* than with permuted names/;
  assert.match(notesWhere(twenty([2, 1])), said);
  assert.match(notesWhere([...twenty([2, 0]), ...twenty([0, 1])]), said);
  assert.doesNotMatch(notesWhere(twenty([1, 1])), /permuted/);
});
