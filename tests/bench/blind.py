#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of two ways to fill is chosen by who does not know which is which: blind.py PHOTOS MASKS FIRST SECOND [--seed N]

FIRST and SECOND are folders of fills, as "lacuna eval --keep" writes them: STEM.png for each photo, whose hole is STEM.png
in MASKS. A window shows the photo with its hole in grey, and the two fills at 1:1, holes and sides in a random order:

  Left, Right   that fill is better; Down: they are even
  1, 2          the left, the right one is broken (again: it is not)
  BackSpace     one hole back; Escape: ends before the last one

Then a table tells of each folder how often it was chosen, and called broken. With --sheets FOLDER nothing is shown, but the
same holes are written as numbered pictures, for eyes elsewhere; their answers come back with --choices FILE, whose lines are
"NUMBER left|right|even [left-broken] [right-broken]". Holes that both fill alike are even, and not shown. Needs Pillow.
"""
import argparse
import pathlib
import random
import sys

from PIL import Image, ImageChops

AROUND = 64  # pixels shown around the hole
ALIKE = 2  # levels
GAP = 8


class Hole:
    """What is shown of a photo: the hole in grey, and both fills; swapped: the second one is the left one."""

    def __init__(self, photo, mask, fills):
        left, top, right, bottom = mask.getbbox()
        box = (max(left - AROUND, 0), max(top - AROUND, 0), min(right + AROUND, photo.width),
               min(bottom + AROUND, photo.height))
        grey = photo.copy()
        grey.paste((128, 128, 128), mask=mask)
        self.images = [image.crop(box) for image in (grey, *fills)]
        self.swapped = False
        self.choice, self.broken = None, set()

    def is_alike(self):
        difference = ImageChops.difference(self.images[1], self.images[2])
        return max(high for _, high in difference.getextrema()) <= ALIKE

    def draw(self):
        width, height = self.images[0].size
        picture = Image.new('RGB', (3 * width + 2 * GAP, height), 'white')
        for i, image in enumerate([self.images[0], *self.images[:0:-1]] if self.swapped else self.images):
            picture.paste(image, (i * (width + GAP), 0))
        return picture

    def choose(self, side):
        self.choice = side if side == 'even' else (side == 'right') != self.swapped  # the second one

    def turn_broken(self, side):
        self.broken ^= {(side == 'right') != self.swapped}


def read_holes(photos, masks, folders, seed):
    """In a random order; and how many both fill alike."""
    chance, holes, n_alike = random.Random(seed), [], 0
    for path in sorted(photos.iterdir()):
        mask, *fills = (folder / f'{path.stem}.png' for folder in (masks, *folders))
        if path.is_file() and mask.exists() and all(fill.exists() for fill in fills):
            hole = Hole(Image.open(path).convert('RGB'), Image.open(mask).convert('L').point(lambda level: 255 * (level > 127)),
                        [Image.open(fill).convert('RGB') for fill in fills])
            if hole.is_alike():
                n_alike += 1
            else:
                holes.append(hole)
    chance.shuffle(holes)
    # Exactly half of them: eyes lean to one side.
    for hole in chance.sample(holes, len(holes) // 2):
        hole.swapped = True
    return holes, n_alike


def write_sheets(holes, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for i, hole in enumerate(holes):
        hole.draw().save(folder / f'{i + 1:03}.png')


def read_choices(holes, path):
    for line in path.read_text(encoding='utf-8').splitlines():
        if line.strip():
            number, choice, *broken = line.split()
            if not 1 <= int(number) <= len(holes) or choice not in ('left', 'right', 'even') \
                    or set(broken) - {'left-broken', 'right-broken'}:
                sys.exit(f'“{line}” is no choice: NUMBER left|right|even [left-broken] [right-broken]')
            holes[int(number) - 1].choose(choice)
            for side in broken:
                holes[int(number) - 1].turn_broken(side.partition('-')[0])


def show(holes):
    import gi
    gi.require_version('Gtk', '4.0')
    from gi.repository import Gdk, GLib, Gtk

    loop, picture, label = GLib.MainLoop(), Gtk.Picture(can_shrink=False), Gtk.Label()
    window = Gtk.Window(title='Blind Comparison', default_width=1200, default_height=600)
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, spacing=12)
    position = 0

    def update():
        image, hole = holes[position].draw(), holes[position]
        picture.set_paintable(Gdk.MemoryTexture.new(image.width, image.height, Gdk.MemoryFormat.R8G8B8,
                                                    GLib.Bytes.new(image.tobytes()), 3 * image.width))
        broken = [side for side in ('left', 'right') if ((side == 'right') != hole.swapped) in hole.broken]
        label.set_text(f'{position + 1} of {len(holes)}. Left, Down (even) or Right; broken (1, 2): '
                       f'{" and ".join(broken) or "none"}')

    def on_key(_, key, *rest):
        nonlocal position
        name = Gdk.keyval_name(key)
        if name in ('Left', 'Right', 'Down'):
            holes[position].choose('even' if name == 'Down' else name.lower())
            position += 1
        elif name in ('1', '2'):
            holes[position].turn_broken('left' if name == '1' else 'right')
        elif name == 'BackSpace':
            position = max(position - 1, 0)
        if name == 'Escape' or position == len(holes):
            loop.quit()
        else:
            update()
        return True

    keys = Gtk.EventControllerKey()
    keys.connect('key-pressed', on_key)
    window.add_controller(keys)
    window.connect('close-request', lambda _: loop.quit())
    box.append(picture)
    box.append(label)
    window.set_child(box)
    update()
    window.present()
    loop.run()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('photos', 'masks', 'first', 'second'):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--sheets', type=pathlib.Path)
    parser.add_argument('--choices', type=pathlib.Path)
    options = parser.parse_args()
    holes, n_alike = read_holes(options.photos, options.masks, (options.first, options.second), options.seed)
    if options.sheets is not None:
        write_sheets(holes, options.sheets)
        return
    if options.choices is not None:
        read_choices(holes, options.choices)
    elif holes:
        show(holes)
    chosen = [hole for hole in holes if hole.choice is not None]
    n_even = n_alike + sum(hole.choice == 'even' for hole in chosen)
    print(f'{"":24} chosen  even  broken  of {n_alike + len(chosen)} holes, {n_alike} of them alike')
    for second, folder in enumerate((options.first, options.second)):
        n = sum(hole.choice != 'even' and hole.choice == bool(second) for hole in chosen)
        print(f'{str(folder)[-24:]:24} {n:6} {n_even:5} {sum(bool(second) in hole.broken for hole in chosen):7}')


if __name__ == '__main__':
    main()
