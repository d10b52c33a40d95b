# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenarios of tests/scenario.py that steer from where and how a fill copies."""

import re
import time

from desktop import drag, expect, get_name, is_same, move, press, wait

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
    found = re.search(rf'(\d+\.\d+) % of it are {what}\.', text)
    return float(found[1]) if found else 0


def point_at_hole(scenario):
    """Until the sources of a filled place are listed; the strongest one's name."""
    x, y, width, height = scenario.get_hole('Attention')
    move(x + width // 3, y + height // 3)
    move(x + width // 2, y + height // 2)
    return get_name(scenario.program.await_node('list item', r'^[\d.]+ % from around \d+, \d+'))


def await_refill(scenario, what, before):
    """What was chosen of a source is marked, and filled with again, as another fill."""
    wait(lambda: share(scenario, what) > 0, f'the source to be {what}', pause=0.1)
    scenario.await_fill()
    scenario.park()
    time.sleep(3)
    picture = scenario.shoot(what)
    expect(not is_same(picture, before, scenario.get_hole('Refined')), f'That a source is {what} changes nothing')


def run_sources(scenario):
    """A source is avoided by its key, and one preferred by its menu; then more is preferred with the brush."""
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    program = scenario.program
    program.click('button', '^Four Panes$')
    scenario.brush()
    filled = fill(scenario, 'free')
    program.click('button', '^Where a Fill Came From$')
    strongest = point_at_hole(scenario)
    press('n')
    await_refill(scenario, 'avoided', filled)
    expect(point_at_hole(scenario) != strongest, f'{strongest} is still there')
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
