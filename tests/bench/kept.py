# SPDX-License-Identifier: GPL-3.0-or-later
"""The work on photos as it lies on the disk, read without the program; and what a window that has it open shows."""

import collections
import hashlib
import json
import os
import pathlib
import typing
import urllib.parse

from gi.repository import GLib

TILE = 256
DELTA, LINES = 'a(uay)', 'aa(dd)'  # types of changes of a mask, by tiles of bits, and of lines
STEERS = ('avoided', 'preferred')


class Shown(typing.NamedTuple):
    """What a window tells of a photo. The first five are told at once, the others take a closer look."""
    modified: bool
    marks: str
    undo: bool
    redo: bool
    fill: bool
    variants: typing.Optional[tuple] = None  # how many, and the index of the chosen one
    learnt: typing.Optional[bool] = None  # whether what was learnt is used; None: nothing was

    def glance(self):
        return self[:5]


def unpack_mask(variant):
    tiles = (variant.get_child_value(i) for i in range(variant.n_children()))
    return {tile.get_child_value(0).get_uint32():
            int.from_bytes(tile.get_child_value(1).get_data_as_bytes().get_data(), 'little') for tile in tiles}


class Step:
    """One that was read from its file: its masks are the tiles that change of the hole, and of what steers."""

    def __init__(self, path):
        data = path.read_bytes()
        variant = GLib.Variant.new_from_bytes(GLib.VariantType('(sv)'), GLib.Bytes.new(data), False)
        content = variant.get_child_value(1).get_variant()
        kind = content.get_type_string()
        parts = [content]
        if kind.startswith('(' + DELTA):
            parts = [content.get_child_value(i) for i in range(content.n_children())]
        masks = [unpack_mask(part) for part in parts if part.get_type_string() == DELTA]
        lines = [part.n_children() for part in parts if part.get_type_string() == LINES]
        self.sum, self.title = hashlib.sha256(data).hexdigest(), variant.get_child_value(0).get_string()
        self.masks = masks + [{}] * (1 + len(STEERS) - len(masks))
        self.n_lines = lines[0] if lines else None
        self.is_fill = not masks


class Kept:
    """A session, or that of a photo of which nothing was kept yet."""

    def __init__(self, size, folder=None):
        self.size, self.folder = size, folder
        self.steps, self.names, self.saved, self.position = [], [], [], 0
        self.learnt, self.filling, self.state, self.time = None, False, 'undone', 0.0
        if folder is not None:
            self.read(folder / 'session.json')

    def read(self, path):
        told = json.loads(path.read_text(encoding='utf-8'))
        self.time = path.stat().st_mtime
        self.photo = pathlib.Path(urllib.parse.unquote(urllib.parse.urlsplit(told['photo']).path)).name
        self.size, self.names, self.saved = (told['width'], told['height']), told['steps'], told['saved']
        self.position, self.filling, self.state = told['position'], told['filling'], told['state']
        self.steps = [Step(self.folder / name) for name in self.names]
        self.learnt = told.get('learnt')
        if not 0 <= self.position <= len(self.steps):
            raise ValueError(f'{self.position} of {len(self.steps)} steps')
        if self.learnt:
            self.learnt['sum'] = hashlib.sha256((self.folder / self.learnt['file']).read_bytes()).hexdigest()

    def get_content(self):
        """All that must stay."""
        return [step.sum for step in self.steps], self.position, self.saved, self.learnt, self.filling

    def get_sums(self):
        return [step.sum for step in self.steps]

    def get_titles(self):
        return [step.title for step in self.steps]

    def compose_mask(self, i):
        """The hole, or what steers, by the steps in force."""
        tiles = collections.Counter()
        for step in self.steps[:self.position]:
            for tile, bits in step.masks[i].items():
                tiles[tile] ^= bits
        return tiles

    def is_marked(self, i, x, y):
        width = -(-self.size[0] // TILE)
        tile = self.compose_mask(i)[y // TILE * width + x // TILE]
        return bool(tile >> (y % TILE * TILE + x % TILE) & 1)

    def get_share(self, i):
        """In percent of the photo."""
        return 100 * sum(bits.bit_count() for bits in self.compose_mask(i).values()) / (self.size[0] * self.size[1])

    def describe_marks(self):
        shares = [self.get_share(i) for i in range(1 + len(STEERS))]
        sentences = [f'{shares[0]:.1f} % of it is marked.' if shares[0] else 'Nothing is marked.']
        sentences += [f'{share:.2f} % of it is {what}.' for share, what in zip(shares[1:], STEERS) if share]
        lines = [step.n_lines for step in self.steps[:self.position] if step.n_lines is not None]
        if lines and lines[-1]:
            sentences.append(f'Edges are to follow {lines[-1]} line{"s" if lines[-1] > 1 else ""}.')
        return ' '.join(sentences)

    def list_variants(self):
        """The indices of the fills of the hole as it rests: those around the last one without a change of the hole
        between them."""
        last = max((i for i in range(self.position) if self.steps[i].is_fill), default=None)
        if last is None or any(step.masks[0] for step in self.steps[last:self.position]):
            return []
        first, end = last, last
        while first > 0 and not self.steps[first - 1].masks[0]:
            first -= 1
        while end < len(self.steps) and not self.steps[end].masks[0]:
            end += 1
        return [i for i in range(first, end) if self.steps[i].is_fill]

    def show(self):
        fills = [name for name, step in zip(self.names[:self.position], self.steps) if step.is_fill]
        variants = self.list_variants()
        chosen = sum(i < self.position for i in variants) - 1
        return Shown(fills != self.saved, self.describe_marks(), self.position > 0 and not self.filling,
                     self.position < len(self.steps) and not self.filling, self.get_share(0) > 0 and not self.filling,
                     (len(variants), chosen) if len(variants) > 1 else None,
                     self.learnt['used'] if self.learnt else None)

    def __str__(self):
        titles = [*self.get_titles()[:self.position], '|', *self.get_titles()[self.position:]]
        return f'[{" ".join(titles)}{" filling" if self.filling else ""}{" learnt" if self.learnt else ""}]'


def read_all():
    """The sessions by the names of their photos. Files that the program replaces meanwhile are read again."""
    root = pathlib.Path(os.environ['XDG_DATA_HOME'], 'lacuna', 'sessions')
    for attempt in range(20):
        try:
            found = [Kept(None, path.parent) for path in root.glob('*/session.json')]
            break
        except FileNotFoundError:
            if attempt == 19:
                raise
    if len({kept.photo for kept in found}) < len(found):
        raise ValueError('A photo has several sessions')
    return {kept.photo: kept for kept in found}
