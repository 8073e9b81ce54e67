// Transposes some rows of a matrix and pads them with zeros: source [rows, columns] becomes the columns
// from first_row on of result [padded columns, padded rows]. Both paddings and first_row are multiples
// of 16. lib/sae/encode/transpose.ts writes the struct Shape.

@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

// One column more than is used, so that neighbours in a column lie in different memory banks.
var<workgroup> block: array<array<f32, 17>, 16>;

@compute @workgroup_size(16, 16)
fn transpose(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let row = group.y * 16u + local.y;
  let column = group.x * 16u + local.x;
  var value = 0.0;
  if (row < shape.rows && column < shape.columns) {
    value = source[row * shape.columns + column];
  }
  block[local.y][local.x] = value;
  workgroupBarrier();
  // Neighbouring invocations now write neighbouring rows of the source.
  let result_row = group.x * 16u + local.y;
  let result_column = shape.first_row + group.y * 16u + local.x;
  result[result_row * shape.padded_rows + result_column] = block[local.x][local.y];
}
