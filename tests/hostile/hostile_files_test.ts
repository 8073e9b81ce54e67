/**
 * Files from strangers that are made to run, hang or exhaust memory, the quicker ones of each kind: the
 * soak has all of them. Smaller lies are tested beside each reader.
 */
import { QUICK } from "./hostile_files.ts";
import { testRefusals } from "./refusals.ts";

testRefusals(QUICK);
