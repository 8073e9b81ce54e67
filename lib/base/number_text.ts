/**
 * Numbers in words and tables: what is not 0 is not written as 0, and what is not 1 not as 1.
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

/** A number from 0 to 1, an AUROC for one: `0.300`, `1.000` of 1 alone, `>0.999`. */
export function shareText(value: number, digits = 3): string {
  const isNearly = value < 1 && Number(value.toFixed(digits)) === 1;
  return isNearly ? `>${(1 - 10 ** -digits).toFixed(digits)}` : fixedText(value, digits);
}
