import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { InputError } from "../../lib/base/errors.ts";
import { type ScriptEntry, withRows, withTasks } from "../../tools/script_tasks.ts";

const TOP: ScriptEntry = {
  name: "top",
  kind: "pictureCommand",
  summary: "Draw layer{00}_top.png: the top.",
  file: "layer{00}_top",
  draws: true,
};
const OWN = { description: "My own words", command: "deno run --allow-all scripts/top.ts" };
const TOOL = { description: "Test", command: "deno test" };

function configOf(tasks: object): string {
  const text = JSON.stringify(tasks, null, 2).replaceAll("\n", "\n  ");
  return `{\n  "unstable": ["worker-options"],\n  "tasks": ${text}\n}\n`;
}

Deno.test("withTasks() leaves the tasks that are there in their words, order and flags", () => {
  const text = configOf({ test: TOOL, top: OWN });
  assert.equal(withTasks(text, [TOP]), text);
});

Deno.test("withTasks() gives a picture, a table and another command a task, each after its like", () => {
  const text = configOf({ top: OWN, statistics: OWN, test: TOOL });
  const scripts: ScriptEntry[] = [
    TOP,
    { ...TOP, name: "new", file: "layer{00}_new" },
    { ...TOP, name: "statistics", kind: "tableCommand", draws: false },
    { ...TOP, name: "totals", kind: "tableCommand", file: "layer{00}_totals.json", draws: false },
    { name: "ask", kind: "defineCommand", summary: "Ask.", draws: false },
  ];
  const canvas = config.tasks.dense.command.replace("dense", "new"); // what drawing is allowed
  assert.equal(
    withTasks(text, scripts),
    configOf({
      top: OWN,
      new: { description: "layer{00}_new.png again, from what is on disk", command: canvas },
      statistics: OWN,
      totals: {
        description: "layer{00}_totals.json again, from what is on disk",
        command: "deno run --no-prompt --allow-read --allow-write scripts/totals.ts",
      },
      test: TOOL,
      ask: {
        description: "Ask",
        command: "deno run --no-prompt --allow-read --allow-write scripts/ask.ts",
      },
    }),
  );
});

Deno.test("withTasks() takes out the task of a script that is gone, and no other", () => {
  const gone = { description: "Old", command: "deno run --allow-read scripts/old.ts" };
  const text = configOf({ old: gone, top: OWN, test: TOOL });
  assert.equal(withTasks(text, [TOP]), configOf({ top: OWN, test: TOOL }));
});

Deno.test("withTasks() refuses a deno.json without tasks at its end", () => {
  assert.throws(() => withTasks("{}\n", [TOP]), InputError);
});

const PAGE = `# Pictures

| task  | file            | what            |
| ----- | --------------- | --------------- |
| \`top\` | \`layer{00}_top\` | in my own words |
| \`old\` | \`layer{00}_old\` | what is gone    |
| \`all\` | \`all_layers\`    | of all layers   |

| option  | what   |
| ------- | ------ |
| \`--dpi\` | pixels |
`;

function row(name: string, kind = "picture") {
  return { name, kind, cells: [`\`${name}\``, `\`layer{00}_${name}\``, "new words"] };
}

Deno.test("withRows() adds a row after the last of its kind, and takes out that of what is gone", () => {
  const page = withRows("page.md", PAGE, [row("top"), row("new")]);
  const [added, removed] = ["| `new` | `layer{00}_new` | new words |", /^.*`old`.*\n/m];
  assert.equal(page, PAGE.replace(removed, `${added}\n`));
});

Deno.test("withRows() leaves a page alone that is complete, whatever its words are", () => {
  assert.equal(withRows("page.md", PAGE, [row("top"), row("old")]), PAGE);
});

Deno.test("withRows() refuses a row that has no like", () => {
  const rows = [row("top"), row("old"), row("new", "table")];
  assert.throws(() => withRows("page.md", PAGE, rows), /page.md has no row beside which/);
});
