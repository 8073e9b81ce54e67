"""Trains a small SAE on the states before block 8 of SmolLM2, with SAELens 6.54, on a CPU (docs/smollm2.md).

    python3 docs/smollm2_sae.py MODEL WORDNET/dict/data.noun OUT

MODEL is the model's Hugging Face directory. The text is WordNet's: nouns, each with what it means.
"""
import itertools
import random
import sys

import torch
import transformers
from sae_lens import SAETrainer, TopKTrainingSAE, TopKTrainingSAEConfig
from sae_lens.config import SAETrainerConfig
from sae_lens.saes.sae import SAEMetadata

BLOCK = 8
TOKENS = 40_000  # of which states are made, once
PASSES = 6  # how often each is trained on
BATCH = 512
FEATURES, ACTIVE = 1536, 32


def glosses(path):
    """`Paris: the capital and largest city of France`, in an order of their own."""
    lines = [line for line in open(path) if not line.startswith("  ")]
    random.Random(0).shuffle(lines)
    for line in lines:
        fields, gloss = line.split("|", 1)
        yield f"{fields.split()[4].replace('_', ' ')}: {gloss.strip()}"


@torch.inference_mode()
def collect(directory, path):
    """States before the block at all tokens but the first of each text, whose state is like no other."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(directory)
    model = transformers.AutoModel.from_pretrained(directory, dtype=torch.float32)
    model.layers = model.layers[:BLOCK]
    model.norm = torch.nn.Identity()
    ids, count = [], 0
    for text in glosses(path):
        ids.append(tokenizer(text)["input_ids"])
        count += len(ids[-1]) - 1
        if count >= TOKENS:
            break
    found = []
    for _, same in itertools.groupby(sorted(ids, key=len), len):  # texts of one length need no padding
        states = model(torch.tensor(list(same)), use_cache=False).last_hidden_state
        found.append(states[:, 1:].flatten(0, 1))
    return torch.cat(found)


def batches(states):
    while True:
        for rows in torch.randperm(len(states)).split(BATCH)[:-1]:
            yield states[rows]


def main():
    directory, path, out = sys.argv[1:]
    torch.manual_seed(0)
    states = collect(directory, path)
    config = TopKTrainingSAEConfig(
        d_in=states.shape[1],
        d_sae=FEATURES,
        k=ACTIVE,
        normalize_activations="expected_average_only_in",
        metadata=SAEMetadata(
            model_name="HuggingFaceTB/SmolLM2-135M-Instruct",
            hook_name=f"blocks.{BLOCK}.hook_resid_pre",
            prepend_bos=False,
        ),
    )
    sae = TopKTrainingSAE(config)
    training = SAETrainerConfig(
        total_training_samples=TOKENS * PASSES,
        train_batch_size_samples=BATCH,
        lr=1e-3,
        lr_end=1e-4,
        lr_decay_steps=TOKENS * PASSES // BATCH // 5,
        n_batches_for_norm_estimate=50,
    )
    SAETrainer(training, sae, batches(states)).fit().save_inference_model(out)
    print(f"trained on {len(states)} states of {states.shape[1]} numbers, {PASSES} times each")


main()
