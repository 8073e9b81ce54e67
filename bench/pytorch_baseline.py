#!/usr/bin/env python3
"""The same numbers by a well-written PyTorch: one pass for all layers, batches of equal length, no head, no padding, only
the encoders of the SAEs, no pictures.

    OMP_WAIT_POLICY=PASSIVE python3 bench/pytorch_baseline.py LM_DIR SAE_DIR PROMPTS.json LAYERS [--reference N] [--cuda]

PROMPTS.json holds the token ids of the prompts and the sizes of the relations: {"prompts": [[...]], "groups": [...]}.
Tokenizing is thus left out, in PyTorch's favour. Files are mapped: of
weights that stay on the CPU, "load" is the time to find them, and their pages are read where they are used first. With --reference N it times, too, the way of AlignSAE's script
analyze_feature_coactivation.py on N
questions: one question at a time, the whole model with its head again for each layer, encoder and decoder; it prints
what all of them would take. Prints JSON.

With --cuda it computes on the GPU: float32 without TF32, the device synchronised before each time is taken. Nothing is
warmed up, as nothing is in coact; the language model is timed once more, warm, after the end of what counts.
"""
import json
import os
import struct
import sys
import time
from pathlib import Path

START = time.perf_counter()
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
IMPORTED = time.perf_counter()

BATCH_TOKENS = {"cpu": 1024, "cuda": 16384}
THRESHOLD = 0.1


def read_safetensors(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    storage = torch.from_file(str(path), shared=False, size=path.stat().st_size, dtype=torch.uint8)
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        tensors[name.removeprefix("transformer.")] = storage[begin:end].view(torch.float32).view(entry["shape"])
    return tensors


class Gpt2:
    def __init__(self, folder, device):
        config = json.loads((folder / "config.json").read_text())
        self.heads, self.blocks, self.eps = config["n_head"], config["n_layer"], config["layer_norm_epsilon"]
        self.p = {name: tensor.to(device) for name, tensor in read_safetensors(folder / "model.safetensors").items()}

    def linear(self, x, name):
        y = torch.addmm(self.p[name + ".bias"], x.flatten(0, -2), self.p[name + ".weight"])
        return y.view(*x.shape[:-1], -1)

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.p[name + ".weight"], self.p[name + ".bias"], self.eps)

    def states(self, ids, blocks):
        """The residual stream before each of the blocks and after the last of them, for [batch, time] token ids."""
        batch, length = ids.shape
        x = self.p["wte.weight"][ids] + self.p["wpe.weight"][:length]
        future = torch.full((length, length), float("-inf"), device=ids.device).triu(1)
        yield x
        for block in range(blocks):
            h = f"h.{block}."
            q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2)
                       for part in self.linear(self.norm(x, h + "ln_1"), h + "attn.c_attn").chunk(3, -1))
            if hasattr(F, "scaled_dot_product_attention"):
                attention = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            else:
                attention = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + future).softmax(-1) @ v
            x = x + self.linear(attention.transpose(1, 2).flatten(2), h + "attn.c_proj")
            wide = F.gelu(self.linear(self.norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
            x = x + self.linear(wide, h + "mlp.c_proj")
            yield x


def collect(model, prompts, layers, device):
    """The last token's state of each layer: {layer: [prompts, width]}."""
    width = model.p["wte.weight"].shape[1]
    found = {layer: torch.empty(len(prompts), width, device=device) for layer in layers}
    by_length = {}
    for index, prompt in enumerate(prompts):
        by_length.setdefault(len(prompt), []).append(index)
    for length, indices in sorted(by_length.items()):
        size = max(1, BATCH_TOKENS[device] // length)
        for start in range(0, len(indices), size):
            batch = indices[start:start + size]
            ids = torch.tensor([prompts[i] for i in batch], device=device)
            for layer, state in enumerate(model.states(ids, max(layers))):
                if layer in found:
                    found[layer][batch] = state[:, -1]
    return found


def read_encoder(path, device):
    lazily = {"mmap": True} if tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 1) else {}  # before, the whole file is read
    state = torch.load(path, map_location="cpu", **lazily)["model_state_dict"]
    return state["encoder.weight"].to(device), state["encoder.bias"].to(device), state


def reduce_layer(weight, bias, states, groups):
    for group in states.split(groups):
        z = torch.addmm(bias, group, weight.T)
        yield z.mean(0), z.amax(0), (z > THRESHOLD).double().mean(0)


def time_reference(model, sae, prompts, layers, count):
    """One question at a time: seconds for one question and one layer."""
    _, _, state = read_encoder(sae, "cpu")
    start = time.perf_counter()
    for prompt in prompts[:count]:
        *_, x = model.states(torch.tensor([prompt]), model.blocks)
        model.norm(x, "ln_f") @ model.p["wte.weight"].T
        z = F.linear(x[:, -1], state["encoder.weight"], state["encoder.bias"])
        F.linear(z, state["decoder.weight"], state["decoder.bias"])
    return (time.perf_counter() - start) / min(count, len(prompts))


@torch.no_grad()
def main():
    lm, saes, prompts_path, layers, *options = sys.argv[1:]
    torch.set_num_threads(os.cpu_count())  # Debian's takes one by itself
    device = "cuda" if "--cuda" in options else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = False
    synchronize = torch.cuda.synchronize if device == "cuda" else lambda: None
    job = json.loads(Path(prompts_path).read_text())
    layers = [int(layer) for layer in layers.split(",")]
    model = Gpt2(Path(lm), device)
    path_of = {layer: f"{saes}/layer{layer}/sae_best.pt" for layer in layers}
    if "--reference" in options:
        count = int(options[options.index("--reference") + 1])
        each = time_reference(model, path_of[layers[0]], job["prompts"], layers, count)
        print(json.dumps({"questions_timed": count, "seconds_each": each,
                          "seconds_all": each * len(layers) * len(job["prompts"])}))
        return
    synchronize()
    loaded = time.perf_counter()
    found = collect(model, job["prompts"], layers, device)
    synchronize()
    collected = time.perf_counter()
    total, loading = 0.0, 0.0
    for layer, states in found.items():
        start = time.perf_counter()
        weight, bias, _ = read_encoder(path_of[layer], device)
        synchronize()
        loading += time.perf_counter() - start
        for means, maxima, consistency in reduce_layer(weight, bias, states, job["groups"]):
            total += float(means.sum() + maxima.sum() + consistency.sum())
    end = time.perf_counter()
    seconds = {"import": IMPORTED - START, "load": loaded - IMPORTED + loading, "language model": collected - loaded,
               "SAEs": end - collected - loading}
    if device == "cuda":
        collect(model, job["prompts"], layers, device)
        synchronize()
        seconds["language model again, warm"] = time.perf_counter() - end
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "checksum": total,
                      "seconds": seconds}))


if __name__ == "__main__":
    main()
