// Encodes hidden states with an SAE and reduces the activations over the questions, without ever
// storing the activations: z = W h + b, rectified or not, and per tile of 64 questions and per
// feature the sum of z, its maximum, and how often it is above the threshold.
//
// A tile of questions never holds questions of two relations; the host pads it with rows that are
// left out here. A workgroup takes 64 questions by 64 features, an invocation 4 by 4 of them.

struct Problem {
  depth: u32, // d_model, padded to a multiple of 16
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

const LANES = 16u; // invocations along each side of a workgroup, vec4s along each side of a tile
const STEP = 16u; // how much of the depth is in workgroup memory at a time
const LOWEST = vec4f(-3.402823e38);

var<workgroup> hidden_tile: array<vec4f, 256>; // [STEP, LANES]
var<workgroup> encoder_tile: array<vec4f, 256>; // [STEP, LANES]
var<workgroup> column: array<vec4f, 256>; // [LANES, LANES]

@compute @workgroup_size(16, 16)
fn encode_reduce(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) index: u32,
) {
  let feature4 = group.x * LANES + local.x;
  var z0 = vec4f(0.0);
  var z1 = vec4f(0.0);
  var z2 = vec4f(0.0);
  var z3 = vec4f(0.0);

  for (var start = 0u; start < problem.depth; start += STEP) {
    let k = start + index / LANES;
    let lane = index % LANES;
    hidden_tile[index] = hidden[k * problem.question_stride + group.y * LANES + lane];
    encoder_tile[index] = encoder[k * problem.feature_stride + group.x * LANES + lane];
    workgroupBarrier();
    for (var step = 0u; step < STEP; step++) {
      let h = hidden_tile[step * LANES + local.y];
      let w = encoder_tile[step * LANES + local.x];
      z0 += h.x * w;
      z1 += h.y * w;
      z2 += h.z * w;
      z3 += h.w * w;
    }
    workgroupBarrier();
  }

  let b = bias[feature4];
  z0 = activate(z0 + b);
  z1 = activate(z1 + b);
  z2 = activate(z2 + b);
  z3 = activate(z3 + b);

  let first = local.y * 4u; // of this invocation's questions, in the tile
  let size = tile_sizes[group.y];
  let first_question = group.y * LANES * 4u + first;
  keep_slots(first_question, feature4, first < size, z0);
  keep_slots(first_question + 1u, feature4, first + 1u < size, z1);
  keep_slots(first_question + 2u, feature4, first + 2u < size, z2);
  keep_slots(first_question + 3u, feature4, first + 3u < size, z3);

  let cell = group.y * problem.feature_stride + feature4;

  column[index] = (only(first < size, z0, vec4f(0.0)) + only(first + 1u < size, z1, vec4f(0.0)))
    + (only(first + 2u < size, z2, vec4f(0.0)) + only(first + 3u < size, z3, vec4f(0.0)));
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local.y < half) {
      column[index] += column[index + half * LANES];
    }
  }
  if (local.y == 0u) {
    sums[cell] = column[index];
  }
  workgroupBarrier();

  column[index] = max(
    max(only(first < size, z0, LOWEST), only(first + 1u < size, z1, LOWEST)),
    max(only(first + 2u < size, z2, LOWEST), only(first + 3u < size, z3, LOWEST)),
  );
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local.y < half) {
      column[index] = max(column[index], column[index + half * LANES]);
    }
  }
  if (local.y == 0u) {
    maxima[cell] = column[index];
  }
  workgroupBarrier();

  // Counts up to 64 are exact in float32.
  column[index] = above(first < size, z0) + above(first + 1u < size, z1)
    + above(first + 2u < size, z2) + above(first + 3u < size, z3);
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (local.y < half) {
      column[index] += column[index + half * LANES];
    }
  }
  if (local.y == 0u) {
    counts[cell] = column[index];
  }
}

fn activate(z: vec4f) -> vec4f {
  return select(z, max(z, vec4f(0.0)), problem.rectify != 0u);
}

fn only(valid: bool, value: vec4f, otherwise: vec4f) -> vec4f {
  return select(otherwise, value, valid);
}

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
