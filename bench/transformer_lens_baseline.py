#!/usr/bin/env python3
"""The same numbers as most would get them: TransformerLens runs the language model, SAELens encodes.

    python3 -m pip install torch transformer-lens sae-lens
    python3 bench/transformer_lens_baseline.py LM_DIR SAE_DIR PROMPTS.json LAYERS [--cuda]

As pytorch_baseline.py: PROMPTS.json holds the token ids of the prompts and the sizes of the relations, and nothing is
downloaded. The weights are the job's own: those of the model by transformers, those of the SAEs by torch.load, mapped, into
SAELens' StandardSAE, encoder and decoder, though only `encode` is called (it ends in a ReLU, which costs nothing beside the
product). The prompts come as they are, 64 at a time, padded at the right; run_with_cache keeps the residual streams that
are needed and stops after the last of them: no head. Prints JSON.
"""
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

START = time.perf_counter()
os.environ.setdefault("HF_HUB_OFFLINE", "1")
import torch  # noqa: E402
from sae_lens import StandardSAE, StandardSAEConfig  # noqa: E402
from transformer_lens import HookedTransformer, HookedTransformerConfig  # noqa: E402
from transformer_lens.pretrained.weight_conversions import convert_gpt2_weights  # noqa: E402
from transformers import GPT2LMHeadModel  # noqa: E402
IMPORTED = time.perf_counter()

BATCH = 64
THRESHOLD = 0.1


def load_model(folder, device):
    config = json.loads((folder / "config.json").read_text())
    width, heads = config["n_embd"], config["n_head"]
    cfg = HookedTransformerConfig(
        n_layers=config["n_layer"], d_model=width, n_ctx=config["n_positions"], n_heads=heads, d_head=width // heads,
        d_mlp=4 * width, d_vocab=config["vocab_size"], act_fn=config["activation_function"],
        eps=config["layer_norm_epsilon"], normalization_type="LN", original_architecture="GPT2LMHeadModel",
        device=device)
    model = HookedTransformer(cfg)
    weights = convert_gpt2_weights(GPT2LMHeadModel.from_pretrained(folder), cfg)
    model.load_and_process_state_dict(weights, fold_ln=False, center_writing_weights=False, center_unembed=False,
                                      fold_value_biases=False)
    return model


def load_sae(path, device):
    state = torch.load(path, map_location="cpu", mmap=True)["model_state_dict"]
    features, width = state["encoder.weight"].shape
    sae = StandardSAE(StandardSAEConfig(d_in=width, d_sae=features, apply_b_dec_to_input=False, device=device))
    sae.load_state_dict({"W_enc": state["encoder.weight"].T, "b_enc": state["encoder.bias"],
                         "W_dec": state["decoder.weight"].T, "b_dec": state["decoder.bias"]})
    return sae


def collect(model, prompts, layers, device):
    """The last token's state of each layer: {layer: [prompts, width]}."""
    names = {f"blocks.{layer}.hook_resid_pre": layer for layer in layers}
    found = {layer: [] for layer in layers}
    for start in range(0, len(prompts), BATCH):
        batch = prompts[start:start + BATCH]
        ids = torch.zeros(len(batch), max(map(len, batch)), dtype=torch.long, device=device)
        for row, prompt in enumerate(batch):
            ids[row, :len(prompt)] = torch.tensor(prompt)
        _, cache = model.run_with_cache(ids, names_filter=list(names), stop_at_layer=max(layers) + 1)
        last = torch.tensor([len(prompt) - 1 for prompt in batch], device=device)
        for name, layer in names.items():
            found[layer].append(cache[name][torch.arange(len(batch), device=device), last])
    return {layer: torch.cat(states) for layer, states in found.items()}


@torch.no_grad()
def main():
    lm, saes, prompts_path, layers, *options = sys.argv[1:]
    torch.set_num_threads(os.cpu_count())
    device = "cuda" if "--cuda" in options else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = False
    synchronize = torch.cuda.synchronize if device == "cuda" else lambda: None
    job = json.loads(Path(prompts_path).read_text())
    layers = [int(layer) for layer in layers.split(",")]
    model = load_model(Path(lm), device)
    synchronize()
    loaded = time.perf_counter()
    found = collect(model, job["prompts"], layers, device)
    synchronize()
    collected = time.perf_counter()
    total, loading = 0.0, 0.0
    for layer, states in found.items():
        start = time.perf_counter()
        sae = load_sae(f"{saes}/layer{layer}/sae_best.pt", device)
        synchronize()
        loading += time.perf_counter() - start
        for group in states.split(job["groups"]):
            z = sae.encode(group)
            total += float(z.mean(0).sum() + z.amax(0).sum() + (z > THRESHOLD).double().mean(0).sum())
    end = time.perf_counter()
    print(json.dumps({
        "transformer_lens": version("transformer-lens"), "sae_lens": version("sae-lens"), "torch": torch.__version__,
        "threads": torch.get_num_threads(), "checksum": total,
        "seconds": {"import": IMPORTED - START, "load": loaded - IMPORTED + loading,
                    "language model": collected - loaded, "SAEs": end - collected - loading}}))


if __name__ == "__main__":
    main()
