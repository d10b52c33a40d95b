#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the error of fills is larger where trust is low: on photos that are known.

    trust.py FOLDER MASKS [MASKS …] [--plot OUT.png]

Each photo of FOLDER whose mask, of the same stem, is in a folder MASKS is filled. A place is a block of 8×8 pixels, more
than half of which was filled: its trust is the mean, its error the mean difference to the photo in levels of 255. Needs
the library's introspection (GI_TYPELIB_PATH), numpy, scipy and, for the plot, matplotlib.
"""
import argparse
import pathlib

import gi
import numpy as np
from scipy.stats import spearmanr

gi.require_version("Lacuna", "0")
from gi.repository import Lacuna

BLOCK = 8


def view(data, dtype, *shape):
    return np.frombuffer(data.get_data(), dtype).reshape(shape)


def get_colours(photo):
    dtype, levels = (np.uint16, 257) if photo.get_depth() == 16 else (np.uint8, 1)
    pixels = view(photo.dup_bytes(), dtype, photo.get_height(), photo.get_width(), photo.get_bands())
    return (pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., :1]).astype(float) / levels


def cut(plane):
    """The blocks of a plane, a row of pixels each."""
    rows, columns = (side // BLOCK for side in plane.shape)
    plane = plane[:rows * BLOCK, :columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK)
    return plane.swapaxes(1, 2).reshape(-1, BLOCK * BLOCK)


def measure(engine, photo_path, mask_path):
    """Trust and error of each place of a fill."""
    photo = Lacuna.Photo.load(str(photo_path), None)
    fill = engine.fill(photo, Lacuna.Mask.load(str(mask_path), None), None, None, None, None)
    box = Lacuna.Box()
    box.width, box.height = photo.get_width(), photo.get_height()
    provenance = Lacuna.Provenance.new(fill, photo, box)
    trust = cut(view(provenance.dup_array(Lacuna.ProvenanceArray.TRUST), np.float32, box.height, box.width))
    error = cut(np.abs(get_colours(photo) - get_colours(fill.apply(photo, Lacuna.Stage.DETAIL))).mean(2))
    filled = trust > 0
    count = filled.sum(1)
    places = count > BLOCK * BLOCK / 2
    return (trust.sum(1)[places] / count[places], (error * filled).sum(1)[places] / count[places])


def draw(trust, error, path):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    edges = np.quantile(trust, np.linspace(0, 1, 21))
    where = np.clip(np.searchsorted(edges, trust, "right") - 1, 0, 19)
    quarters = np.array([np.quantile(error[where == i], (0.25, 0.5, 0.75)) for i in range(20)])
    middles = np.array([trust[where == i].mean() for i in range(20)])
    pyplot.figure(figsize=(5, 3.5))
    pyplot.plot(trust, error, ",", color="0.7")
    pyplot.plot(middles, quarters[:, 1], "o-", label="median")
    pyplot.fill_between(middles, quarters[:, 0], quarters[:, 2], alpha=0.3, label="middle half")
    pyplot.xlabel("trust")
    pyplot.ylabel("error in levels")
    pyplot.ylim(0, np.quantile(error, 0.98))
    pyplot.legend()
    pyplot.tight_layout()
    pyplot.savefig(path, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("masks", type=pathlib.Path, nargs="+")
    parser.add_argument("--plot")
    options = parser.parse_args()
    engine = Lacuna.Engine.new(None, 0)
    fills = []
    for masks in options.masks:
        for photo in sorted(options.folder.iterdir()):
            mask = masks / f"{photo.stem}.png"
            if mask.exists():
                fills.append(measure(engine, photo, mask))
                rank = spearmanr(*fills[-1]).correlation
                print(f"{masks.name}/{photo.stem}: {len(fills[-1][0])} places, rank correlation {rank:.2f}", flush=True)
    trust, error = (np.concatenate([fill[i] for fill in fills]) for i in range(2))
    means = np.array([[values.mean() for values in fill] for fill in fills])
    low, high = (error[part].mean() for part in (trust < np.quantile(trust, 0.2), trust > np.quantile(trust, 0.8)))
    print(f"{len(trust)} places of {len(fills)} fills: rank correlation of trust and error {spearmanr(trust, error)[0]:.3f}")
    print(f"of whole fills {spearmanr(*means.T)[0]:.3f}; within fills (mean) "
          f"{np.nanmean([spearmanr(*fill)[0] for fill in fills]):.3f}")
    print(f"mean error {low:.1f} levels where trust is least (a fifth of the places), {high:.1f} where it is most")
    if options.plot:
        draw(trust, error, options.plot)


main()
