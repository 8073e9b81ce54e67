/**
 * Numbers in words and tables: what is not 0 is not written as 0, what is not 1 not as 1, and what lies
 * beside a border not as the border.
 *
 * @module
 */

/** A number with so many digits after the point: `0.300`, `0.000` of 0 alone, `<0.001`, `>-0.001`. */
export function fixedText(value: number, digits = 3): string {
  const text = value.toFixed(digits);
  if (Number(text) !== 0) return text;
  const step = (10 ** -digits).toFixed(digits);
  return value === 0 ? text.replace("-", "") : value > 0 ? `<${step}` : `>-${step}`;
}

/** What lies nearer to a border is the border: a mean of numbers that are all ½ comes out so. */
const ROUNDING = 1e-12;

/**
 * A number that is held against borders: one that would be written as a border and is none is told from it,
 * `<0.100`, `>0.100`.
 */
export function besideText(value: number, borders: readonly number[], digits = 3): string {
  const text = fixedText(value, digits);
  const border = borders.find((each) =>
    Math.abs(value - each) > ROUNDING && text === fixedText(each, digits)
  );
  return border === undefined ? text : `${value > border ? ">" : "<"}${text}`;
}

/** Chance: an AUROC is above or below it. */
const CHANCE = 0.5;

/** An AUROC: `0.300`, `1.000` of 1 alone, `>0.999`, `0.500` of ½ alone, `<0.500`. */
export function shareText(value: number, digits = 3): string {
  const isNearly = value < 1 - ROUNDING && Number(value.toFixed(digits)) === 1;
  return isNearly ? `>${(1 - 10 ** -digits).toFixed(digits)}` : besideText(value, [CHANCE], digits);
}
