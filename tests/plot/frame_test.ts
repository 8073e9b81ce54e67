import assert from "node:assert/strict";
import { frame } from "../../lib/plot/frame.ts";
import { contains, overlap } from "../../lib/plot/box.ts";
import { textBox } from "../../lib/plot/text.ts";

const PAGE = { width: 400, height: 300 };
const parts = { title: ["A title", "(and what it says)"], titleSize: 14 };

function draw(caption: string[], title: string[] = parts.title) {
  const { marks, box } = frame({ ...parts, title, caption }, PAGE);
  return { texts: marks.filter((mark) => mark.kind === "text"), box };
}

Deno.test("frame() leaves a box between title and caption that neither reaches into", () => {
  const { texts, box } = draw(["model gpt2", "500 questions per relation"]);
  assert.deepEqual(texts.map(({ text }) => text), [
    ...parts.title,
    "model gpt2 · 500 questions per relation",
  ]);
  for (const mark of texts) assert(!overlap(textBox(mark), box));
});

Deno.test("frame() breaks a long caption into lines, and loses none of it", () => {
  const caption = Array.from({ length: 20 }, (_, i) => `part number ${i}`);
  const { texts, box } = draw(caption);
  const lines = texts.slice(2).map(({ text }) => text);
  assert(lines.length > 2);
  assert.equal(lines.join(" "), caption.join(" · "));
  assert(box.height < draw([]).box.height);
});

Deno.test("frame() makes a wide title smaller, and breaks a wider one", () => {
  const page = { x: 0, y: 0, ...PAGE };
  for (const words of [8, 30]) {
    const { texts } = draw([], [Array(words).fill("title").join(" ")]);
    for (const mark of texts) assert(contains(page, textBox(mark)), mark.text);
    assert(texts[0]!.size < parts.titleSize || texts.length > 1);
  }
});
