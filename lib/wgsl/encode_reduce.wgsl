// Encodes hidden states with an SAE and reduces the activations over the questions, without ever
// storing the activations: z = W h + b, rectified or not, and per tile of questions and per feature
// the sum of z, its maximum, and how often it is above the threshold.
//
// This is what every variant of the kernel shares; lib/sae/encode_kernel.ts writes the rest, the
// entry point and its constants, for a size of tile. All matrices are padded to whole tiles, so that
// nothing branches at an edge. A tile of questions never holds questions of two relations; the host
// fills it up with rows that are left out here.

struct Problem {
  depth: u32, // d_model, padded
  question_stride: u32, // padded questions / 4
  feature_stride: u32, // padded features / 4
  feature_count: u32,
  first_slot: u32, // features from here on are kept for each question, too
  rectify: u32,
  threshold: f32,
}

@group(0) @binding(0) var<uniform> problem: Problem;
@group(0) @binding(1) var<storage, read> hidden: array<vec4f>; // [depth, questions / 4]
@group(0) @binding(2) var<storage, read> encoder: array<vec4f>; // [depth, features / 4]
@group(0) @binding(3) var<storage, read> bias: array<vec4f>; // [features / 4]
@group(0) @binding(4) var<storage, read> tile_sizes: array<u32>; // questions in each tile
@group(0) @binding(5) var<storage, read_write> sums: array<vec4f>; // [tiles, features / 4]
@group(0) @binding(6) var<storage, read_write> maxima: array<vec4f>; // [tiles, features / 4]
@group(0) @binding(7) var<storage, read_write> counts: array<vec4f>; // [tiles, features / 4]
@group(0) @binding(8) var<storage, read_write> slots: array<f32>; // [questions, slots]

const LOWEST = vec4f(-3.402823e38);

fn activate(z: vec4f) -> vec4f {
  return select(z, max(z, vec4f(0.0)), problem.rectify != 0u);
}

fn only(valid: bool, value: vec4f, otherwise: vec4f) -> vec4f {
  return select(otherwise, value, valid);
}

// Counts of the questions of a tile are exact in float32.
fn above(valid: bool, z: vec4f) -> vec4f {
  return select(vec4f(0.0), vec4f(1.0), (z > vec4f(problem.threshold)) & vec4<bool>(valid));
}

fn keep_slots(question: u32, feature4: u32, valid: bool, z: vec4f) {
  let feature = feature4 * 4u;
  if (!valid || feature + 3u < problem.first_slot || feature >= problem.feature_count) {
    return;
  }
  keep_slot(question, feature, z.x);
  keep_slot(question, feature + 1u, z.y);
  keep_slot(question, feature + 2u, z.z);
  keep_slot(question, feature + 3u, z.w);
}

fn keep_slot(question: u32, feature: u32, z: f32) {
  if (feature >= problem.first_slot && feature < problem.feature_count) {
    let slot_count = problem.feature_count - problem.first_slot;
    slots[question * slot_count + feature - problem.first_slot] = z;
  }
}
