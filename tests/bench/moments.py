#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether all is there again after the program was killed, or closed, at random moments of an editing session:

tests/with-display --size 1200x800 --manager openbox tests/bench/moments.py COMMAND MOMENTS SEED [killed|closed]

COMMAND is lacuna-window, in the environment of the scenarios. A moment is a run of the program: some edits, each of
which comes to rest; then some in quick succession, during or after which the program is ended. What lies on the disk
then is read without the program, and compared with what the window had shown before, and shows when the photo is opened
again: marks, lines, variants, steps in both directions, what is under way. Lost is

- after kill -9: what the window had shown for longer than LATEST,
- after closing: anything that was done before, an unfinished polygon or stroke and a fill under way among it,
- after both: what lay on the disk and is not shown again, or otherwise, or a file of it that has changed.
"""

import argparse
import os
import pathlib
import random
import signal
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent)]
import desktop
import filmstrip
import kept as disk
import scenario as scenarios
from desktop import Atspi, Failure, GdkPixbuf, GLib, drag, get_name, has_state, is_same, is_sensitive, move, press, wait
from kept import Kept, Shown

# Seconds: the program writes 0.3 s after a change, in a thread; the rest is for a disk and processors that others use.
LATEST = 1.0
DESCRIBED = 0.45  # seconds until a change is described
SIZES = [(480, 360), (640, 480), (1000, 750)]
MOST_STEPS = 14  # after which a photo is replaced by a new one
MARKS = {'Brush': 'b', 'Erase': 'e', 'Rectangle': 'r', 'Lasso': 'l', 'Avoid': 'a', 'Prefer': 'f', 'Line': 'i'}
MASKS = {'Erase': 0, 'Avoid': 1, 'Prefer': 2}  # which of the masks these change; the others the first
STATES = {'undone': 'Undone', 'learnt': 'Learnt', 'marked': 'Marked', 'filled': 'Filled', 'saved': 'Saved'}
LEARNT = '^Fill by What Was Learnt$'


class Lost(Exception):
    """Something is not there again."""


class Unjudged(Exception):
    """It can't be told."""


def demand(condition, what):
    if not condition:
        raise Lost(what)


class Editing:
    """A photo that is open in a window."""

    def __init__(self, scenario, name, size):
        self.scenario, self.program, self.name, self.size = scenario, scenario.program, name, size
        wait(lambda: name in self.program.get_title(), f'“{name}” in the title')
        self.frame, self.canvas = self.program.windows()[0], self.program.await_node('image', '^Photo$')
        self.buttons = [self.program.await_node('button', f'^{what}$') for what in ('Undo', 'Redo', 'Fill')]
        # The description is that of this photo.
        wait(lambda: f', {size[0]} by {size[1]} pixels' in self.canvas.get_description(), 'the photo to be described')

    def glance(self):
        """What can be told at once."""
        marks = self.canvas.get_description().partition(' %. ')[2]
        return Shown(get_name(self.frame).startswith('• '), marks, *map(is_sensitive, self.buttons))

    def look(self):
        toggles = [node for node in desktop.walk(self.frame) if desktop.get_role(node) in ('button', 'check box')]
        variants = [node for node in toggles if get_name(node).startswith('Variant ') and desktop.is_showing(node)]
        learnt = [node for node in toggles if get_name(node) == LEARNT[1:-1] and desktop.is_showing(node)]
        chosen = [has_state(node, Atspi.StateType.PRESSED) or has_state(node, Atspi.StateType.CHECKED)
                  for node in variants]
        return self.glance()._replace(
            variants=(len(variants), chosen.index(True)) if True in chosen else None,
            learnt=has_state(learnt[0], Atspi.StateType.CHECKED) if learnt else None)

    def read(self):
        return disk.read_all().get(self.name, Kept(self.size))

    def settle(self, patience=60):
        """Waits until the window rests, and what it shows is on the disk; returns that."""
        end, before = time.monotonic() + patience, None
        while True:
            self.program.check()
            if len(self.program.windows()) > 1:
                press('Escape')  # a dialog that tells why something was not done
                time.sleep(1)
            shown, kept = self.look(), self.read()
            if shown == before == kept.show() and not kept.filling:
                return kept
            if time.monotonic() > end:
                raise Lost(f'the window shows {shown}, and on the disk is {kept}, by which it is to show {kept.show()}')
            before = shown
            time.sleep(0.3)

    def place(self, points):
        """Points of the photo on the screen."""
        x, y, width, height = self.program.get_box(self.canvas)
        scale = min(1, width / self.size[0], height / self.size[1])
        left, top = x + (width - self.size[0] * scale) / 2, y + (height - self.size[1] * scale) / 2
        return [(left + scale * a, top + scale * b) for a, b in points]

    def choose_points(self, kept, title, n=4):
        """The first is one that is not yet as it is to be, if there is such a one."""
        def pick():
            return tuple(random.randint(side // 6, 5 * side // 6) for side in self.size)

        at = pick()
        for _ in range(300):
            wanted = title in ('Erase', 'Line')
            if kept.is_marked(MASKS.get(title, 0), *at) == wanted:
                break
            at = pick()
        else:
            return None
        reach = random.randint(40, 120)

        def step_aside():
            return tuple(min(max(k + random.randint(-reach, reach), 20), side - 20) for k, side in zip(at, self.size))

        return [at, *(step_aside() for _ in range(n - 1))]


# What is done: each returns the titles of the steps that come of it.

def mark(editing, kept, title):
    points = editing.choose_points(kept, title)
    if points is None:
        return []
    press(MARKS[title])
    if title == 'Rectangle':
        points = [points[0], tuple(k + random.choice((-1, 1)) * random.randint(20, 50) for k in points[0])]
    drag(editing.place(points))
    return [title]


def begin(editing, kept):
    return mark(editing, kept, 'Brush')


def draw_half(editing, kept):
    """Corners of a polygon that is not ended."""
    x, y = editing.choose_points(kept, 'Polygon')[0]
    press('p')
    for at in editing.place([(x, y), (x + 45, y), (x + 45, y + 45)]):
        move(*map(round, at))
        desktop.xdotool('click', 1)
        time.sleep(0.1)
    return ['Polygon']


def draw_and_leave(editing, kept):
    """Such a polygon is a step once another tool is chosen."""
    draw_half(editing, kept)
    press('b')


def hold(editing, kept):
    """A stroke that goes on until let_go()."""
    points = [tuple(map(round, at)) for at in editing.place(editing.choose_points(kept, 'Brush'))]
    press('b')
    move(*points[0])
    desktop.xdotool('mousedown', 1)
    for at in points[1:]:
        move(*at)
    return ['Brush']


def let_go():
    desktop.xdotool('mouseup', 1)


def select(editing, kept):
    x, y = editing.choose_points(kept, 'Select')[0]
    press('s')
    drag(editing.place([(x - 50, y - 50), (x + 50, y - 50), (x + 50, y + 50), (x - 50, y + 50), (x - 50, y - 45)]))
    return ['Select']


def step(key):
    def go(editing, kept):
        press(key)
        return {'ctrl+z': ['undo'], 'ctrl+shift+z': ['redo']}[key] if key.startswith('ctrl') else []
    return go


def fill(editing, kept):
    if not kept.get_share(0) or len(kept.list_variants()) > 3:
        return []
    press('ctrl+Return')
    return ['fill']


def save(editing, kept):
    path = str(editing.scenario.folder / f'saved {editing.scenario.next_number()}.png')
    press('ctrl+shift+s')
    editing.scenario.name_file(path)
    wait(lambda: os.path.exists(path) and len(editing.program.windows()) == 1, 'the photo to be saved')


def learn(editing, kept):
    if kept.learnt is None:
        press('ctrl+l')
        # A dialog says where too little is known.
        wait(lambda: len(editing.program.windows()) > 1 or editing.program.find('check box', LEARNT), 'the lesson')


RESTING = {  # with how often they are done
    **{lambda e, k, title=title: mark(e, k, title): n for title, n in zip(MARKS, (6, 2, 2, 2, 2, 2, 1))},
    fill: 6, select: 2, draw_and_leave: 1, step('ctrl+z'): 3, step('ctrl+shift+z'): 2, step('comma'): 2,
    step('period'): 1, save: 0.6, learn: 0.3, step('shift+greater'): 0.5,
}
LAST = {fill: 4, select: 1, draw_half: 2, step('ctrl+z'): 2, step('ctrl+shift+z'): 1, None: 3}


def pick(choices):
    return random.choices(list(choices), choices.values())[0]


def foresee(kept, deeds):
    """Titles of the steps, how many are in force, and whether a fill is under way, after what was done."""
    titles, position = kept.get_titles(), kept.position
    for deed in deeds:
        if deed in ('undo', 'redo'):
            position = min(len(titles), max(0, position + (1 if deed == 'redo' else -1)))
        elif deed != 'fill':
            titles[position:] = [deed]
            position += 1
    return titles, position, 'fill' in deeds


def is_done(before, after, deeds):
    """Whether the steps are those of before and of all deeds."""
    titles, position, filling = foresee(before, deeds)
    n_same = min(before.position - deeds.count('undo'), len(after.steps))
    if (before.get_sums()[:n_same], before.learnt) != (after.get_sums()[:n_same], after.learnt):
        return False
    if not filling:
        return (after.get_titles(), after.position, after.filling) == (titles, position, False)
    # The fill may have ended before; and where the hole rested, what was undone is in force first.
    if after.position < position or not all(step.is_fill for step in after.steps[position:after.position]):
        return False
    return after.get_titles() == (titles if after.filling else titles[:after.position - 1] + ['Fill'])


def is_filled_anew(before, after):
    """Whether a fill that was under way was added, after its variants."""
    return (before.position < len(after.steps) == after.position and after.steps[-1].is_fill and not after.filling
            and after.get_sums()[:-1] == before.get_sums()[:len(after.steps) - 1])


class Watch:
    """What the window shows, and since when, until it is killed."""

    def __init__(self, editing, kept):
        self.editing, self.killed, self.seen = editing, None, []
        self.add(kept.show().glance(), 0.0)
        self.add(kept.show().glance(), time.time())

    def add(self, shown, now):
        if not self.seen or self.seen[-1][0] != shown:
            self.seen.append([shown, now, now])
        self.seen[-1][2] = now

    def look(self):
        if self.killed is None:
            now = time.time()
            try:
                shown = self.editing.glance()
            except GLib.Error:
                return
            if self.killed is None and self.editing.program.process.poll() is None and shown.marks:
                self.add(shown.glance(), now)

    def kill(self):
        self.killed = time.time()
        os.kill(self.editing.program.process.pid, signal.SIGKILL)

    def judge(self, after):
        """That what had been shown for long enough lies on the disk, or what came after it."""
        due = [i for i, (_, since, until) in enumerate(self.seen)
               if until - since >= DESCRIBED and since <= self.killed - LATEST]
        same = [i for i, (shown, _, _) in enumerate(self.seen) if shown == after.show().glance()]
        age = self.killed - self.seen[due[-1]][1]
        demand(same and same[-1] >= due[-1] or not same and after.time >= self.seen[due[-1]][1],
               f'shown {age:.2f} s before: {self.seen[due[-1]][0]}, but on the disk is {after}: {after.show()}')


class Moments:
    def __init__(self, scenario, ways):
        self.scenario, self.ways = scenario, ways
        self.folder, self.number, self.sizes, self.kept = scenario.folder / 'photos', 0, {}, {}
        scenario.next_number = self.next_number
        self.folder.mkdir()
        self.pixbuf = GdkPixbuf.Pixbuf.new_from_file(scenario.photo.path)
        self.replace([])
        self.editing, self.looked, self.n_compared = None, None, 0

    def next_number(self):
        self.number += 1
        return self.number

    def replace(self, names):
        """Removes photos and makes others, until there is one of each size."""
        for name in list(names):
            (self.folder / name).unlink()
            del self.sizes[name]
        for size in SIZES:
            if size not in self.sizes.values():
                name = f'photo-{self.next_number()}.png'
                x, y = (random.randint(0, most - side) for most, side in
                        zip((self.pixbuf.get_width(), self.pixbuf.get_height()), size))
                self.pixbuf.new_subpixbuf(x, y, *size).savev(str(self.folder / name), 'png', [], [])
                self.sizes[name] = size

    def start(self, name):
        """The program, with a photo that is opened in some way; returns which."""
        kept = self.kept.get(name)
        how = random.choice(['by itself', 'in its folder', *(['from the start page'] * 2 if kept else [])])
        self.scenario.start({'by itself': str(self.folder / name), 'in its folder': str(self.folder)}.get(how))
        program = self.scenario.program
        if how == 'from the start page':
            row = program.await_node('button', f'^{name}, ')
            demand(f'{name}, {STATES[kept.state]} · ' in get_name(row), f'the start page says {get_name(row)}')
            program.scroll_to(row)
            program.click('button', f'^{name}, ')
        elif how == 'in its folder':
            wait(lambda: '.png' in program.get_title(), 'the first photo')
            for _ in range(len(self.sizes)):
                if name not in program.get_title():
                    before = program.get_title()
                    press('ctrl+Next')
                    wait(lambda: program.get_title() != before, 'the next photo')
        self.editing = Editing(self.scenario, name, self.sizes[name])
        return how

    def check_back(self, name, looked):
        """That all that lay on the disk when the program ended is shown; looked: None, or as it looked before."""
        before = self.kept.get(name, Kept(self.sizes[name]))
        now = self.editing.settle()
        title = self.scenario.program.get_title()
        demand(title == ('• ' if now.show().modified else '') + name, f'it is called “{title}”')
        demand(is_filled_anew(before, now) if before.filling else now.get_content() == before.get_content(),
               f'{before} became {now} when it was opened')
        if looked is not None:
            self.compare(looked)
        self.walk(now)
        others = disk.read_all()
        for other, kept in self.kept.items():
            demand(other == name or kept.get_content() == others[other].get_content(), f'{other}: {kept} has changed')

    def walk(self, kept):
        """Through all steps, there and back."""
        at = kept.position
        for to in (0, len(kept.steps), kept.position):
            if to != at:
                press(*['ctrl+z' if to < at else 'ctrl+shift+z'] * abs(to - at))
            now = self.editing.settle()
            demand(now.position == to and now.get_sums() == kept.get_sums(), f'{kept} became {now}, not {to} in force')
            at = to

    def switch(self, kept):
        """To another photo, perhaps from an unfinished polygon, which the one before keeps as a step."""
        deeds = draw_half(self.editing, kept) if random.random() < 0.5 else []
        name = random.choice([name for name in self.sizes if name != self.editing.name])
        self.scenario.program.open(str(self.folder / name))
        left, self.editing = self.editing, Editing(self.scenario, name, self.sizes[name])
        time.sleep(LATEST)
        self.judge_done(kept, left.read(), deeds)

    def edit(self):
        """Edits that come to rest, and perhaps another photo."""
        kept = self.editing.settle()
        for _ in range(random.randint(1, 4)):
            (pick(RESTING) if kept.steps else begin)(self.editing, kept)
            time.sleep(0.3)
            kept = self.editing.settle()
        if random.random() < 0.25:
            self.switch(kept)
            kept = self.editing.settle()
        return kept

    def hurry(self, kept, deeds, watch=None):
        """Edits in quick succession, added to deeds with when they were done."""
        if self.looked is not None:
            return
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            # A stroke after the first may not find what is to be erased.
            title = random.choice([title for title in MARKS if title != 'Erase' or not deeds])
            deeds += [(deed, time.time()) for deed in mark(self.editing, kept, title)]
            if watch is not None:
                watch.look()
        last = pick(LAST)
        # Whether there is a hole then can't be foreseen.
        if last is not None and not (last is fill and 'Erase' in dict(deeds)):
            deeds += [(deed, time.time()) for deed in last(self.editing, kept)]

    def hurry_until_killed(self, kept, deeds, watch):
        try:
            self.hurry(kept, deeds, watch)
        except (AttributeError, Failure, GLib.Error):
            # A window that is gone has no place any more.
            if watch.killed is None:
                raise

    def end_by_kill(self, kept):
        watch = Watch(self.editing, kept)
        wanted = random.uniform(0, 3)
        timer = threading.Timer(wanted, watch.kill)
        timer.start()
        deeds = []
        self.hurry_until_killed(kept, deeds, watch)
        while watch.killed is None:
            watch.look()
            time.sleep(0.03)
        self.scenario.program.process.wait()
        timer.join()
        self.kept = disk.read_all()
        watch.judge(self.find_kept())
        # A polygon that was not ended is none yet, and what is being selected nothing.
        times = [at for deed, at in deeds if deed != 'Polygon']
        titles = [deed for deed, _ in deeds if deed != 'Polygon']
        least = sum(at < watch.killed - LATEST - DESCRIBED for at in times) - titles.count('Select')
        self.judge_done(kept, self.find_kept(), titles, max(0, least))
        return f'killed {wanted:.2f} s after it began: {titles}'

    def kill_at_opening(self, name):
        before = self.kept.get(name, Kept(self.sizes[name]))
        self.scenario.start(str(self.folder / name))
        time.sleep(random.uniform(0, 2))
        self.scenario.program.kill()
        self.kept = disk.read_all()
        now = self.kept.get(name, Kept(self.sizes[name]))
        demand(now.get_content() == before.get_content() or before.filling and is_filled_anew(before, now),
               f'{before} became {now} when it was killed while it was opened')

    def close_photo(self):
        press('F10')
        self.scenario.program.await_menu()
        press('Down', 'Return')
        wait(lambda: self.scenario.program.get_title() == 'Lacuna', 'the photo to be closed')
        press('ctrl+q')

    def end_by_closing(self, kept):
        timed = []
        self.hurry(kept, timed)
        deeds = [deed for deed, _ in timed]
        ways = [('Ctrl+Q', lambda: press('ctrl+q')), ('Ctrl+W', lambda: press('ctrl+w')),
                ('the window manager', lambda: press('alt+F4')), ('closing the photo', self.close_photo),
                ('the close button', lambda: self.scenario.program.click('button', '^Close$'))]
        if self.looked is None and deeds in ([], ['Brush']) and random.random() < 0.4:
            deeds += hold(self.editing, kept)
            ways = [(f'{how} in a stroke', close) for how, close in ways[:2]]
        how, close = random.choice(ways)
        close()
        status = self.scenario.program.process.wait(desktop.PATIENCE)
        demand(status == 0, f'it ended with {status}: {self.scenario.program.read_log()}')
        let_go()
        self.scenario.program.check_log()
        self.kept = disk.read_all()
        self.judge_done(kept, self.find_kept(), deeds)
        return f'closed by {how} after {deeds}'

    def find_kept(self):
        """What lay on the disk when the program ended, of the photo that was open."""
        return self.kept.get(self.editing.name, Kept(self.editing.size))

    def judge_done(self, before, after, deeds, least=None):
        """That what was done lies on the disk, or as many of the first deeds as are named."""
        least = len(deeds) if least is None else least
        good = any(is_done(before, after, deeds[:n]) for n in range(least, len(deeds) + 1))
        if not good and 'Select' in deeds and 'Select' not in after.get_titles()[before.position:]:
            raise Unjudged(f'whether there was something to select: {before}, {deeds}, {after}')
        demand(good, f'after {deeds}, of which {least} are due, {before} became {after}')

    def picture(self):
        """What is shown at rest, and where: outlines of what was filled fade, and so does the ring of the focus."""
        self.scenario.park()
        time.sleep(4)
        x, y, width, height = self.scenario.program.get_box(self.editing.canvas)
        box = x + 8, y + 8, width - 16, height - 16
        return self.scenario.program.capture_at_rest(box), box

    def compare(self, looked):
        picture, box = self.picture()
        if box == looked[1]:
            demand(is_same(picture, looked[0], box), 'the photo looks otherwise than before')
            self.n_compared += 1

    def run(self, i):
        """One moment; returns what it was, in words."""
        if self.editing is None:
            self.start(random.choice(list(self.sizes)))
        kept = self.edit()
        name = self.editing.name
        # Some are ended at rest, and compared pixel by pixel.
        self.looked = self.picture() if random.random() < 0.25 else None
        end = self.end_by_kill if self.ways[i] == 'killed' else self.end_by_closing
        told = end(kept)
        there = self.kept.get(name, Kept(self.sizes[name]))
        again = random.random() < (0.5 if there.filling else 0.1)
        if again:
            self.kill_at_opening(name)
        how = self.start(name)
        self.check_back(name, self.looked)
        if len(there.steps) > MOST_STEPS:
            self.leave(name)
        return f'{told}; {there}, opened {how}{" after it was killed there" if again else ""}'

    def leave(self, *names):
        """Goes on without these photos: after a moment that went wrong without any of them."""
        self.scenario.program.kill()
        self.kept = disk.read_all()
        self.editing = None
        self.replace(names)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command')
    parser.add_argument('moments', type=int)
    parser.add_argument('seed', type=int)
    parser.add_argument('way', choices=['killed', 'closed'], nargs='?', help='half of both unless it is named')
    arguments = parser.parse_args()
    arguments.screenshots, arguments.scenario = None, 'moments'
    random.seed(arguments.seed)
    scenario = scenarios.Scenario(arguments, (1200, 800), None)
    filmstrip.use_small_model()
    ways = [arguments.way or ('killed', 'closed')[i % 2] for i in range(arguments.moments)]
    moments, counts = Moments(scenario, ways), dict.fromkeys(('verified', 'lost', 'not judged'), 0)
    for i in range(arguments.moments):
        try:
            verdict, told = 'verified', moments.run(i)
        except Lost as lost:
            verdict, told = 'lost', lost
        except (Failure, Unjudged, GLib.Error) as reason:
            verdict, told = 'not judged', reason
        counts[verdict] += 1
        print(f'{i + 1}, {ways[i]}: {verdict}: {told}', flush=True)
        if verdict != 'verified':
            moments.leave(*moments.sizes)
    print(f'{ways.count("killed")} times killed, {ways.count("closed")} times closed: {counts}; '
          f'{moments.n_compared} compared by what they look like')
    sys.exit(counts['lost'] > 0)


if __name__ == '__main__':
    main()
