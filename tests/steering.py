# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios of tests/scenario.py that steer from where and how a fill copies."""

import json
import re
import time

import training
from desktop import Atspi, drag, expect, get_name, has_state, is_same, move, press, walk, wait
from npy import read_npy

# The switches, as the menu has them above its last item.
SWITCHES = ['turned', 'mirrored', 'scaled']


def open_menu(scenario):
    scenario.park()
    scenario.program.click('button', '^Change the Whole Mask$')
    scenario.program.await_menu()


def switch(scenario, name):
    """By its item, counted from the menu's end."""
    open_menu(scenario)
    press(*(len(SWITCHES) - SWITCHES.index(name) + 1) * ['Up'], 'Return')
    time.sleep(0.5)


def fill(scenario, title):
    scenario.fill_to_rest()
    return scenario.shoot(title)


def run_copies(scenario):
    """Each switch leads to another fill, which is no variant of the one before; without them it is as it was."""
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    scenario.brush()
    hole = scenario.get_hole('Photo')
    seen = [fill(scenario, '1-as-they-are')]
    for i, name in enumerate(SWITCHES):
        scenario.undo()
        wait(scenario.can_fill, 'the fill to be undone')
        switch(scenario, name)
        picture = fill(scenario, f'{i + 2}-{name}')
        expect(not any(is_same(picture, other, hole) for other in seen), f'Copies that may be {name} change nothing')
        expect(scenario.program.find('button', r'^Variant 2\b') is None, f'“{name}” counts as a variant')
        seen.append(picture)
    open_menu(scenario)
    scenario.shoot('5-menu')
    press('Escape')
    time.sleep(1)
    scenario.tell_stalls('copies')
    scenario.undo()
    wait(scenario.can_fill, 'the fill to be undone')
    for name in SWITCHES:
        switch(scenario, name)
    expect(is_same(fill(scenario, '6-again'), seen[0], hole), 'Copies stay changed')
    scenario.end()


def share(scenario, what):
    """How much of the photo is avoided or preferred, in percent, as the canvas tells."""
    text = scenario.program.find('image', '^Photo$').get_description()
    found = re.search(rf'(\d+\.\d+) % of it is {what}\.', text)
    return float(found[1]) if found else 0


def point_at_hole(scenario):
    """Until it is listed where a filled place comes from; the first place's name."""
    x, y, width, height = scenario.get_hole('Attention')
    move(x + width // 3, y + height // 3)
    move(x + width // 2, y + height // 2)
    return get_name(scenario.program.await_node('list item', r'from around \d+, \d+'))


def await_refill(scenario, what, before):
    """What was chosen of a source is marked, and filled with again, as another fill."""
    wait(lambda: share(scenario, what) > 0, f'the source to be {what}', pause=0.1)
    scenario.await_fill()
    scenario.park()
    time.sleep(3)
    picture = scenario.shoot(what)
    expect(not is_same(picture, before, scenario.get_hole('Refined')), f'That a source is {what} changes nothing')


def fill_in_panes(scenario):
    """The first fill, with the inspector beside all four panes; a picture of it."""
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    scenario.program.click('button', '^Four Panes$')
    scenario.brush()
    filled = fill(scenario, 'free')
    scenario.program.click('button', '^Where a Fill Came From$')
    return filled


def run_sources(scenario):
    """A source is avoided by its key, and one preferred by its menu; then more is preferred with the brush."""
    filled = fill_in_panes(scenario)
    program = scenario.program
    copied = point_at_hole(scenario)
    expect(copied.startswith('Copied from'), f'The list begins with “{copied}”')
    press('n')
    await_refill(scenario, 'avoided', filled)
    expect(point_at_hole(scenario) != copied, f'“{copied}” is still there')
    # The fill, then what was marked.
    for _ in range(2):
        scenario.undo()
        time.sleep(1)
    wait(lambda: share(scenario, 'avoided') == 0, 'nothing to be avoided')

    point_at_hole(scenario)
    program.click('button', '^Avoid, Prefer or Copy From This Source$')
    program.await_menu()
    press('Down', 'Return')
    await_refill(scenario, 'preferred', filled)
    before = share(scenario, 'preferred')
    program.click('button', '^Prefer$')
    box = scenario.get_pane('Photo')
    drag([scenario.photo.place(box)(at) for at in ((500, 180), (700, 180))])
    wait(lambda: share(scenario, 'preferred') > before, 'more to be preferred')
    scenario.park()
    time.sleep(1)
    scenario.shoot('prefer')
    scenario.tell_stalls('sources')
    scenario.end()


def read_copy(scenario):
    """The pixel that is asked about and the place that it was copied from, as the pane tells who does not see it."""
    pane = scenario.program.find('image', '^Attention$')
    pattern = r'^This is about the pixel at (\d+), (\d+)\. Copied from around (\d+), (\d+)\.'
    x, y, from_x, from_y = map(int, wait(lambda: re.search(pattern, pane.get_description()), 'a copy').groups())
    row = scenario.program.await_node('list item', r'from around \d+, \d+')
    expect(get_name(row) == f'Copied from around {from_x}, {from_y}', f'The list begins with “{get_name(row)}”')
    return (x, y), (from_x, from_y)


def choose_folder(scenario, folder):
    """For the provenance, by the last item of the menu beside the heading."""
    scenario.program.click('button', '^Export What Is Shown$')
    scenario.program.await_menu()
    press('Up', 'Return')
    training.name_folder(scenario, str(folder))


def export(scenario, name):
    """The report, and of each filled pixel where it was copied from."""
    folder = scenario.folder / name
    folder.mkdir()
    choose_folder(scenario, folder)
    wait((folder / 'report.json').is_file, 'the report')
    report = json.loads((folder / 'report.json').read_text(encoding='utf-8'))
    (n, _, height, width), offsets = read_npy(folder / 'offsets.npy')
    _, weights = read_npy(folder / 'weights.npy')
    size, left, top = width * height, report['box']['x'], report['box']['y']
    expect(report['photo'] == scenario.photo.name and (folder / 'trust.png').is_file(), f'{report} was exported')
    return report, {(left + i % width, top + i // width, k): (left + i % width + int(offsets[2 * k * size + i]),
                                                              top + i // width + int(offsets[(2 * k + 1) * size + i]))
                    for k in range(n) for i in range(size) if weights[k * size + i] > 0}


def count_copies(sources, place):
    """How many pixels were copied from around a place, as far as the smallest patch reaches."""
    return sum(-6 <= x - place[0] < 6 and -6 <= y - place[1] < 6 for x, y in sources.values())


def find_focus(scenario):
    return next((node for node in walk(scenario.program.windows()[0]) if has_state(node, Atspi.StateType.FOCUSED)), None)


def focus(scenario, key, name):
    """By a key, as often as it takes."""
    for _ in range(24):
        node = find_focus(scenario)
        if node is not None and re.search(name, get_name(node)):
            return
        press(key)
        time.sleep(0.2)
    expect(False, f'“{key}” does not lead to “{name}”')


def run_provenance(scenario):
    """The list begins with what a pixel was really copied from, and that is avoided: by pointer, and by keys alone."""
    filled = fill_in_panes(scenario)
    program = scenario.program
    point_at_hole(scenario)
    pixel, place = read_copy(scenario)
    scenario.shoot('listed')
    report, sources = export(scenario, 'before')
    expect(sources[(*pixel, 0)] == place, f'{pixel} is from {sources[(*pixel, 0)]}, and not from {place}')
    program.await_node('label', f'^{100 * report["copied"]:.0f} % of it is copied from the photo, and '
                                f'{100 * report["invented"]:.0f} % made up by the network\\.')

    # What can't be written is told.
    folder = scenario.folder / 'taken'
    (folder / 'offsets.npy').mkdir(parents=True)
    choose_folder(scenario, folder)
    program.await_node('label', '^The Provenance Could Not Be Exported$')
    scenario.shoot('error')
    press('Escape')
    wait(lambda: len(program.windows()) == 1, 'the message to close')

    point_at_hole(scenario)
    pixel, place = read_copy(scenario)
    expect(count_copies(sources, place) > 0, f'Nothing is from around {place}')
    program.click('button', '^Avoid, Prefer or Copy From This Source$')
    program.await_menu()
    scenario.shoot('menu')
    press('Return')
    await_refill(scenario, 'avoided', filled)
    report, sources = export(scenario, 'after')
    expect(report['avoided'] > 0, 'It is not reported that something was avoided')
    expect(count_copies(sources, place) == 0, f'Something is still from around {place}')
    scenario.tell_stalls('pointer')

    filled = scenario.shoot('avoided-1')
    before = share(scenario, 'avoided')
    scenario.park()
    focus(scenario, 'F6', '^(Photo|Attention)$')
    focus(scenario, 'Tab', '^Attention$')
    press('Right', 'Down')
    _, place = read_copy(scenario)
    focus(scenario, 'F6', '^Sources$|Export What')
    focus(scenario, 'Tab', '^Copied from')
    scenario.shoot('keys')
    press('Return')
    program.await_menu()
    press('Return')
    wait(lambda: share(scenario, 'avoided') > before, 'more to be avoided', pause=0.1)
    scenario.await_fill()
    time.sleep(3)
    # Keys begin in what was filled first.
    hole = scenario.get_hole('Refined', scenario.photo.first_hole)
    expect(not is_same(scenario.shoot('avoided-2'), filled, hole), 'Keys change nothing')
    _, sources = export(scenario, 'last')
    expect(count_copies(sources, place) == 0, f'Something is still from around {place}')
    scenario.end()
