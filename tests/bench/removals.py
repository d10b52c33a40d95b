#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty removals in large photos, to be looked at: removals.py LACUNA PHOTOS OUT [OPTION …]

Fills what removals.json beside this file marks in the photos of the folder PHOTOS, with further options of "lacuna fill",
and writes fills and sheets (photo with the outline, fill) to the folder OUT. The file tells where each photo is from; those
without polygons have a mask beside them, NAME.mask.png. Photos that are not there are left out. Needs Pillow.
"""
import json
import pathlib
import subprocess
import sys

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

WIDTH = 900  # of either half of a sheet, at most
AROUND = 0.3  # of the hole's size, on each side


def make_mask(removal, photo_path, size):
    if "polygons" not in removal:
        return Image.open(photo_path.parent / f"{photo_path.stem}.mask.png").convert("L")
    mask = Image.new("L", size)
    for polygon in removal["polygons"]:
        ImageDraw.Draw(mask).polygon([tuple(corner) for corner in polygon], fill=255)
    return mask


def make_sheet(photo, mask, filled):
    outline = ImageChops.subtract(mask.filter(ImageFilter.MaxFilter(7)), mask)
    marked = photo.copy()
    marked.paste((255, 0, 255), mask=outline)
    left, top, right, bottom = mask.getbbox()
    across, down = int(AROUND * (right - left)), int(AROUND * (bottom - top))
    box = (max(left - across, 0), max(top - down, 0), min(right + across, photo.width), min(bottom + down, photo.height))
    halves = [ImageOps.contain(image.crop(box), (WIDTH, WIDTH)) if box[2] - box[0] > WIDTH else image.crop(box)
              for image in (marked, filled)]
    sheet = Image.new("RGB", (2 * halves[0].width + 8, halves[0].height), "white")
    for i, half in enumerate(halves):
        sheet.paste(half, (i * (halves[0].width + 8), 0))
    return sheet


def main(lacuna, photos, out, *options):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    removals = json.loads((pathlib.Path(__file__).parent / "removals.json").read_text())
    for name, removal in removals.items():
        path, filled, mask_path = pathlib.Path(photos) / removal["photo"], out / f"{name}.png", out / f"{name}.mask.png"
        if not path.exists():
            print(f"{name}: {path.name} is not there")
            continue
        photo = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        mask = make_mask(removal, path, photo.size)
        mask.save(mask_path)
        subprocess.run([lacuna, "fill", path, mask_path, "-o", filled, *options], check=True)
        make_sheet(photo, mask, Image.open(filled).convert("RGB")).save(out / f"{name}.sheet.png")
        print(f"{name}: {removal['what']}", flush=True)


main(*sys.argv[1:])
