#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of training, critics and generator, beside the same step in PyTorch.

    train.py LACUNA REFERENCE [--python PYTHON] [--width 32] [--side 128] [--batch 4] [--runs 5] [--rounds 3]

REFERENCE is a folder whose module deepfill has the Generator and Critic of the
network in PyTorch; PYTHON is an interpreter that has torch. The two take turns,
so that both meet the machine's other work; each counts by its shortest step.
"""
import argparse
import json
import os
import subprocess
import sys
import time


def run_steps(reference, width, side, batch, runs):
    """The milliseconds of every step, after one that is not counted."""
    import torch
    sys.path.insert(0, reference)
    from deepfill import Critic, Generator

    torch.manual_seed(1)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    window = side // 2
    layout = torch.channels_last
    generator = Generator(width).to(memory_format=layout)
    critics = [Critic(side, 4).to(memory_format=layout), Critic(window, 8).to(memory_format=layout)]
    critic_parameters = [p for critic in critics for p in critic.parameters()]
    generator_adam = torch.optim.Adam(generator.parameters(), 1e-4, betas=(0.5, 0.9))
    critic_adam = torch.optim.Adam(critic_parameters, 1e-4, betas=(0.5, 0.9))
    average = [p.detach().clone() for p in generator.parameters()]
    real = (torch.rand(batch, 3, side, side) * 2 - 1).contiguous(memory_format=layout)
    corners = torch.randint(0, side - window + 1, (batch, 2)).tolist()
    mask = torch.zeros(batch, 1, side, side)
    for i, (y, x) in enumerate(corners):
        margin = window // 8
        mask[i, :, y + margin:y + window - margin, x + margin:x + window - margin] = 1
    discount = mask * 0.5

    def cut(pictures):
        return torch.stack([p[:, y:y + window, x:x + window] for p, (y, x) in zip(pictures, corners)])

    views = [lambda pictures: pictures, cut]

    def penalize(critic, a, b, where):
        t = torch.rand(batch, 1, 1, 1)
        mixed = (a + t * (b - a)).requires_grad_(True)
        slope, = torch.autograd.grad(critic(mixed).sum(), mixed, create_graph=True)
        norm = ((slope * where).flatten(1).square().sum(1) + 1e-12).sqrt()
        return (norm - 1).square().mean()

    def step():
        coarse, refined, _ = generator(real * (1 - mask), mask)
        completed = refined * mask + real * (1 - mask)
        loss = 0
        for critic, view in zip(critics, views):
            a, b = view(real), view(completed.detach())
            loss = loss + critic(b).mean() - critic(a).mean() + 10 * penalize(critic, a, b, view(mask))
        critic_adam.zero_grad(set_to_none=True)
        loss.backward()
        critic_adam.step()
        for p in critic_parameters:
            p.requires_grad_(False)
        loss = -0.001 * sum(critic(view(completed)).mean() for critic, view in zip(critics, views))
        for weight, x in (1.2, coarse), (1, refined):
            distance = (x - real).abs()
            loss = loss + 1.2 * weight * (distance * discount).mean() * (side / window) ** 2
            loss = loss + 1.2 * weight * (distance * (1 - mask)).mean() / (1 - mask).mean()
        generator_adam.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(generator.parameters(), 1.0)
        generator_adam.step()
        for p in critic_parameters:
            p.requires_grad_(True)
        with torch.no_grad():
            for kept, p in zip(average, generator.parameters()):
                kept.lerp_(p, 0.001)

    times = []
    for _ in range(runs + 1):
        start = time.monotonic()
        step()
        times.append((time.monotonic() - start) * 1e3)
    return times[1:]


def ask(command):
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("lacuna", help="the program, or - to print PyTorch's times alone")
    parser.add_argument("reference")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--side", type=int, default=128)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    sizes = [str(part) for name in ("width", "side", "batch", "runs") for part in (f"--{name}", getattr(args, name))]
    if args.lacuna == "-":
        print(json.dumps(run_steps(args.reference, args.width, args.side, args.batch, args.runs)))
        return
    ours, theirs = [], []
    for _ in range(args.rounds):
        ours += ask([args.lacuna, "bench", "train", "--json", *sizes])["runs_ms"]
        theirs += ask([args.python, __file__, "-", args.reference, *sizes])
    print(json.dumps({"lacuna_ms": min(ours), "pytorch_ms": min(theirs), "ratio": min(theirs) / min(ours),
                      "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
