// Finds the k features with the largest p of each question without ever storing p: one pass of a
// radix select. A feature has a key of two words, which grows as it comes before others: p as a whole
// number of the same order, then its own number turned round. A pass counts, question by question,
// the features whose key begins with what the passes before have found, by the next bits of the key.
// The counts are whole numbers, whose order of addition changes nothing.
//
// lib/sae/encode/select_kernel.ts writes the rest for a size of tile: the struct Problem and the entry
// point.

@group(0) @binding(0) var<uniform> problem: Problem;
@group(0) @binding(1) var<storage, read> hidden: array<vec4f>; // [depth, questions / 4]
@group(0) @binding(2) var<storage, read> encoder: array<vec4f>; // [depth, features / 4]
@group(0) @binding(3) var<storage, read> parameters: array<vec4f>; // bias: [features / 4]
@group(0) @binding(4) var<storage, read> tile_sizes: array<u32>; // questions in each tile
@group(0) @binding(5) var<storage, read> prefixes: array<vec2u>; // what is known of the k-th key
@group(0) @binding(6) var<storage, read_write> histograms: array<atomic<u32>>; // [questions, bins]

fn ordered(p: f32) -> u32 {
  let bits = select(bitcast<u32>(p), 0u, p == 0.0); // -0 is no less than 0
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

fn count_feature(question: u32, feature: u32, p: f32) {
  if (feature >= problem.features) {
    return;
  }
  let prefix = prefixes[question];
  let first = ordered(p);
  let second = ~(problem.first_feature + feature);
  let by_number = problem.word == 1u;
  let word = select(first, second, by_number);
  let known = select(prefix.x, prefix.y, by_number);
  let begins = ((word ^ known) & problem.known_bits) == 0u;
  if (!begins || (by_number && first != prefix.x)) {
    return;
  }
  let bin = (word >> problem.shift) & (problem.bins - 1u);
  atomicAdd(&histograms[question * problem.bins + bin], 1u);
}

fn count_features(question: u32, feature4: u32, valid: bool, p: vec4f) {
  if (!valid) {
    return;
  }
  count_feature(question, feature4 * 4u, p.x);
  count_feature(question, feature4 * 4u + 1u, p.y);
  count_feature(question, feature4 * 4u + 2u, p.z);
  count_feature(question, feature4 * 4u + 3u, p.w);
}
