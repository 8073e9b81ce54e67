/** Where the fixtures lie. */

/** The fixture with the reference's outputs. */
export const REFERENCE: string = new URL("../fixtures/reference", import.meta.url).pathname;
