// Encodes hidden states with an SAE and reduces the activations over the questions, without ever
// storing the activations: p = W h + b, what the SAE's activation makes of it (lib/sae/activation.ts),
// and per tile of questions and per feature what is asked for: the sum of z, its maximum, how often it
// is above the threshold, and others.
//
// This is what every variant of the kernel shares. lib/sae/encode/encode_kernel.ts writes the rest for
// a size of tile, a form of activation and a list of reductions: the struct Problem, the entry point
// and its constants. All matrices are padded to whole tiles, so that nothing branches at an edge. A
// tile of questions never holds questions of two segments; the host fills it up with rows that are
// left out here.

@group(0) @binding(0) var<uniform> problem: Problem;
@group(0) @binding(1) var<storage, read> hidden: array<vec4f>; // [depth, questions / 4]
@group(0) @binding(2) var<storage, read> encoder: array<vec4f>; // [depth, features / 4]
@group(0) @binding(3) var<storage, read> parameters: array<vec4f>; // bias, …: [1 + …, features / 4]
@group(0) @binding(4) var<storage, read> tile_sizes: array<u32>; // questions in each tile, then its first
@group(0) @binding(5) var<storage, read_write> reduced: array<vec4f>; // [list, tiles, features / 4]
@group(0) @binding(6) var<storage, read_write> kept: array<f32>; // [questions, kept], or turned

const LOWEST = vec4f(-3.402823e38);
const HIGHEST = vec4f(3.402823e38);
const FAR = vec4f(65536.0); // further than any question of a tile

fn only(valid: bool, value: vec4f, otherwise: vec4f) -> vec4f {
  return select(otherwise, value, valid);
}

// The place of a question in its tile where its z is the extreme.
fn place(valid: bool, z: vec4f, extreme: vec4f, row: u32) -> vec4f {
  return select(FAR, vec4f(f32(row)), (z == extreme) & vec4<bool>(valid));
}

// Counts of the questions of a tile are exact in float32.
fn above(valid: bool, z: vec4f) -> vec4f {
  return select(vec4f(0.0), vec4f(1.0), (z > vec4f(problem.count_above)) & vec4<bool>(valid));
}

// Questions are counted without the rows that tiles are filled up with.
fn keep(question: u32, feature4: u32, valid: bool, z: vec4f) {
  let feature = feature4 * 4u;
  if (!valid || feature + 3u < problem.first_kept || feature >= problem.end_kept) {
    return;
  }
  keep_one(question, feature, z.x);
  keep_one(question, feature + 1u, z.y);
  keep_one(question, feature + 2u, z.z);
  keep_one(question, feature + 3u, z.w);
}

fn keep_one(question: u32, feature: u32, z: f32) {
  if (feature >= problem.first_kept && feature < problem.end_kept) {
    let place = feature - problem.first_kept;
    kept[question * problem.kept_question_stride + place * problem.kept_feature_stride] = z;
  }
}
