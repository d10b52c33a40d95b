#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records contextual attention that is shared by many keys, in float64, for tests/attention.c.

    soft-attention.py REFERENCE

REFERENCE is a folder whose module deepfill has contextual_attention in PyTorch. The grid has 5×6 positions, which fill no
vector. attention_10x12x8 is written beside this file.
"""
import os
import sys

import torch
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
SHAPE, SCALE, SEED = (1, 8, 10, 12), 0.06, 30


def main():
    sys.path.insert(0, sys.argv[1])
    import deepfill

    torch.manual_seed(SEED)
    torch.set_default_dtype(torch.float64)
    f, b, gy = ((SCALE * torch.rand(SHAPE)).float().double() for _ in range(3))
    mask = torch.zeros(1, 1, *SHAPE[2:])
    mask[:, :, 4:6, 5:7] = 1
    f.requires_grad_()
    b.requires_grad_()
    y, a = deepfill.contextual_attention(f, b, mask)
    y.backward(gy)
    index = a.argmax(2)
    tensors = {"f": f, "b": b, "mask": mask, "a": a, "y": y, "index": index, "gy": gy, "gf": f.grad, "gb": b.grad}
    save_file({key: value.detach().to(torch.int32 if value.dtype == torch.int64 else torch.float32).contiguous()
               for key, value in tensors.items()}, os.path.join(HERE, "attention_10x12x8.safetensors"))


if __name__ == "__main__":
    main()
