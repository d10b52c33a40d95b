# SPDX-License-Identifier: GPL-3.0-or-later
"""Several photos: opened by their folder, marked by the mask of one, filled and saved, while the window answers."""

import os
import pathlib
import time

import desktop
import keys
import layout
from desktop import GdkPixbuf, Picture, expect, get_name, is_sensitive, move, press, wait, xdotool

N = 20
SIDE = 256  # pixels, of all but the last photo, which is twice as large
HOLE = (0.4, 0.4, 0.5, 0.5)  # what is brushed goes from there to there, in shares of the photo
NARROW = 600  # pixels, below which the strip's pictures are asked for
REACH = 0.12  # the widest that the brush can have reached beyond it
PAUSE = 3  # seconds: GTK 4.8 stumbles over questions about a dialog that comes or goes
# Milliseconds of processor time: what a photo decoded or filled in the main loop takes. It is told how long it worked.
BUSY = 200


def make_photos(scenario):
    """Parts of the sample, each another."""
    folder = scenario.folder / 'holiday'
    folder.mkdir()
    pixbuf = GdkPixbuf.Pixbuf.new_from_file(scenario.photo.path)
    width, height = pixbuf.get_width(), pixbuf.get_height()
    for i in range(N):
        side = min(width, height) // 2
        part = pixbuf.new_subpixbuf(i * (width - side) // N, i * (height - side) // N, side, side)
        size = SIDE * (2 if i == N - 1 else 1)
        part.scale_simple(size, size, GdkPixbuf.InterpType.BILINEAR).savev(str(folder / f'{i + 1}.png'), 'png', [], [])
    return folder


def await_told(program, text, patience=300):
    """In the dialog."""
    def look():
        program.check()
        return program.find('label', text, program.windows()[-1])
    wait(look, f'“{text}”', patience, pause=0.5)


def close_dialog(program):
    press('Return')
    time.sleep(PAUSE)
    wait(lambda: len(program.windows()) == 1, 'the dialog to close', pause=0.5)


# What is operated, by role and name.
WANTED = {('button', f'1 of {N}'), ('button', 'Use This Mask for All'), ('button', 'Fill All'), ('button', 'Fill'),
          ('image', 'Photo')}


def walk_back(node):
    """The last first: the strip is below all else."""
    yield node
    for child in reversed(list(desktop.children(node))):
        yield from walk_back(child)


class Parts:
    """Of the window, found once: asking for them by name is slow, and keeps the window from its work."""

    def __init__(self, program):
        self.program = program
        self.found = wait(self.look, 'the strip and the photo', pause=1)
        self.place, self.canvas = self.found['button', f'1 of {N}'], self.found['image', 'Photo']

    def look(self):
        found = {}
        for node in walk_back(self.program.windows()[0]):
            role = desktop.get_role(node)
            if role in ('button', 'image'):
                found.setdefault((role, get_name(node)), node)
            if WANTED <= found.keys():
                return found
        return None

    def can(self, name):
        return is_sensitive(self.found['button', name])

    def await_able(self, name):
        wait(lambda: self.can(name), f'{name} to be possible', pause=0.2)

    def await_place(self, number):
        wait(lambda: get_name(self.place) == f'{number} of {N}', f'“{number} of {N}”', pause=0.2)

    def open_dialog(self, name):
        self.await_able(name)
        x, y, width, height = self.program.get_box(self.found['button', name])
        move(x + width // 2, y + height // 2)
        xdotool('click', 1)
        time.sleep(PAUSE)
        wait(lambda: len(self.program.windows()) == 2, 'the dialog', pause=0.5)


def brush(scenario, parts):
    x, y, width, height = scenario.program.get_box(parts.canvas)
    side = min(SIDE, width, height)
    left, top = x + (width - side) / 2, y + (height - side) / 2
    a, b, c, d = HOLE
    desktop.drag([(left + side * (c if i % 2 else a), top + side * (b + (d - b) * i / 4)) for i in range(5)])
    parts.await_able('Fill')
    scenario.park()


def is_marked(scenario, parts):
    """Whether a picture in the strip shows what is brushed."""
    right, top, _, height = scenario.program.get_box(parts.place)
    pixels = scenario.program.capture().crop((0, top, right, 2 * height))
    return any(blue > green + 30 and red > green + 60 for red, green, blue in zip(*[iter(pixels)] * 3))


def use_small_model():
    """One that fills quickly: how well it does is no matter here."""
    model = pathlib.Path(__file__).parent / 'golden' / 'generator_tiny_oihw.safetensors'
    settings = pathlib.Path(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings', 'keyfile')
    settings.write_text(settings.read_text(encoding='utf-8') + f"model='{model}'\n", encoding='utf-8')


def compare(before, after):
    """Outside of what was brushed every byte is the photo's; inside some are not."""
    size = before.pixbuf.get_width()
    expect(size == after.pixbuf.get_width(), 'A result has another size')
    left, top, right, bottom = (round(size * share) for share in HOLE)
    reach = round(size * REACH)
    for box in ((0, 0, size, top - reach), (0, bottom + reach, size, size - bottom - reach),
                (0, top - reach, left - reach, bottom - top + 2 * reach),
                (right + reach, top - reach, size - right - reach, bottom - top + 2 * reach)):
        expect(before.crop(box) == after.crop(box), 'A photo was changed outside the mask')
    hole = (left, top, right - left, bottom - top)
    expect(before.crop(hole) != after.crop(hole), 'A hole was not filled')


def use_mask(scenario, parts):
    parts.open_dialog('Use This Mask for All')
    await_told(scenario.program, f'^The mask is in {N - 1} other photos')
    scenario.shoot('3-masked')
    close_dialog(scenario.program)
    stalls = [scenario.tell_stalls('mask for all')]
    # One step in the session of each.
    press('ctrl+Next')
    wait(lambda: '2.png' in scenario.program.get_title(), 'the second photo', pause=0.2)
    parts.await_place(2)
    parts.await_able('Fill')
    scenario.shoot('4-second')
    press('ctrl+z')
    wait(lambda: not parts.can('Fill'), 'the mask to be taken back', pause=0.2)
    press('ctrl+shift+z')
    parts.await_able('Fill')
    return stalls + [scenario.tell_stalls('next photo')]


def fill_all(scenario, parts):
    program = scenario.program
    parts.open_dialog('Fill All')
    await_told(program, f'^{N} photos are marked')
    await_told(program, '“1.png” becomes “1 filled.png”')
    scenario.shoot('5-asked')
    press('Return')
    time.sleep(PAUSE)
    # A quick machine is done by then.
    await_told(program, rf'^(Photo \d+ of {N}: |{N} photos were filled)')
    scenario.shoot('6-running')
    await_told(program, f'^{N} photos were filled and saved', patience=900)
    program.await_node('button', '^Show in Folder$')
    scenario.shoot('7-done')
    close_dialog(program)
    return scenario.tell_stalls('fill all')


def run_filmstrip(scenario):
    folder = make_photos(scenario)
    use_small_model()
    originals = {path.name: path.read_bytes() for path in folder.iterdir()}
    scenario.start(str(folder))
    wait(lambda: '1.png' in scenario.program.get_title(), 'the first photo', patience=300, pause=0.5)
    time.sleep(2)
    parts = Parts(scenario.program)
    scenario.shoot('1-opened')
    scenario.check_size()
    scenario.program.read_watchdog()
    brush(scenario, parts)
    scenario.shoot('2-brushed')
    if scenario.size[0] > NARROW:
        wait(lambda: is_marked(scenario, parts), 'the mark in the strip', pause=0.5)
    stalls = [scenario.tell_stalls('brush'), *use_mask(scenario, parts), fill_all(scenario, parts)]
    for i in range(N):
        name, path = f'{i + 1}.png', folder / f'{i + 1} filled.png'
        expect(path.exists(), f'“{path.name}” is missing')
        compare(Picture(str(folder / name)), Picture(str(path)))
        expect((folder / name).read_bytes() == originals[name], f'“{name}” was changed')
    scenario.shoot('8-saved')
    # What is told there lies above the strip.
    scenario.parts = layout.Parts(scenario.program)
    keys.Parts(scenario.program.windows()[0])
    layout.check_toast(scenario, scenario.size)
    print(f'# {scenario.name}: the main loop worked for {max(stalls):.0f} ms at most')
    expect(max(stalls) < BUSY, f'The main loop worked for {max(stalls)} ms at once')
    scenario.end()
