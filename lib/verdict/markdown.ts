/**
 * Sections as Markdown.
 *
 * @module
 */
import type { Section, Table } from "./section.ts";

/** A page of sections. */
export function markdownOf(title: string, sections: readonly Section[]): string {
  const parts = sections.map(({ heading, sentences, tables }) =>
    [`## ${heading}`, ...paragraphs(sentences), ...tables.map(tableText)].join("\n\n")
  );
  return `${[`# ${title}`, ...parts].join("\n\n")}\n`;
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

function tableText({ caption, head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  const rule = `|${head.map(() => " --- |").join("")}`;
  return [`*${caption}*`, "", line(head), rule, ...rows.map(line)].join("\n");
}

/** A bar would end the cell; names come from files. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/[\r\n]+/g, " ");
}
