#!/usr/bin/env python3
"""Write a job with random weights: time does not depend on their values. (Debian's python3-torch 1.13)

    OMP_WAIT_POLICY=PASSIVE python3 bench/make_full_size_job.py OUT_DIR            full size, 14 GB
    OMP_WAIT_POLICY=PASSIVE python3 bench/make_full_size_job.py OUT_DIR --small    for the table of growth, 0.3 GB
    OMP_WAIT_POLICY=PASSIVE python3 bench/make_full_size_job.py OUT_DIR --tiny     to see whether the benchmark works, 15 MB

    OUT_DIR/lm/                      GPT-2 small (12 blocks, width 768, vocabulary 50257) with the demo's tokenizer
    OUT_DIR/sae/layer{0..11}/        sae_best.pt: 10,000 free features and 6 slots, value heads, AdamW state
    OUT_DIR/questions.jsonl          500 questions of each of six relations, prompts of 14 to 24 tokens
    OUT_DIR/questions_x10.jsonl      5,000 of each

The small job has the same model at width 256, questions_x10.jsonl of 1,000 each, and SAEs of three sizes with nothing
but an encoder: sae_1000/, sae_3000/, sae_10000/.
"""
import itertools
import json
import random
import shutil
import struct
import sys
from pathlib import Path

import torch

DEMO = Path(__file__).resolve().parent.parent / "demo"
SMALL, TINY = "--small" in sys.argv, "--tiny" in sys.argv
WIDTH, BLOCKS = (64, 2) if TINY else (256 if SMALL else 768, 12)
VOCAB, POSITIONS = 50257, 1024
FREE, SLOTS, HEAD_WIDTH = 100 if TINY else 10000, 6, 1 if TINY else 256
PER_RELATION = 100 if SMALL else 500


def write_lm(folder):
    shapes = {"wte.weight": [VOCAB, WIDTH], "wpe.weight": [POSITIONS, WIDTH]}
    for h in (f"h.{i}." for i in range(BLOCKS)):
        for name, inputs, outputs in (("attn.c_attn", WIDTH, 3 * WIDTH), ("attn.c_proj", WIDTH, WIDTH),
                                      ("mlp.c_fc", WIDTH, 4 * WIDTH), ("mlp.c_proj", 4 * WIDTH, WIDTH)):
            shapes.update({f"{h}{name}.weight": [inputs, outputs], f"{h}{name}.bias": [outputs]})
        for name in ("ln_1", "ln_2"):
            shapes.update({f"{h}{name}.weight": [WIDTH], f"{h}{name}.bias": [WIDTH]})
    shapes.update({"ln_f.weight": [WIDTH], "ln_f.bias": [WIDTH]})

    header, tensors, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, shape in shapes.items():
        is_norm = ".ln_" in name or name.startswith("ln_f")
        tensors.append(torch.ones(shape) if is_norm and name.endswith("weight") else 0.02 * torch.randn(shape))
        size = 4 * tensors[-1].numel()
        header["transformer." + name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors:
            file.write(tensor.numpy().astype("<f4").tobytes())
    (folder / "config.json").write_text(json.dumps({
        "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": VOCAB, "n_positions": POSITIONS,
        "n_embd": WIDTH, "n_layer": BLOCKS, "n_head": WIDTH // 64, "n_inner": None, "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5}))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(DEMO / "lm" / name, folder / name)


def write_saes(folders):
    """Checkpoints with an encoder each. What nobody reads, value heads and optimizer state, is made once: at 1.1 GB a
    file it takes longer than the disk."""
    model = torch.nn.Module()
    model.encoder = torch.nn.Linear(WIDTH, FREE + SLOTS)
    model.decoder = torch.nn.Linear(FREE + SLOTS, WIDTH)
    model.value_heads = torch.nn.ModuleList(
        torch.nn.Sequential(torch.nn.Linear(1, HEAD_WIDTH), torch.nn.ReLU(), torch.nn.Linear(HEAD_WIDTH, VOCAB))
        for _ in range(SLOTS))
    optimizer = torch.optim.AdamW(model.parameters())
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    for folder in folders:
        model.encoder.reset_parameters()
        folder.mkdir(parents=True, exist_ok=True)
        torch.save({"epoch": 1, "stage": 2, "model_state_dict": model.state_dict(),
                    "optimizer_state_dict": optimizer.state_dict(),
                    "args": {"n_free": FREE, "mode": "joint", "lr": 1e-3}, "best_slot_acc": 0.5, "best_loss": 0.1,
                    "d_model": WIDTH, "n_free": FREE, "n_relation": SLOTS}, folder / "sae_best.pt")
        print(f"wrote {folder}", flush=True)


def write_encoder(folder, free):
    folder.mkdir(parents=True, exist_ok=True)
    encoder = torch.nn.Linear(WIDTH, free + SLOTS)
    torch.save({"model_state_dict": {"encoder.weight": encoder.weight.data, "encoder.bias": encoder.bias.data},
                "args": {"n_free": free, "n_relation": SLOTS}, "d_model": WIDTH}, folder / "sae_best.pt")


def write_questions(path, per_relation, rng):
    """Questions in the demo's phrasings about invented people, each asked once about each relation, no two alike. Those
    of 8 to 15 words make prompts of 14 to 24 tokens. Real questions begin alike, too, and coact computes common
    beginnings once: the benchmark reports how many tokens there are and how many are computed."""
    rows = [json.loads(line) for name in ("qa_test_id", "qa_test_ood")
            for line in (DEMO / "data" / f"{name}.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["full_name"] in row["question"] and 8 <= len(row["question"].split()) <= 15]
    by_rule = {rule: [row for row in rows if row["rule_idx"] == rule] for rule in range(6)}
    parts = [sorted({row["full_name"].split()[i] for row in rows}) for i in (0, 1, -1)]
    people = rng.sample([" ".join(names) for names in itertools.product(*parts)], per_relation)
    with open(path, "w", encoding="utf-8") as file:
        for number, name in enumerate(people):
            person = {"person_id": f"person_{number:04}", "full_name": name}
            for known in by_rule.values():
                row = rng.choice(known)
                question = row["question"].replace(row["full_name"], name)
                file.write(json.dumps({**row, **person, "question": question}, ensure_ascii=False) + "\n")


def main():
    out = Path(sys.argv[1])
    torch.manual_seed(0)
    write_lm(out / "lm")
    if SMALL:
        for layer, free in itertools.product(range(BLOCKS), (1000, 3000, 10000)):
            write_encoder(out / f"sae_{free}" / f"layer{layer}", free)
    else:
        write_saes([out / "sae" / f"layer{layer}" for layer in range(BLOCKS)])
    write_questions(out / "questions.jsonl", PER_RELATION, random.Random(0))
    write_questions(out / "questions_x10.jsonl", 10 * PER_RELATION, random.Random(0))


if __name__ == "__main__":
    main()
