#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records ten steps of training in float64, for tests/learner.c.

    ten-steps.py REFERENCE [--single]

REFERENCE is a folder whose module deepfill has the Generator and Critic of the network in PyTorch. The networks start
from generator_tiny_oihw and critics_tiny_oihw beside this file, and ten_steps is written there. With --single the
steps are taken in float32, nothing is written, and what differs from the record is printed.
"""
import argparse
import os
import sys

import numpy as np
import torch
from safetensors.torch import load_file, save_file

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, PICTURES, BATCH, SIDE, WINDOW, WIDTH = 10, 5, 2, 64, 32, 4
GAMMA, RATE, SEED = 0.9, 3e-4, 3


def make_input():
    """Soft waves and edges, a hole in each picture's own window, and where the penalty is taken."""
    random = np.random.default_rng(SEED)
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    pictures = np.zeros((PICTURES, 3, SIDE, SIDE))
    for picture in pictures.reshape(-1, SIDE, SIDE):
        for _ in range(4):
            angle, frequency, phase = random.random(3) * (np.pi, 9, 2 * np.pi)
            picture += np.sin(2 * np.pi * frequency * (x * np.cos(angle) + y * np.sin(angle)) + phase) / 4
        picture += 0.4 * np.sign(x - random.random()) * np.sign(y - random.random())
    pictures = np.clip(pictures, -1, 1).astype(np.float16)
    chosen = np.stack([random.permutation(PICTURES)[:BATCH] for _ in range(STEPS)])
    corners = random.integers(0, SIDE - WINDOW + 1, (STEPS, BATCH, 2))
    sizes = random.integers(WINDOW // 2, WINDOW + 1, (STEPS, BATCH, 2))
    holes = np.concatenate([corners + random.integers(0, WINDOW - sizes + 1), sizes], 2)
    return {
        "pictures": torch.from_numpy(pictures),
        "chosen": torch.from_numpy(chosen.astype(np.int32)),
        "corners": torch.from_numpy(corners.astype(np.int32)),
        "holes": torch.from_numpy(holes.astype(np.int32)),
        "t": torch.from_numpy(random.random((STEPS, 2, BATCH)).astype(np.float32)),
    }


def get_batch(given, step, dtype):
    real = given["pictures"][given["chosen"][step].long()].to(dtype)
    mask, discount = torch.zeros(2, BATCH, 1, SIDE, SIDE, dtype=dtype)
    for i, (top, left, height, width) in enumerate(given["holes"][step].tolist()):
        rows, columns = torch.arange(height)[:, None], torch.arange(width)[None]
        power = lambda a, size: GAMMA ** torch.minimum(a, size - a).to(dtype)
        mask[i, 0, top:top + height, left:left + width] = 1
        discount[i, 0, top:top + height, left:left + width] = torch.maximum(power(rows, height), power(columns, width))
    return real, mask, discount


def get_windows(pictures, corners):
    return torch.stack([p[:, y:y + WINDOW, x:x + WINDOW] for p, (y, x) in zip(pictures, corners.tolist())])


def get_norms(*optimizers):
    """Of Adam's first moments: the gradient's size shows there, while a step of Adam does not depend on it."""
    return [adam.state[p]["exp_avg"].norm() for adam in optimizers for p in adam.param_groups[0]["params"]]


class Run:
    def __init__(self, reference, dtype):
        sys.path.insert(0, reference)
        from deepfill import Critic, Generator

        load = lambda name: {k: v.to(dtype) for k, v in load_file(os.path.join(HERE, name + ".safetensors")).items()}
        self.dtype = dtype
        self.generator = Generator(WIDTH).to(dtype)
        critics = {"global": Critic(SIDE, 4, WIDTH), "local": Critic(WINDOW, 8, WIDTH)}
        self.critics = torch.nn.ModuleDict(critics).to(dtype)
        self.generator.load_state_dict(load("generator_tiny_oihw"))
        self.critics.load_state_dict(load("critics_tiny_oihw"))
        self.adam = [torch.optim.Adam(n.parameters(), RATE, betas=(0.5, 0.9)) for n in (self.generator, self.critics)]

    def get_names(self):
        return [name for net in (self.generator, self.critics) for name, _ in net.named_parameters()]

    def step(self, given, step):
        real, mask, discount = get_batch(given, step, self.dtype)
        corners, known = given["corners"][step], 1 - mask
        views = {"global": lambda x: x, "local": lambda x: get_windows(x, corners)}
        coarse, refined, _ = self.generator(real * known, mask)
        completed = refined * mask + real * known
        gaps, penalties = [], []
        for (name, critic), t in zip(self.critics.items(), given["t"][step].to(self.dtype)):
            view = views[name]
            a, b = view(real), view(completed.detach())
            mixed = (a + t[:, None, None, None] * (b - a)).requires_grad_(True)
            slope, = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)
            gaps.append(critic(a).mean() - critic(b).mean())
            penalties.append(((slope * view(mask)).flatten(1).norm(dim=1) - 1).square().mean())
        self.adam[1].zero_grad()
        (10 * sum(penalties) - sum(gaps)).backward()
        self.adam[1].step()

        distances = [(x - real).abs() for x in (coarse, refined)]
        l1 = [(d * discount).sum() / (3 * BATCH * WINDOW ** 2) for d in distances]
        ae = [(d * known).mean() / known.mean() for d in distances]
        ae = 1.2 * ae[0] + ae[1]
        adversarial = -sum(critic(views[name](completed)).mean() for name, critic in self.critics.items())
        self.adam[0].zero_grad()
        (0.001 * adversarial + 1.2 * (1.2 * l1[0] + l1[1]) + 1.2 * ae).backward()
        self.adam[0].step()
        return [*l1, ae, *penalties, *gaps, adversarial], get_norms(*self.adam)


def take_steps(reference, dtype, given):
    run = Run(reference, dtype)
    losses, norms = zip(*(run.step(given, i) for i in range(STEPS)))
    stack = lambda rows: torch.stack([torch.stack(list(row)) for row in rows]).detach().double()
    return stack(losses), stack(norms), run.get_names()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("reference")
    parser.add_argument("--single", action="store_true")
    args = parser.parse_args()
    given = make_input()
    losses, norms, names = take_steps(args.reference, torch.float64, given)
    if args.single:
        single_losses, single_norms, _ = take_steps(args.reference, torch.float32, given)
        for i in range(STEPS):
            off = ((single_norms[i] - norms[i]).abs() / norms[i].clamp_min(1e-12))
            print(f"step {i + 1}: losses {(single_losses[i] - losses[i]).abs().max():.1e},"
                  f" norms {off.max():.1e} of {names[off.argmax()]}")
        return
    record = {"losses": losses.float(), "rate": torch.tensor([RATE])}
    for i, name in enumerate(names):
        record["norms." + name] = norms[:, i].float()
    save_file(given | record, os.path.join(HERE, "ten_steps.safetensors"))


if __name__ == "__main__":
    main()
