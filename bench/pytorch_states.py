"""The states of a decoder by PyTorch, written well: batched by length, without padding or a head, the last block for
the last tokens only.

    python3 bench/pytorch_states.py MODEL IDS.json [OUT.f32]

The counterpart of model_states.ts: the same layers, the same file OUT.f32, the same JSON line. Reading the weights
and bringing them to float32 counts, starting Python does not. Architectures: gpt2, gpt_neox, llama, qwen3. Wants PyTorch
2.5 or later, and nothing else.
"""
import json
import math
import mmap
import os
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

BATCH_TOKENS = 1024
DTYPES = {"BF16": torch.bfloat16, "F16": torch.float16, "F32": torch.float32}


def read_weights(path):
    """All tensors of a safetensors file in float32, by their names without a prefix."""
    with open(path, "rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    start = 8 + int.from_bytes(mapped[:8], "little")
    header = json.loads(mapped[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        dtype = DTYPES[info["dtype"]]
        tensor = torch.frombuffer(mapped, dtype=dtype, count=(end - begin) // dtype.itemsize, offset=start + begin)
        tensor = tensor.view(info["shape"])
        is_table = name.endswith(("wte.weight", "embed_tokens.weight", "embed_in.weight"))
        name = name.removeprefix("transformer.").removeprefix("gpt_neox.").removeprefix("model.")
        found[name] = tensor if is_table else tensor.float()  # rows of a table are brought to float32 once looked up
    return found


class Gated:
    """Llama and Qwen 3."""

    def __init__(self, config, weights):
        self.p, self.eps = weights, config.get("rms_norm_eps", 1e-6)
        self.blocks, self.heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.key_heads = config["num_key_value_heads"]
        self.head = config.get("head_dim") or config["hidden_size"] // self.heads
        theta = config.get("rope_theta") or config["rope_parameters"]["rope_theta"]
        self.turns = turns(theta, self.head, config["max_position_embeddings"])

    def embed(self, ids):
        return F.embedding(ids, self.p["embed_tokens.weight"]).float()

    def norm(self, x, name):
        return F.rms_norm(x, x.shape[-1:], self.p[name + ".weight"], self.eps)

    def final(self, x):
        return self.norm(x, "norm")

    def block(self, x, index, last):
        h = f"layers.{index}."
        normed = self.norm(x, h + "input_layernorm")
        asking = normed[:, -1:] if last else normed
        x = x[:, -1:] if last else x
        q, k, v = (F.linear(rows, self.p[f"{h}self_attn.{part}_proj.weight"]).unflatten(-1, (-1, self.head))
                   for rows, part in ((asking, "q"), (normed, "k"), (normed, "v")))
        if h + "self_attn.q_norm.weight" in self.p:
            q, k = self.norm(q, h + "self_attn.q_norm"), self.norm(k, h + "self_attn.k_norm")
        x = x + F.linear(attend(q, k, v, self.turns), self.p[h + "self_attn.o_proj.weight"])
        normed = self.norm(x, h + "post_attention_layernorm")
        gate = F.silu(F.linear(normed, self.p[h + "mlp.gate_proj.weight"]), inplace=True)
        wide = gate.mul_(F.linear(normed, self.p[h + "mlp.up_proj.weight"]))
        return x + F.linear(wide, self.p[h + "mlp.down_proj.weight"])


class NeoX:
    """Pythia: attention and MLP side by side."""

    def __init__(self, config, weights):
        self.p, self.eps = weights, config.get("layer_norm_eps", 1e-5)
        self.blocks, self.heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.head = config["hidden_size"] // self.heads
        self.turns = turns(10000, int(self.head * config["rotary_pct"]), config["max_position_embeddings"])

    def embed(self, ids):
        return F.embedding(ids, self.p["embed_in.weight"]).float()

    def linear(self, x, name):
        return F.linear(x, self.p[name + ".weight"], self.p[name + ".bias"])

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.p[name + ".weight"], self.p[name + ".bias"], self.eps)

    def final(self, x):
        return self.norm(x, "final_layer_norm")

    def block(self, x, index, last):
        h = f"layers.{index}."
        qkv = self.linear(self.norm(x, h + "input_layernorm"), h + "attention.query_key_value")
        q, k, v = qkv.unflatten(-1, (self.heads, 3 * self.head)).chunk(3, -1)
        x, q = (x[:, -1:], q[:, -1:]) if last else (x, q)
        attention = self.linear(attend(q, k, v, self.turns), h + "attention.dense")
        wide = F.gelu(self.linear(self.norm(x, h + "post_attention_layernorm"), h + "mlp.dense_h_to_4h"))
        return x + attention + self.linear(wide, h + "mlp.dense_4h_to_h")


class Gpt2:
    """GPT-2."""

    def __init__(self, config, weights):
        self.p, self.eps = weights, config.get("layer_norm_epsilon", 1e-5)
        self.blocks, self.head = config["n_layer"], config["n_embd"] // config["n_head"]

    def embed(self, ids):
        return F.embedding(ids, self.p["wte.weight"]).float() + self.p["wpe.weight"][:ids.shape[1]]

    def linear(self, x, name):
        return torch.addmm(self.p[name + ".bias"], x.flatten(0, 1), self.p[name + ".weight"]).view(*x.shape[:2], -1)

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.p[name + ".weight"], self.p[name + ".bias"], self.eps)

    def final(self, x):
        return self.norm(x, "ln_f")

    def block(self, x, index, last):
        h = f"h.{index}."
        qkv = self.linear(self.norm(x, h + "ln_1"), h + "attn.c_attn").chunk(3, -1)
        q, k, v = (part.unflatten(-1, (-1, self.head)) for part in qkv)
        x, q = (x[:, -1:], q[:, -1:]) if last else (x, q)
        x = x + self.linear(attend(q, k, v, None), h + "attn.c_proj")
        wide = F.gelu(self.linear(self.norm(x, h + "ln_2"), h + "mlp.c_fc"), approximate="tanh")
        return x + self.linear(wide, h + "mlp.c_proj")


def turns(theta, size, positions):
    """Cosines and sines, each [positions, 1, size]: of pairs that lie half of the size apart."""
    angles = torch.outer(torch.arange(positions).double(), theta ** (-torch.arange(0, size, 2).double() / size))
    angles = torch.cat((angles, angles), -1).unsqueeze(1)
    return angles.cos().float(), angles.sin().float()


def rotate(x, turns, start):
    """Turns heads [batch, time, heads, size]; what lies beyond the turned part passes."""
    cosine, sine = (part[start:start + x.shape[1]] for part in turns)
    size = cosine.shape[-1]
    turned, rest = x[..., :size], x[..., size:]
    first, second = turned.chunk(2, -1)
    turned = turned * cosine + torch.cat((-second, first), -1) * sine
    return turned if rest.shape[-1] == 0 else torch.cat((turned, rest), -1)


def attend(q, k, v, turns):
    """What the heads give, side by side, for those that ask: all tokens or the last ones."""
    if turns is not None:
        q, k = rotate(q, turns, k.shape[1] - q.shape[1]), rotate(k, turns, 0)
    q, k, v = (part.transpose(1, 2) for part in (q, k, v))
    grouped = q.shape[1] != k.shape[1]
    given = F.scaled_dot_product_attention(q, k, v, is_causal=q.shape[2] > 1, enable_gqa=grouped)
    return given.transpose(1, 2).flatten(2)


def collect(model, prompts, width):
    """The last token's state before each block and behind the final norm: [blocks + 1, prompts, width]."""
    found = torch.empty(model.blocks + 1, len(prompts), width)
    by_length = {}
    for index, prompt in enumerate(prompts):
        by_length.setdefault(len(prompt), []).append(index)
    for length, indices in sorted(by_length.items()):
        size = max(1, BATCH_TOKENS // length)
        count = math.ceil(len(indices) / size)
        for batch in (indices[i * len(indices) // count:(i + 1) * len(indices) // count] for i in range(count)):
            x = model.embed(torch.tensor([prompts[i] for i in batch]))
            for index in range(model.blocks):
                found[index, batch] = x[:, -1]
                x = model.block(x, index, last=index == model.blocks - 1)
            found[-1, batch] = model.final(x[:, -1])
    return found


MODELS = {"gpt2": Gpt2, "gpt_neox": NeoX, "llama": Gated, "qwen3": Gated}


@torch.inference_mode()
def main():
    directory, ids, *out = sys.argv[1:]
    torch.set_num_threads(os.cpu_count())  # Debian's takes one by itself
    config = json.loads(Path(directory, "config.json").read_text())
    prompts = json.loads(Path(ids).read_text())
    start, before = time.perf_counter(), time.process_time()
    model = MODELS[config["model_type"]](config, read_weights(f"{directory}/model.safetensors"))
    loaded = time.perf_counter()
    found = collect(model, prompts, config.get("hidden_size") or config["n_embd"])
    end, after = time.perf_counter(), time.process_time()
    for path in out:
        found.numpy().tofile(path)
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "seconds": end - start,
                      "processor": after - before, "loading": loaded - start}))


if __name__ == "__main__":
    main()
