/**
 * Pictures as data: a picture is a function from numbers to a {@linkcode Figure}, a list of marks in
 * points, which can be looked into, and drawn as PNG, SVG or PDF.
 *
 * The parts: a page with title and caption (`frame`), a heatmap with axes and colour bar within it
 * (`panel`), colour maps and scales, heatmaps, numbers in cells, names along sides. A picture of
 * one's own:
 *
 * @example
 * ```ts
 * import {
 *   colorMap,
 *   encodeFigure,
 *   type Figure,
 *   frame,
 *   heatmap,
 *   nameColumns,
 *   outline,
 *   panel,
 *   sequentialScale,
 * } from "@coact/coact/plot";
 *
 * function differences(values: Float32Array, names: string[]): Figure {
 *   const size = { width: 400, height: 300 };
 *   const title = ["How far relations lie apart"];
 *   const page = frame({ title, titleSize: 14, caption: ["layer 6"] }, size);
 *   const scale = sequentialScale(colorMap("viridis"), values, 0);
 *   const print = { size: 9 };
 *   const { marks, box } = panel({
 *     rowNames: names,
 *     rowTitle: "Relation",
 *     columnAxis: (width) => nameColumns(names.map((text) => ({ text })), print, width),
 *     columnTitle: "Relation",
 *     scale,
 *     valueTitle: "Distance",
 *     print: { names: print, titles: { size: 11 }, numbers: print },
 *   }, page.box);
 *   const rows = names.length;
 *   const view = { values, rows, stride: rows, columns: { start: 0, end: rows } };
 *   return {
 *     title: title.join(),
 *     ...size,
 *     marks: [...page.marks, ...marks, outline(box), heatmap(view, scale, box)],
 *   };
 * }
 *
 * const figure = differences(Float32Array.of(0, 2, 2, 0), ["Birth Date", "Birth City"]);
 * const png = await encodeFigure(figure, { format: "png", dpi: 150 });
 * console.log(png.length > 1000);
 * ```
 *
 * @module
 */
export * from "./axes.ts";
export * from "./band.ts";
export * from "./box.ts";
export * from "./cell_marks.ts";
export * from "./cell_numbers.ts";
export * from "./color_bar.ts";
export * from "./color_map.ts";
export * from "./color_scale.ts";
export * from "./encode.ts";
export * from "./figure.ts";
export { lackingLetters } from "./fonts.ts";
export * from "./frame.ts";
export * from "./heatmap.ts";
export * from "./names.ts";
export * from "./number_axis.ts";
export * from "./panel.ts";
export * from "./scatter.ts";
export * from "./text.ts";
