/** The README is a front page, and the pages of docs/ hang together. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze } from "../scripts/analyze.ts";
import config from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => Deno.readTextFileSync(join(ROOT, path));

const PAGES = ["README.md", "SECURITY.md"].concat(
  [...Deno.readDirSync(join(ROOT, "docs"))].map(({ name }) => `docs/${name}`)
    .filter((path) => path.endsWith(".md")),
);

/** The anchor that a heading gets. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").replaceAll(" ", "-");
}

for (const page of PAGES) {
  Deno.test(`every link of ${page} leads to a file, and to a heading in it`, () => {
    for (const [, target = ""] of read(page).matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      assert(Deno.statSync(join(ROOT, file)).isFile, `${page} links to ${target}`);
      if (anchor === undefined) continue;
      const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, text]) => anchorOf(text!));
      assert(headings.includes(anchor), `${page} links to ${target}, which has ${headings}`);
    }
  });
}

Deno.test("the README takes two screens, and names every page of docs/", () => {
  const readme = read("README.md");
  assert(readme.split("\n").length <= 100);
  for (const page of PAGES.slice(1)) assert(readme.includes(`](${page})`), page);
});

Deno.test("the README has the two commands for whoever has Node.js only, in blocks of their own", () => {
  for (const task of ["demo", "test"]) {
    assert(read("README.md").includes(`\`\`\`sh\nnpx --yes deno@2.9.6 task ${task}\n\`\`\``));
  }
});

Deno.test("the pages name every option of analyze, and no task that there is not", () => {
  const text = PAGES.map(read).join("\n");
  for (const name of Object.keys(analyze.options)) assert(text.includes(`\`--${name}\``), name);
  for (const [, task = ""] of text.matchAll(/\bdeno(?:@[\d.]+)? task (?:-q )?([a-z_]+)/g)) {
    assert(Object.hasOwn(config.tasks, task), `there is no task ${task}`);
  }
});

Deno.test("the page on what can be asked for names every task", () => {
  for (const task of Object.keys(config.tasks)) {
    assert(read("docs/options.md").includes(`\`${task}\``), task);
  }
});

Deno.test("the pages name no file of the project that there is not", () => {
  const folders = "lib|scripts|tests|tools|docs|bench|demo";
  const path = new RegExp(`\`((?:${folders})/[\\w./-]+)\``, "g");
  for (const page of PAGES) {
    for (const [, named = ""] of read(page).matchAll(path)) {
      if (named.includes("/NAME.")) continue; // stands for a file that is to be written
      Deno.statSync(join(ROOT, named));
    }
  }
});
