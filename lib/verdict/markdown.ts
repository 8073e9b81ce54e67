/**
 * Sections as Markdown.
 *
 * @module
 */
import { markdownText } from "../base/markdown_text.ts";
import type { Section, Table } from "./section.ts";

/**
 * A page of sections.
 *
 * @param names Names that come from files, as they stand in the sections: what is a sign of Markdown or a
 * line end in them is none on the page.
 */
export function markdownOf(
  title: string,
  sections: readonly Section[],
  names: readonly string[] = [],
): string {
  const plain = plainNames(names);
  const parts = sections.map(({ heading, sentences, tables }) =>
    [
      `## ${heading}`,
      ...paragraphs(sentences.map(plain)),
      ...tables.map((each) => tableText(each, plain)),
    ]
      .join("\n\n")
  );
  return `${[`# ${title}`, ...parts].join("\n\n")}\n`;
}

/** Writes names as they are read, with signs of Markdown and unseen characters as text. */
function plainNames(names: readonly string[]): (text: string) => string {
  const shown = names.map((name) => [name, markdownText(name)] as const)
    .filter(([name, text]) => name !== text && /[\p{L}\p{N}]/u.test(name))
    .sort(([a], [b]) => b.length - a.length);
  return (text) => shown.reduce((each, [name, plain]) => each.replaceAll(name, () => plain), text);
}

/** Neighbouring items of a list stand together. */
function paragraphs(sentences: readonly string[]): string[] {
  const texts: string[] = [];
  for (const sentence of sentences) {
    const isItem = sentence.startsWith("- ");
    if (isItem && texts.at(-1)?.startsWith("- ")) texts.push(`${texts.pop()}\n${sentence}`);
    else texts.push(sentence);
  }
  return texts;
}

function tableText({ caption, head, rows }: Table, plain: (text: string) => string): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => escaped(plain(cell))).join(" | ")} |`;
  const rule = `|${head.map(() => " --- |").join("")}`;
  return [`*${caption}*`, "", line(head), rule, ...rows.map(line)].join("\n");
}

/** A bar would end the cell; names come from files. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/[\r\n]+/g, " ");
}
