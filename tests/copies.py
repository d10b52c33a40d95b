# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario of tests/scenario.py in which what a fill copies may be turned, mirrored and scaled."""

import time

from desktop import expect, is_same, press, wait

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
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    scenario.park()
    # Until the outline has faded.
    time.sleep(3)
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
