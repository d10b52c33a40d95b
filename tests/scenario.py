#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does in a window, on a display of its own:

tests/with-display [--size WIDTHxHEIGHT] tests/scenario.py [--screenshots FOLDER] COMMAND SCENARIO

COMMAND is lacuna-window. The main loop's stalls are told where the module of watchdog.c is loaded.
"""

import argparse
import json
import math
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import beginning
import breaks
import desktop
import filmstrip
import keys
import layout
import lines
import models
import saving
import steering
import steps
import training
from selecting import run_select
from desktop import Failure, GdkPixbuf, Program, drag, enter, expect, is_same, is_sensitive, move, press, wait, xdotool

SAMPLE = 'zion-tunnel'
SAMPLE_NAME = '(?i)tunnel'
BRUSH_SHARE = 0.035  # of the photo's longer side, the diameter


class Photo:
    """A sample as PNG, so that what is saved can be compared with it exactly; and what is to be removed from it."""

    def __init__(self, data, folder, sample=SAMPLE, scale=1):
        pixbuf = GdkPixbuf.Pixbuf.new_from_file(str(data / 'samples' / f'{sample}.jpg'))
        kind = 'png' if scale == 1 else 'jpeg'
        self.name = f'{sample}.{kind}'
        self.path = str(folder / self.name)
        self.width, self.height = pixbuf.get_width(), pixbuf.get_height()
        box = self.find_box(desktop.Picture(str(data / 'samples' / f'{sample}.mask.png')))
        self.hole = tuple(side * scale for side in box)
        self.width, self.height = self.width * scale, self.height * scale
        if scale != 1:
            pixbuf = pixbuf.scale_simple(self.width, self.height, GdkPixbuf.InterpType.BILINEAR)
        pixbuf.savev(self.path, kind, [], [])
        # More than one, for a fill of more than a moment: the topmost is filled first.
        x, y, width, height = self.hole
        self.holes = [self.hole, (x // 8, y // 4, width, height), (x // 2, y // 6, width, height)]
        self.first_hole = self.holes[2]

    def find_box(self, mask):
        """The marked pixels' x, y, width, height."""
        rows = [y for y in range(self.height) if any(mask.crop((0, y, self.width, 1)))]
        columns = [x for x in range(self.width) if any(mask.crop((x, rows[0], 1, rows[-1] - rows[0] + 1)))]
        return columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1

    def place(self, box):
        """Maps points of the photo to the screen where it fits a pane that fills a box."""
        x, y, width, height = box
        scale = min(1, width / self.width, height / self.height)
        left, top = x + (width - self.width * scale) / 2, y + (height - self.height * scale) / 2
        return lambda at: (left + at[0] * scale, top + at[1] * scale)


class Scenario:
    def __init__(self, arguments, size, environment):
        self.command, self.screenshots, self.name = arguments.command, arguments.screenshots, arguments.scenario
        self.size, self.environment = size, environment
        self.data = pathlib.Path(os.environ['LACUNA_DATA'])
        self.folder = pathlib.Path(os.environ['HOME'])
        self.photo = Photo(self.data, self.folder)
        self.configure()

    def configure(self, first=False):
        """The window's size, and that the program was used before, is what the last run is said to have left."""
        settings = pathlib.Path(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings', 'keyfile')
        settings.parent.mkdir(parents=True, exist_ok=True)
        width, height = self.size
        lines = ['[org/lacuna/Lacuna]', f'window-width={width}', f'window-height={height}']
        if not first:
            lines += ['hints=false', f'prepared={self.get_prepared()!r}']
        settings.write_text('\n'.join(lines) + '\n', encoding='utf-8')

    def get_prepared(self):
        """What the program says of itself and of its device, once it has prepared that."""
        lacuna = os.path.join(os.path.dirname(self.command), 'lacuna')
        run = lambda *words: subprocess.run([lacuna, *words], check=True, capture_output=True, text=True).stdout
        device = json.loads(run('devices', '--json'))[0]
        return '; '.join([run('--version').split()[-1], device['name'], device['driver']])

    def start(self, photo=None):
        self.program = Program(self.command, self.environment, photo)
        xdotool('mousemove', self.size[0] // 2, 5)

    def shoot(self, state):
        """A picture of the screen at rest."""
        time.sleep(0.5)
        self.program.check()
        return self.keep(self.program.capture(), state)

    def keep(self, picture, state):
        if self.screenshots:
            self.screenshots.mkdir(parents=True, exist_ok=True)
            picture.save(str(self.screenshots / f'{self.name}-{state}.png'))
        return picture

    def keep_file(self, path):
        if self.screenshots:
            shutil.copy(path, self.screenshots / f'{self.name}-{path.name}')

    def tell_stalls(self, during):
        """How long the main loop stood still since it was last told, and how soon the pointer's motions were drawn."""
        blocked, gap, frames, worked = self.program.read_watchdog()
        print(f'# {self.name}, {during}: main loop blocked for {blocked:.0f} ms at most, in a gap of {gap:.0f} ms; '
              f'it worked for {worked:.0f} ms at most')
        if frames:
            most = sorted(frames)[math.ceil(0.95 * len(frames)) - 1]
            print(f'# {self.name}, {during}: {len(frames)} motions, drawn after {statistics.median(frames):.1f} ms '
                  f'in the median, {most:.1f} ms for 95 in 100, {max(frames):.0f} ms at most')
        return worked

    def check_size(self):
        size = self.program.get_window_size()
        expect(size[0] <= self.size[0] and size[1] <= self.size[1], f'The window does not fit: it is {size}')

    def is_narrow(self):
        return self.size[0] < 700

    def await_photo(self, title):
        wait(lambda: title in self.program.get_title(), f'“{title}” in the title')
        self.program.await_node('image', '^Photo$')
        self.fill_button = self.program.await_node('button', '^_?Fill$')

    def open_photo(self):
        """Hands the PNG over to the running program."""
        self.program.open(self.photo.path)
        self.await_photo(self.photo.name)

    def show(self, pane):
        """Shows a pane where there is space for one only."""
        if self.is_narrow():
            self.program.click('button', f'^{pane}$')
        return self.program.await_node('image', f'^{pane}$')

    def get_pane(self, pane):
        """A pane's place on the screen, less its rim, where captions and buttons lie over it."""
        return self.program.get_box(self.show(pane))

    def get_hole(self, pane, hole=None):
        """The place on the screen of the middle of a hole, in a pane."""
        to_screen = self.photo.place(self.get_pane(pane))
        x, y, width, height = hole or self.photo.hole
        left, top = to_screen((x + width / 4, y + height / 4))
        right, bottom = to_screen((x + 3 * width / 4, y + 3 * height / 4))
        return round(left), round(top), max(1, round(right - left)), max(1, round(bottom - top))

    def brush(self, n=6):
        """A zigzag of n lines over all that is to be removed, by a brush of the size that the program chose."""
        to_screen = self.photo.place(self.get_pane('Photo'))
        for x, y, width, height in self.photo.holes:
            drag([to_screen((x + (width if i % 2 else 0), y + height * i / n)) for i in range(n + 1)])
        wait(self.can_fill, 'something to fill')
        self.park()

    def park(self):
        """The pointer, where it changes nothing."""
        move(self.size[0] // 2, 8)

    def can_fill(self):
        return is_sensitive(self.fill_button)

    def fill(self):
        press('ctrl+Return')

    def await_fill(self):
        """Once the fill has begun: until it has ended."""
        wait(self.can_fill, 'the fill to end')

    def fill_to_rest(self):
        """Fills, and waits until the outline of what was filled has faded too."""
        self.fill()
        wait(lambda: not self.can_fill(), 'the fill to begin', pause=0.002)
        self.await_fill()
        self.park()
        time.sleep(3)

    def undo(self):
        press('ctrl+z')

    def begin_save(self, path):
        press('ctrl+s')
        self.name_file(path)

    def name_file(self, path, suggested=None):
        """In the dialog that asks for it, which suggests a name."""
        self.program.await_node('button', r'\bSave$')
        wait(lambda: len(self.program.windows()) > 1, 'the dialog')
        if suggested:
            wait(lambda: suggested in desktop.read_texts(self.program.windows()[-1]), f'“{suggested}” to be suggested')
        move(self.size[0] // 2, 60)
        press('ctrl+a')
        enter(path)
        press('Return')

    def save(self, path):
        self.begin_save(path)
        wait(lambda: self.program.check() or os.path.exists(path), f'“{path}” to be saved')
        wait(lambda: len(self.program.windows()) == 1, 'the dialog to close')

    def compare_saved(self, path):
        """Outside of what was brushed every byte is the photo's; inside some are not."""
        before, after = desktop.Picture(self.photo.path), desktop.Picture(path)
        # The widest that the brush can have reached.
        reach = round(max(self.photo.width, self.photo.height) * BRUSH_SHARE)
        for row in range(self.photo.height):
            at = 0
            for x, y, width, height in sorted(self.photo.holes) + [(self.photo.width + reach, 0, 0, self.photo.height)]:
                if y - reach <= row <= y + height + reach:
                    box = (at, row, max(0, x - reach) - at, 1)
                    expect(before.crop(box) == after.crop(box), f'Row {row} was changed outside the mask')
                    at = x + width + reach
        for hole in self.photo.holes:
            expect(before.crop(hole) != after.crop(hole), 'A hole was not filled in the saved photo')

    def go_on(self):
        """Opens the photo from the start page, as it was left."""
        self.program.scroll_to(self.program.await_node('button', f'^{self.photo.name}, '))
        self.program.click('button', f'^{self.photo.name}, ')

    def close_photo(self):
        """By the second item of the main menu."""
        self.park()  # what the menu shows under the pointer would be chosen from
        press('F10')
        self.program.await_menu()
        press('Down')
        press('Return')
        self.program.await_node('button', f'^{self.photo.name}, ')

    def end(self):
        self.program.check()
        self.program.quit()


def point_at_hole(scenario):
    """Moves the pointer over what was filled, in the attention pane; whether its sources are listed."""
    x, y, width, height = scenario.get_hole('Attention')
    for i in range(4):
        move(x + width * (i + 1) // 5, y + height // 2)
    return sum(1 for _ in scenario.program.find_all('label', r'^\d+([.,]\d+)? ?%$')) > 1


def are_framed_alike(program):
    """Whether the thumbnails of a fill's variants show the same in their lower corners, which are beside the holes."""
    picture = program.capture()
    boxes = [program.get_box(program.await_node('button', rf'^Variant {i}\b')) for i in (1, 2)]

    def crop(box, across):
        x, y, width, height = box
        return picture.crop((x + 8 + across * (width - 22), y + height - 14, 6, 6))

    return all(abs(a - b) <= 4 for across in (0, 1) for a, b in zip(*(crop(box, across) for box in boxes)))


def run_session(scenario):
    """From the first start to the saved photo."""
    scenario.start()
    program = scenario.program
    sample = program.await_node('button', SAMPLE_NAME)
    scenario.shoot('1-start')
    scenario.check_size()
    program.scroll_to(sample)
    program.click('button', SAMPLE_NAME)
    scenario.await_photo(f'{SAMPLE}.jpg')
    scenario.shoot('2-sample')

    scenario.tell_stalls('start and sample')
    scenario.open_photo()
    scenario.check_size()
    scenario.tell_stalls('open')
    if not scenario.is_narrow():
        program.click('button', '^Four Panes$')
        wait(lambda: program.find('image', '^Refined$'), 'four panes')
        scenario.park()
        time.sleep(0.5)
    bare = program.capture()
    scenario.brush()
    scenario.shoot('3-brushed')
    scenario.tell_stalls('brush')
    coarse = scenario.get_hole('Photo' if scenario.is_narrow() else 'Coarse', scenario.photo.first_hole)
    refined = scenario.get_hole('Photo' if scenario.is_narrow() else 'Refined')
    before = program.capture()
    scenario.fill()
    if not scenario.is_narrow():
        # While it is filled, the results show no marks.
        wait(lambda: is_same(program.capture(), bare, refined), 'the marks to go', pause=0)
        before = bare

    def look(place, known):
        picture = program.capture()
        return None if is_same(picture, known, place) else picture

    during = scenario.keep(wait(lambda: look(coarse, before), 'the coarse stage', pause=0), '4-coarse')
    expect(scenario.is_narrow() or is_same(during, before, refined), 'The coarse stage was not shown first')
    wait(lambda: look(refined, during), 'the refined stage', pause=0)
    scenario.await_fill()
    # Above the photo are its name, with the mark of what is not saved, and its size.
    program.await_node('label', f'^• {re.escape(scenario.photo.name)}$')
    program.await_node('label', f'^{scenario.photo.width} × {scenario.photo.height}$')
    scenario.shoot('5-refined')
    scenario.tell_stalls('fill')

    press('bar')
    program.await_node('label', '^Before$')
    scenario.shoot('6-compared')
    press('bar')
    if scenario.is_narrow():
        zoom = desktop.get_name(program.await_node('label', r'^\d+ %$'))
        program.click('button', '^How Large the Photo Is Shown$')
        program.await_node('menu item', '')
        press('Return')
        wait(lambda: desktop.get_name(program.await_node('label', r'^\d+ %$')) != zoom, 'the photo to be enlarged')
        press('ctrl+0')
    program.click('button', '^Where a Fill Came From$')
    wait(lambda: point_at_hole(scenario), 'sources of a filled pixel', pause=0.5)
    scenario.shoot('6-attention')
    press('F9')
    scenario.park()
    time.sleep(0.5)

    scenario.get_pane('Photo')
    shown = scenario.get_hole('Photo') if scenario.is_narrow() else refined
    after = program.capture()
    scenario.undo()
    wait(lambda: not is_same(program.capture(), after, shown), 'the fill to be undone')
    scenario.shoot('7-undone')
    press('ctrl+shift+z')
    wait(lambda: is_same(program.capture(), after, shown), 'the fill to be done again')

    scenario.fill()
    program.await_node('button', r'^Variant 2\b')
    second = scenario.shoot('8-variants')
    wait(lambda: are_framed_alike(program), 'thumbnails that are framed alike')
    # They have taken space beside the panes.
    shown = scenario.get_hole('Photo' if scenario.is_narrow() else 'Refined')
    program.point_at('button', r'^Variant 1\b')
    wait(lambda: not is_same(program.capture(), second, shown), 'the first variant, pointed at')
    scenario.shoot('8-pointed')
    press('comma')
    wait(lambda: not is_same(program.capture(), second, shown), 'the first variant, chosen')
    press('period')
    wait(lambda: is_same(program.capture(), second, shown), 'the second variant, chosen where the first is pointed at')
    scenario.park()
    program.click('button', r'^Variant 1\b')
    scenario.park()
    wait(lambda: not is_same(program.capture(), second, shown), 'the first variant')

    scenario.tell_stalls('attention, undo, redo and variants')
    saved = str(scenario.folder / 'saved.png')
    scenario.save(saved)
    scenario.compare_saved(saved)
    scenario.shoot('9-saved')
    scenario.tell_stalls('save')
    scenario.end()


def run_large(scenario):
    """A photo of 48 megapixels, from opening to its saved fill."""
    side = GdkPixbuf.Pixbuf.get_file_info(str(scenario.data / 'samples' / f'{SAMPLE}.jpg'))
    scenario.photo = Photo(scenario.data, scenario.folder, scale=math.ceil(math.sqrt(48e6 / (side[1] * side[2]))))
    scenario.photo.holes = [scenario.photo.hole]
    scenario.start()
    scenario.program.await_node('button', SAMPLE_NAME)
    scenario.program.read_watchdog()
    scenario.open_photo()
    scenario.shoot('1-opened')
    scenario.tell_stalls('open')
    scenario.brush(40)
    scenario.shoot('2-brushed')
    scenario.tell_stalls('brush')
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    scenario.shoot('3-filled')
    scenario.tell_stalls('fill')
    scenario.save(str(scenario.folder / 'saved.jpg'))
    scenario.shoot('4-saved')
    scenario.tell_stalls('save')
    scenario.end()


def run_cancel(scenario):
    scenario.start(scenario.photo.path)
    program = scenario.program
    scenario.await_photo(scenario.photo.name)
    scenario.brush()
    place, title = scenario.get_hole('Photo'), program.get_title()
    before = scenario.shoot('1-before')
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    began = time.monotonic()
    press('Escape')
    wait(scenario.can_fill, 'the fill to be cancelled', pause=0.002)
    took = time.monotonic() - began
    print(f'# {scenario.name}: cancelled after {1000 * took:.0f} ms')
    expect(took < 2, f'Cancelling took {took:.1f} s')
    wait(lambda: is_same(program.capture(), before, place), 'the photo and mask as they were')
    expect(program.get_title() == title, 'The title tells of a change')
    scenario.end()


def run_crash(scenario):
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    scenario.brush()
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    time.sleep(2)
    place = scenario.get_hole('Photo')
    before = scenario.shoot('1-before')
    # Begun anew while the system still buries the one that crashed.
    crashed = scenario.program
    os.kill(crashed.process.pid, signal.SIGSTOP)
    threading.Timer(3, crashed.kill).start()
    scenario.start()
    scenario.shoot('2-start')
    scenario.go_on()
    scenario.await_photo(scenario.photo.name)
    scenario.park()
    wait(lambda: is_same(scenario.program.capture(), before, place), 'the fill to be back')
    scenario.shoot('3-restored')
    scenario.undo()
    wait(lambda: not is_same(scenario.program.capture(), before, place), 'the restored fill to be undone')
    scenario.save(str(scenario.folder / 'saved.png'))
    scenario.end()


def run_keep(scenario):
    """What was done stays, whatever is closed; a project goes elsewhere; a session is forgotten."""
    scenario.start(scenario.photo.path)
    program = scenario.program
    scenario.await_photo(scenario.photo.name)
    scenario.brush()
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    scenario.fill()
    program.await_node('button', r'^Variant 2\b')
    scenario.await_fill()
    scenario.park()
    time.sleep(1)
    place = scenario.get_hole('Photo')
    before = scenario.shoot('1-variants')
    # What is marked after the fills hides them until it is taken back, also where it was so when the photo was closed.
    to_screen = scenario.photo.place(scenario.get_pane('Photo'))
    desktop.drag([to_screen((20, 20)), to_screen((60, 20))])
    wait(lambda: not program.find('button', r'^Variant 2\b'), 'the variants to go')
    program.open(str(scenario.data / 'samples' / 'desert-hike.jpg'))
    scenario.await_photo('desert-hike.jpg')
    scenario.open_photo()
    expect(not program.find('button', r'^Variant 2\b'), 'What was marked after the fills is gone')
    scenario.undo()
    program.await_node('button', r'^Variant 2\b')
    scenario.park()
    wait(lambda: is_same(program.capture(), before, place), 'the fill to be back')
    scenario.tell_stalls('close and open')

    project = scenario.folder / 'work.lacuna'
    program.click('button', '^Ways to Save$')
    program.await_node('menu item', '')
    press('Up')
    press('Return')
    scenario.name_file(str(project))
    wait(lambda: project.exists() and len(program.windows()) == 1, 'the project to be saved')
    time.sleep(0.5)
    scenario.tell_stalls('save a project')

    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    program.quit()
    scenario.start()
    program = scenario.program
    # Where its picture is, the button has colours: one without has text alone.
    recent = program.await_rest(program.await_node('button', f'^{scenario.photo.name}, Filled · [0-9]'))
    pixels = scenario.shoot('2-start').crop(recent)
    colours = {pixel for pixel in zip(*[iter(pixels)] * 3) if max(pixel) - min(pixel) > 20}
    expect(len(colours) > 100, f'The picture of the photo has {len(colours)} colours')
    scenario.go_on()
    scenario.await_photo(scenario.photo.name)
    program.await_node('button', r'^Variant 3\b')
    scenario.await_fill()
    scenario.shoot('3-anew')

    scenario.close_photo()
    scenario.check_size()
    scenario.shoot('4-closed')
    program.scroll_to(program.await_node('button', f'^Forget .*{scenario.photo.name}'))
    program.click('button', f'^Forget .*{scenario.photo.name}')
    wait(lambda: not program.find('button', f'^{scenario.photo.name}, '), 'the photo to be forgotten')
    scenario.shoot('5-forgotten')
    # The header bar's button of that name has no label.
    undo = program.await_node('label', '^Undo$')
    x, y, width, height = program.await_rest(undo)
    move(x + width // 2, y + height // 2)
    xdotool('click', 1)
    program.await_node('button', f'^{scenario.photo.name}, ')
    program.click('button', f'^Forget .*{scenario.photo.name}')
    wait(lambda: not program.find('button', f'^{scenario.photo.name}, '), 'the photo to be forgotten')
    moved = scenario.folder / 'elsewhere' / 'moved.lacuna'
    moved.parent.mkdir()
    project.rename(moved)
    os.remove(scenario.photo.path)
    program.open(str(moved))
    scenario.await_photo('moved.lacuna')
    program.await_node('button', r'^Variant 2\b')
    scenario.park()
    wait(lambda: is_same(program.capture(), before, place), 'the fill to be in the project')
    scenario.shoot('6-project')
    scenario.end()


def run_learn(scenario):
    """Learns the open photo, fills it meanwhile, and by what was learnt; the window is never held up."""
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    program = scenario.program
    scenario.brush()
    scenario.tell_stalls('open and brush')

    def fill():
        wait(scenario.can_fill, 'something to fill')
        scenario.fill()
        wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
        scenario.await_fill()
        scenario.park()

    press('F10')
    program.await_node('menu item', '^(Learn This Photo)?$')  # GTK 4.18 leaves items of menus without a name
    scenario.shoot('1-menu')
    press('Return')
    program.await_node('button', '^Stop Learning$')
    scenario.shoot('2-preparing')
    program.click('button', '^Stop Learning$')
    wait(lambda: not program.find('button', '^Stop Learning$'), 'the lesson to stop')
    press('ctrl+l')
    program.await_node('label', '^Learning this photo: .* left$')
    fill()
    expect(program.find('button', '^Stop Learning$'), 'The lesson ended before the fill')
    scenario.shoot('3-learning')
    program.await_node('label', '^Fills go by what was learnt')
    scenario.shoot('4-learnt')
    scenario.tell_stalls('learning and filling')

    scenario.undo()
    fill()
    by_learnt = scenario.shoot('5-filled')
    hole = scenario.get_hole('Photo')
    program.click('check box', '^Fill by What Was Learnt$')
    program.await_node('label', 'is not used$')
    scenario.undo()
    fill()
    expect(not is_same(scenario.shoot('6-switched-off'), by_learnt, hole), 'What was learnt fills as the model at hand')
    scenario.undo()
    scenario.end()


def copy_samples(scenario):
    folder = scenario.folder / 'photos'
    folder.mkdir()
    for path in (scenario.data / 'samples').glob('*.jpg'):
        shutil.copy(path, folder)
    return str(folder)


def run_show(scenario):
    """What the README shows."""
    scenario.photo = Photo(scenario.data, scenario.folder, 'desert-hike')
    scenario.photo.holes = [scenario.photo.hole]
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    scenario.brush()
    scenario.shoot('brush')
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    scenario.program.click('button', '^Four Panes$')
    scenario.program.await_node('image', '^Attention$')
    press('F9')
    time.sleep(1)
    x, y, width, height = scenario.get_hole('Attention')
    move(x + width // 2, y + height // 2)
    scenario.shoot('panes')
    scenario.program.click('button', '^One Pane$')
    scenario.fill()
    scenario.program.await_node('button', r'^Variant 2\b')
    scenario.park()
    scenario.shoot('variants')

    scenario.program.click('page tab', '^Training$')
    training.choose_folder(scenario, copy_samples(scenario))
    scenario.program.await_node('label', 'usable photos')
    training.open_numbers(scenario)
    training.set_numbers(scenario, {'Steps': 150})
    training.use(scenario, '^Start$')
    wait(lambda: (training.get_step(scenario) or 0) > 100, 'a hundred steps', patience=600)
    scenario.shoot('training')
    scenario.program.kill()


DARK = {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}
SCENARIOS = {
    'beginning': (beginning.run_beginning, (1200, 800), None),
    'offer': (beginning.run_offer, (1200, 800), None),
    'filmstrip': (filmstrip.run_filmstrip, (1200, 800), None),
    'filmstrip-narrow': (filmstrip.run_filmstrip, (360, 640), DARK),
    'copies': (steering.run_copies, (1200, 800), None),
    'provenance': (steering.run_provenance, (1200, 800), None),
    'sources': (steering.run_sources, (1200, 800), None),
    'saving': (saving.run_saving, (1200, 800), None),
    'steps': (steps.run_steps, (1200, 800), None),
    'session': (run_session, (1200, 800), None),
    'large': (run_large, (1200, 800), None),
    'line': (lines.run_line, (1200, 800), None),
    'select': (run_select, (1200, 800), None),
    'show': (run_show, (1200, 800), None),
    'narrow': (run_session, (360, 640), None),
    'dark': (run_session, (1200, 800), DARK),
    'contrast': (run_session, (1200, 800), {'ADW_DEBUG_HIGH_CONTRAST': '1'}),
    'cancel': (run_cancel, (1200, 800), None),
    'codec': (breaks.run_codec, (1200, 800), None),
    'crash': (run_crash, (1200, 800), None),
    'keep': (run_keep, (1200, 800), None),
    'keep-narrow': (run_keep, (360, 640), DARK),
    'drivers': (breaks.run_drivers, (1200, 800), None),
    'keys': (keys.run_keys, (1200, 800), None),
    'layout': (layout.run_layout, (3840, 2160), None),
    'layout-german': (layout.run_layout_german, (1366, 768), None),
    'layout-large-text': (layout.run_layout_large_text, (1366, 768), DARK),
    'models': (models.run_models, (1200, 800), None),
    'learn': (run_learn, (1280, 800), None),
    'training': (training.run_training, (1280, 800), None),
    'training-narrow': (training.run_training, (360, 640), DARK),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--screenshots', type=pathlib.Path)
    parser.add_argument('command')
    parser.add_argument('scenario', choices=SCENARIOS)
    arguments = parser.parse_args()
    run, size, environment = SCENARIOS[arguments.scenario]
    scenario = Scenario(arguments, size, environment)
    try:
        run(scenario)
    except Failure as failure:
        if arguments.screenshots:
            scenario.keep(scenario.program.capture(), 'failed')
        scenario.program.kill()
        sys.exit(f'{arguments.scenario}: {failure}\n{scenario.program.read_log()}')


if __name__ == '__main__':
    main()
