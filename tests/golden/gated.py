#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records a pass of the network with gated convolutions in float64, for tests/generator.c.

    gated.py REFERENCE

REFERENCE is a folder whose module deepfill has the network without gates in PyTorch: its padding and its contextual
attention are the same. gated_oihw and gated_io are written beside this file.
"""
import os
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH, HEIGHT, LENGTH, SEED = 4, 40, 48, 19
ENCODER = ["conv1", "conv2_downsample", "conv3", "conv4_downsample", "conv5", "conv6"]
ATROUS = ["conv7_atrous", "conv8_atrous", "conv9_atrous", "conv10_atrous"]
DECODER = ["conv11", "conv12", "conv13_upsample", "conv14", "conv15_upsample", "conv16", "conv17"]


class Gated(torch.nn.Module):
    """Yu et al., "Free-Form Image Inpainting with Gated Convolution", ICCV 2019. width: channels that come out of the
    first layer, which has as many gates."""

    def __init__(self, reference, width):
        super().__init__()
        self.reference, c = reference, width
        self.outputs = {}
        for prefix, first, second, third in ("", 5, 2 * c, 4 * c), ("x", 3, c, 2 * c), ("pm", 3, c, 4 * c):
            for name, channels in zip(ENCODER, [c, second, 2 * c, third, 4 * c, 4 * c]):
                self.add(prefix + name, first, channels)
                first = channels
        for name in ATROUS + ["x" + name for name in ATROUS] + ["pmconv9", "pmconv10"]:
            self.add(name, 4 * c, 4 * c)
        for prefix, first in ("", 4 * c), ("all", 8 * c):
            for name, channels in zip(DECODER, [4 * c, 4 * c, 2 * c, 2 * c, c, c // 2, 3]):
                self.add(prefix + name, first, channels)
                first = channels

    def add(self, name, into, out):
        kernel, stride = 5 if name.endswith("conv1") else 3, 2 if name.endswith("_downsample") else 1
        rate = 2 << ATROUS.index(name.lstrip("x")) if name.endswith("_atrous") else 1
        sums = out if name.endswith("conv17") else 2 * out
        self.add_module(name, self.reference.Conv(into, sums, kernel, stride, rate, act=None))

    def run(self, x, *names):
        for name in names:
            x = F.interpolate(x, scale_factor=2, mode="nearest") if name.endswith("_upsample") else x
            x = getattr(self, name)(x)
            if name.endswith("conv17"):
                x = torch.tanh(x)
            else:
                feature, gate = x.chunk(2, 1)
                x = (F.relu if name == "pmconv6" else F.elu)(feature) * torch.sigmoid(gate)
            self.outputs[name] = x
        return x

    def forward(self, image, mask):
        """image: in [-1, 1] with the hole blanked. The second stage sees no mask."""
        blank = torch.cat([image, torch.ones_like(mask), mask], 1)
        coarse = self.run(blank, *ENCODER, *ATROUS, *DECODER)
        pasted = coarse * mask + image * (1 - mask)
        left = self.run(pasted, *["x" + name for name in ENCODER + ATROUS])
        x = self.run(pasted, *["pm" + name for name in ENCODER])
        x, attention = self.reference.contextual_attention(x, x, self.reference.shrink(mask, 4))
        self.outputs["attention"] = x
        right = self.run(x, "pmconv9", "pmconv10")
        refined = self.run(torch.cat([left, right], 1), *["all" + name for name in DECODER])
        return coarse, refined, attention


def make_input(scale):
    """Soft waves and an edge, and a hole that is no rectangle."""
    random = np.random.default_rng(SEED)
    y, x = np.mgrid[:scale * HEIGHT, :scale * LENGTH] / (scale * LENGTH)
    picture = np.stack([np.sin(9 * random.random() * x + 7 * random.random() * y + 6 * random.random())
                        + 0.4 * np.sign(x - y + 0.2 * random.random()) for _ in range(3)])
    mask = (np.hypot(x - 0.55, y - 0.4) < 0.16) | ((x > 0.2) & (x < 0.3) & (y > 0.5))
    return (torch.from_numpy(np.clip(picture, -1, 1).astype(np.float32)).double()[None],
            torch.from_numpy(mask).double()[None, None])


def make_weights(network):
    """Random ones, such that the sums of every layer are about as large as 1 in a picture that is larger than what a
    dilated layer sees; before the attention smaller, so that it chooses between patches."""
    image, mask = make_input(4)
    image = image * (1 - mask)
    torch.manual_seed(SEED)
    for layer in network.children():
        layer.weight.data.normal_()
        layer.bias.data.normal_(0, 0.25)
    for name, layer in network.named_children():
        sums = []
        handle = layer.register_forward_hook(lambda layer, x, y: sums.append(y))
        network(image, mask)
        handle.remove()
        wanted = 0.05 if name == "pmconv6" else 0.8
        layer.weight.data *= wanted / (sums[0] - layer.bias.data[:, None, None]).std()
        layer.bias.data *= wanted
    for layer in network.children():
        layer.weight.data, layer.bias.data = layer.weight.data.float().double(), layer.bias.data.float().double()


def save(name, tensors, metadata=None):
    save_file({key: value.detach().to(torch.int32 if value.dtype == torch.int64 else torch.float32).contiguous()
               for key, value in tensors.items()}, os.path.join(HERE, name + ".safetensors"), metadata)


def main():
    sys.path.insert(0, sys.argv[1])
    import deepfill

    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    network = Gated(deepfill, WIDTH)
    make_weights(network)
    image, mask = make_input(1)
    blank = image * (1 - mask)
    coarse, refined, attention = network(blank, mask)
    save("gated_oihw", network.state_dict(), {"architecture": "deepfill-v2"})
    outputs = {"pmconv9.in" if name == "attention" else name + ".out": y for name, y in network.outputs.items()}
    save("gated_io", {"image": image, "mask": mask, "coarse": coarse, "refined": refined, "attention": attention,
                      "attention_index": attention.argmax(2)[0], **outputs})


if __name__ == "__main__":
    main()
