#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A wider network that computes what a model does, for training to go on with.

    widen.py MODEL.safetensors WIDER.safetensors CHANNELS [SEED]

Each layer gets new channels, of random weights as large as its own are; the old channels take nothing of them at first, so
that the result is the same (after Chen, Goodfellow and Shlens, Net2Net, 2016). Those of pmconv6, which the attention compares,
are a tenth of that. Needs numpy and safetensors.
"""
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

INPUTS = 5  # planes that the network sees
COLOURS = 3


def widen(name, weight, bias, scale, draw):
    outputs, inputs, *kernel = weight.shape
    places = np.arange(inputs)
    n_outputs = outputs if outputs == COLOURS else scale(outputs)
    n_inputs = inputs if inputs == INPUTS else scale(inputs)
    if name == "allconv11":  # both branches, one after the other
        places[inputs // 2:] += n_inputs // 2 - inputs // 2
    spread = weight.std() * np.sqrt(inputs / n_inputs) * (0.1 if name == "pmconv6" else 1)
    wide = np.zeros((n_outputs, n_inputs, *kernel))
    wide[outputs:] = draw.normal(0, spread, (n_outputs - outputs, n_inputs, *kernel))
    wide[np.ix_(np.arange(outputs), places)] = weight
    return wide, np.concatenate([bias, np.zeros(n_outputs - outputs)])


def main():
    source, target, channels, *seed = sys.argv[1:]
    old, new, draw = load_file(source), {}, np.random.default_rng(int(seed[0]) if seed else 0)
    with safe_open(source, "np") as file:
        metadata = file.metadata()
    width = len(old["conv1.weight"])
    for name in (key.removesuffix(".weight") for key in old if key.endswith(".weight")):
        weight, bias = (old[f"{name}.{part}"].astype(float) for part in ("weight", "bias"))
        wide = widen(name, weight, bias, lambda n: n * int(channels) // width, draw)
        new[f"{name}.weight"], new[f"{name}.bias"] = (part.astype(np.float16) for part in wide)
    save_file(new, target, metadata=metadata)


if __name__ == "__main__":
    main()
