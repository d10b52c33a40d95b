#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether fills obey who steers them, and tell where each pixel comes from: on photos with holes.

    obeys.py PHOTOS MASKS [MASKS …]

Each photo of the folder PHOTOS whose mask, of the same stem, is in a folder MASKS is filled, and this has to hold:

- avoided, 48×48 pixels from which most is copied: the fill changes, and neither copies nor attention are from there, nor
  copies where they may be turned, mirrored and scaled;
- preferred, the quarter of the photo with the least of the hole: of no query the share of the attention there falls with
  strength; at 0 nothing changes; at 1 all attention and all copies are from there, unless a note tells why not;
- traced, all these fills and one with a line: the shares of a filled pixel sum to 1, none is the hole's, and its sources
  with the correction are the pixel; copies lie beside each other as they are said to be changed.

Fails where anything is broken. Needs the library's introspection (GI_TYPELIB_PATH) and numpy.
"""
import argparse
import pathlib
import sys

import gi
import numpy as np

gi.require_version("Lacuna", "0")
from gi.repository import GLib, Lacuna

STRENGTHS = 0, 0.25, 0.5, 0.75, 1
SIDE = 48  # of what is avoided
CELL = 8  # pixels of the network
PASTED, COMPARED = 4, 8  # of them, around a key's cell (engine/network/NETWORK.md, “Contextual attention”, steps 1 and 3)
N_POINTS = 200  # whose sources are told
ROUNDING = 1e-4  # of a query's shares
SUM_ROUNDING = 1e-3  # of a pixel's
MOST_OFF = 1  # level
LEAST_ALIKE = 0.6  # of neighbours that are changed alike, whose sources are neighbours too
LEAST_PAIRS = 200  # of them, to judge by
TRANSFORMS = Lacuna.Transforms.TURNED | Lacuna.Transforms.MIRRORED | Lacuna.Transforms.SCALED


def view(data, dtype, *shape):
    return np.frombuffer(data.get_data(), dtype).reshape(shape)


def get_colours(photo):
    """In levels of 255."""
    dtype, levels = (np.uint16, 257) if photo.get_depth() == 16 else (np.uint8, 1)
    pixels = view(photo.dup_bytes(), dtype, photo.get_height(), photo.get_width(), photo.get_bands())
    return np.broadcast_to(pixels[..., :3 if pixels.shape[2] >= 3 else 1], (*pixels.shape[:2], 3)) / levels


def make_mask(marked):
    height, width = marked.shape
    return Lacuna.Mask.new_from_bytes(width, height, GLib.Bytes.new(marked.astype(np.uint8).tobytes()))


def cut(plane, left, top, width, height):
    """What a box holds of a plane, beyond which it may reach."""
    return plane[max(top, 0):max(top + height, 0), max(left, 0):max(left + width, 0)]


def make_box(shape, *box):
    marked = np.zeros(shape, bool)
    cut(marked, *box)[:] = True
    return marked


def sum_boxes(plane, left, top, right, bottom):
    sums = np.pad(plane.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]


class Case:
    """A photo with a hole."""

    def __init__(self, engine, photo_path, mask_path):
        self.engine = engine
        self.photo = Lacuna.Photo.load(str(photo_path), None)
        self.mask = Lacuna.Mask.load(str(mask_path), None)
        self.shape = self.photo.get_height(), self.photo.get_width()
        self.hole = view(self.mask.dup_bytes(), np.uint8, *self.shape) > 0
        self.colours = get_colours(self.photo)
        self.broken = []

    def expect(self, held, what):
        if not held:
            self.broken.append(what)


class Fill:
    """A fill, and the sources of each pixel of the hole, their weights, the correction and the rest."""

    def __init__(self, case, name, avoid=None, prefer=None, strength=0, line=None, transforms=0):
        options = Lacuna.FillOptions.new()
        options.keep_scores = options.keep_features = True
        options.transforms = transforms
        options.set_avoid(avoid)
        options.set_prefer(prefer, strength)
        options.set_lines(line)
        self.name, self.transforms_allowed = name, transforms
        self.fill = case.engine.fill(case.photo, case.mask, options, None, None, None)
        self.regions = [self.fill.get_region(i) for i in range(self.fill.get_n_regions())]
        self.pixels = get_colours(self.fill.apply(case.photo, Lacuna.Stage.DETAIL))[case.hole]
        self.attention = [get_attention(region) for region in self.regions]
        for shares in self.attention:
            sum_off = abs(shares.sum(1) - 1).max()
            case.expect(sum_off <= SUM_ROUNDING, f"{name}: shares of the attention sum to 1 ± {sum_off:.2g}")
        self.trace(case)
        self.check_trace(case)

    def trace(self, case):
        box = Lacuna.Box()
        box.height, box.width = case.shape
        provenance = Lacuna.Provenance.new(self.fill, case.photo, box)
        n, array = provenance.get_n_sources(), Lacuna.ProvenanceArray
        planes = [view(provenance.dup_array(kind), dtype, number, *case.shape) for kind, dtype, number in (
            (array.OFFSETS, np.int16, 2 * n), (array.WEIGHTS, np.float32, n), (array.INVENTED, np.float32, 1),
            (array.CORRECTION, np.float32, 3), (array.TRANSFORMS, np.uint8, n))]
        offsets, self.weights, self.invented, self.correction, self.transforms = (plane[:, case.hole] for plane in planes)
        self.y, self.x = (place + offsets[1 - i::2] for i, place in enumerate(np.nonzero(case.hole)))
        case.expect(not any(plane[:, ~case.hole].any() for plane in planes), f"{self.name}: known pixels have sources")
        case.expect(min(self.y.min(), self.x.min()) >= 0, f"{self.name}: copies from beyond the photo")

    def check_trace(self, case):
        samples = case.colours[self.y, self.x] / 127.5 - 1
        assembled = ((self.weights[..., None] * samples).sum(0) + self.correction.T + 1) * 127.5
        self.off = abs(assembled - self.pixels).max()
        sums_off = abs(self.weights.sum(0) + self.invented - 1).max()
        case.expect(self.off <= MOST_OFF, f"{self.name}: {self.off:.1f} levels from what is traced")
        case.expect(sums_off <= SUM_ROUNDING, f"{self.name}: shares sum to 1 ± {sums_off:.2g}")
        case.expect(not self.copies_of(case.hole), f"{self.name}: copies from the hole")
        case.expect(self.transforms_allowed or not self.transforms.any(), f"{self.name}: changed copies")
        for transform, alike in self.list_alike(case):
            case.expect(alike >= LEAST_ALIKE, f"{self.name}: {alike:.0%} of the copies lie as transform {transform} says")

    def list_alike(self, case):
        """Of each transform: of how many pixels the right neighbour's source lies where it puts that."""
        y, x = np.nonzero(case.hole)
        kinds = np.where(self.weights[0] > 0, self.transforms[0], 255)
        pairs = np.nonzero((np.diff(y) == 0) & (np.diff(x) == 1) & (np.diff(kinds) == 0) & (kinds[1:] != 255))[0]
        across, down = np.diff(self.x[0])[pairs], np.diff(self.y[0])[pairs]
        for kind in np.unique(kinds[pairs]):
            own = kinds[pairs] == kind
            if own.sum() >= LEAST_PAIRS:
                step = get_step(int(kind))
                yield kind, ((abs(across - step[0]) < 1) & (abs(down - step[1]) < 1))[own].mean()

    def copies_of(self, marked):
        """The share of marked pixels in the copies."""
        return self.weights[marked[self.y, self.x]].sum() / max(self.weights.sum(), 1)


def get_step(transform):
    """Where a copy's right neighbour lies in the photo."""
    turns, sign = transform & 3, -1 if transform & Lacuna.Transformed.MIRRORED else 1
    scale = 3 / 4 if transform & Lacuna.Transformed.LARGER else 4 / 3 if transform & Lacuna.Transformed.SMALLER else 1
    return sign * scale * (1, 0, -1, 0)[turns], -scale * (0, 1, 0, -1)[turns]


def get_place(region):
    """What tells a region's window and hole from others'."""
    return tuple((box.x, box.y, box.width, box.height) for box in (region.get_box(), region.get_hole()))


def get_attention(region):
    """The share that each query of the hole has of each key."""
    box, hole, side = region.get_box(), region.get_hole(), CELL << region.get_halvings()
    y, x = np.nonzero(view(region.dup_array(Lacuna.RegionArray.MASK), np.uint8, hole.height, hole.width))
    columns, n = region.get_grid_width(), region.get_grid_width() * region.get_grid_height()
    queries = np.unique((hole.y + y - box.y) // side * columns + (hole.x + x - box.x) // side)
    return view(region.dup_array(Lacuna.RegionArray.ATTENTION), np.float32, n, n)[queries].astype(float)


def find_keys(region, marked, margin):
    """The keys of which some, and those of which all is marked of what they cover in the photo: margin around their cells."""
    box, scale = region.get_box(), 1 << region.get_halvings()

    def cover(start, n, size, limit):
        first = np.arange(n) * CELL - margin
        return [(start + scale * ends.clip(0, size)).clip(0, limit) for ends in (first, first + CELL + 2 * margin)]

    left, right = cover(box.x, region.get_grid_width(), region.get_width(), marked.shape[1])
    top, bottom = (ends[:, None] for ends in cover(box.y, region.get_grid_height(), region.get_height(), marked.shape[0]))
    n_marked = sum_boxes(marked.astype(int), left, top, right, bottom)
    some = n_marked > 0
    return some.ravel(), (some & (n_marked == (right - left) * (bottom - top))).ravel()


def list_told(case, region):
    """The boxes of the sources that are told of some points of the hole."""
    y, x = np.nonzero(case.hole)
    point = Lacuna.Box()
    point.width = point.height = 1
    for i in np.linspace(0, len(x) - 1, N_POINTS).astype(int):
        point.x, point.y = int(x[i]), int(y[i])
        for *box, _ in Lacuna.explain_list_sources(region, point).unpack():
            yield box


def find_most_copied(case, fill):
    """The square from which more is copied than from any other, without the hole."""
    copies = np.zeros(case.shape)
    np.add.at(copies, (fill.y, fill.x), fill.weights)
    left, top = np.arange(case.shape[1] - SIDE + 1), np.arange(case.shape[0] - SIDE + 1)[:, None]
    sums = sum_boxes(copies, left, top, left + SIDE, top + SIDE)
    y, x = np.unravel_index(sums.argmax(), sums.shape)
    return make_box(case.shape, x, y, SIDE, SIDE) & ~case.hole


def find_quarter(case, fill):
    """The quarter of the photo with the least of the hole and then the most of the first window, without the hole."""
    height, width = case.shape
    box = fill.regions[0].get_box()
    window = make_box(case.shape, box.x, box.y, box.width, box.height)
    quarters = [make_box(case.shape, x, y, width // 2, height // 2) for y in (0, height // 2) for x in (0, width // 2)]
    return min(quarters, key=lambda quarter: ((quarter & case.hole).sum(), -(quarter & window).sum())) & ~case.hole


def draw_line(case):
    """Across the photo, through the middle of the hole's pixels."""
    rows = np.nonzero(case.hole)[0]
    y = int(rows[len(rows) // 2])
    return GLib.Variant("aa(dd)", [[(0, y), (case.shape[1] - 1, y)]])


def check_avoided(case, plain):
    """Returns the share of the copies that is avoided then, and the fills."""
    marked = find_most_copied(case, plain)
    mask = make_mask(marked)
    avoided = Fill(case, "avoided", avoid=mask)
    changed = Fill(case, "transforms", avoid=mask, transforms=TRANSFORMS)
    case.expect((avoided.pixels != plain.pixels).any(), "avoided: the fill is the same")
    for fill in avoided, changed:
        share = fill.copies_of(marked)
        case.expect(share == 0, f"{fill.name}: {share:.2%} copied from what is avoided")
        for region, attention in zip(fill.regions, fill.attention):
            share = attention[:, find_keys(region, marked, COMPARED)[0]].sum(1).max()
            case.expect(share == 0, f"{fill.name}: {share:.2g} of the attention is what is avoided")
            told = any(cut(marked, *box).any() for box in list_told(case, region))
            case.expect(not told, f"{fill.name}: told to be from what is avoided")
    return plain.copies_of(marked), avoided, changed


def measure_attention(case, region, attention, marked):
    """The share of each query that is of keys that are all marked or, where none is, of those in part; NaN: there are none."""
    known = ~find_keys(region, case.hole, COMPARED)[0]
    some, every = find_keys(region, marked, PASTED)
    keys = every if (every & known).any() else some
    return attention[:, keys].sum(1) / attention.sum(1) if (keys & known).any() else np.full(1, np.nan)


def check_preferred(case, plain):
    """Returns the shares of the attention and of the copies by strength, the notes, and whether a window was widened."""
    marked = find_quarter(case, plain)
    mask = make_mask(marked)
    attended, copies, notes, widened, before = [], [], [], False, {}
    for strength in STRENGTHS:
        fill = Fill(case, f"preferred by {strength}", prefer=mask, strength=strength)
        notes += [note for note in fill.fill.get_notes() if "preferred" in note and note not in notes]
        shares = {get_place(region): measure_attention(case, region, attention, marked)
                  for region, attention in zip(fill.regions, fill.attention)}
        for place, share in shares.items():
            fall = (before.get(place, share) - share).max()
            case.expect(not fall > ROUNDING, f"{fill.name}: the attention there falls by {fall:.2g}")
            case.expect(strength < 1 or notes or not share.min() < 1 - ROUNDING,
                        f"{fill.name}: {1 - share.min():.2g} of the attention is elsewhere")
        case.expect(strength > 0 or (fill.pixels == plain.pixels).all(), f"{fill.name}: the fill is another")
        elsewhere = fill.copies_of(~marked)
        case.expect(strength < 1 or notes or elsewhere == 0, f"{fill.name}: {elsewhere:.2%} copied from elsewhere")
        attended.append(np.concatenate(list(shares.values())).mean())
        copies.append(fill.copies_of(marked))
        widened |= bool(before) and shares.keys() != before.keys()
        before = shares
    return attended, copies, notes, widened


def check(case):
    """Returns the figures of a photo's fills."""
    plain = Fill(case, "plain")
    share, avoided, changed = check_avoided(case, plain)
    attended, copies, notes, widened = check_preferred(case, plain)
    line = Fill(case, "line", line=draw_line(case))
    return {"avoided": share, "attended": attended, "copies": copies, "notes": notes, "widened": widened,
            "falls": [strength for strength, step in zip(STRENGTHS[1:], np.diff(copies)) if step < 0],
            "lined": (line.pixels != plain.pixels).any(1).mean(), "changed": (changed.transforms != 0).mean(),
            "off": max(fill.off for fill in (plain, avoided, changed, line))}


def list_shares(shares):
    return " ".join(f"{share:.3f}" for share in shares)


def tell(figures):
    told = [f"avoided {figures['avoided']:.0%} of the copies",
            f"preferred {list_shares(figures['attended'])} of the attention, {list_shares(figures['copies'])} of the copies"]
    told += [f"which fall at {strength}" for strength in figures["falls"]] + ["window widened"] * figures["widened"]
    told += [*figures["notes"], f"line changes {figures['lined']:.0%}", f"{figures['changed']:.0%} of the copies changed"]
    return "; ".join(told + [f"{figures['off']:.2f} levels off"])


def sum_up(fills, n_broken):
    """Means of the fills and, of what is preferred, of those in which no note tells that it is not followed."""
    followed = [figures for figures in fills if not figures["notes"]]
    avoided, lined, changed = (np.mean([figures[name] for figures in fills]) for name in ("avoided", "lined", "changed"))
    print(f"{len(fills)} holes, {n_broken} of them with something broken; traced within "
          f"{max(figures['off'] for figures in fills):.2f} levels")
    print(f"avoided: {avoided:.0%} of the copies; a line changes {lined:.0%} of the pixels; {changed:.0%} of the copies changed")
    print(f"not preferred, as a note tells: {len(fills) - len(followed)}; windows widened: "
          f"{sum(figures['widened'] for figures in fills)}; copies that fall: {sum(bool(figures['falls']) for figures in fills)}")
    for name, what in ("attended", "attention"), ("copies", "copies"):
        means = np.nanmean([figures[name] for figures in followed], axis=0) if followed else []
        print(f"preferred by {' '.join(map(str, STRENGTHS))}: {list_shares(means)} of the {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("masks", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    engine = Lacuna.Engine.new(None, 0)
    fills, n_broken = [], 0
    for masks in options.masks:
        for photo in sorted(options.photos.iterdir()):
            mask = masks / f"{photo.stem}.png"
            if mask.exists():
                case = Case(engine, photo, mask)
                fills.append(check(case))
                n_broken += bool(case.broken)
                print(f"{masks.name}/{photo.stem}: {tell(fills[-1])}", *(f"  broken: {what}" for what in case.broken),
                      sep="\n", flush=True)
    if not fills:
        sys.exit("No photo has a mask.")
    sum_up(fills, n_broken)
    sys.exit(n_broken > 0)


main()
