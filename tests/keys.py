# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and the focus: every key works after any click, and what is on the screen has a name."""

import re
import time

import desktop
from desktop import expect, is_same, move, press, wait, xdotool

# What the pointer is put on before a key is tried, by role and name.
CLICKED = [('button', '^Refined$'), ('button', '^Zoom In$'), ('slider', '^Size of the Brush$')]
NAMED = ('button', 'check box', 'combo box', 'image', 'list item', 'page tab', 'slider', 'spin button')


def get_focus(program):
    """The name of what has the focus."""
    for node in desktop.walk(program.windows()[0]):
        if desktop.has_state(node, desktop.Atspi.StateType.FOCUSED):
            return desktop.get_name(node)
    return None


def is_pressed(program, name):
    node = program.find('button', f'^{name}$')
    return node is not None and (desktop.has_state(node, desktop.Atspi.StateType.PRESSED)
                                 or desktop.has_state(node, desktop.Atspi.StateType.CHECKED))


def check_names(program):
    """That nothing lacks a name, or has one with the mark of its key."""
    for node in desktop.walk(program.windows()[0]):
        role, name = desktop.get_role(node), desktop.get_name(node)
        if role in NAMED and min(desktop.get_extents(node)[2:]) > 0 and desktop.is_focusable(node):
            expect(name and '_' not in name, f'A {role} at {desktop.get_extents(node)} has the name “{name}”')


def describe(program, pane):
    return program.find('image', f'^{pane}$').get_description()


def pan(scenario, box):
    """Drags with the space bar held."""
    x, y, width, height = box
    xdotool('keydown', 'space')
    desktop.drag([(x + width // 2, y + height // 2), (x + width // 2 + 60, y + height // 2 + 40)])
    xdotool('keyup', 'space')
    scenario.park()
    time.sleep(0.3)


def run_keys(scenario):
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    program = scenario.program
    check_names(program)
    wait(lambda: 'Nothing is marked' in describe(program, 'Photo'), 'the photo to be described')

    for role, name in CLICKED:
        program.click(role, name)
        press('b', 'r')
        wait(lambda: is_pressed(program, 'Rectangle'), f'R after a click on {name}', patience=10)
        press('b')
        wait(lambda: is_pressed(program, 'Brush'), f'B after a click on {name}', patience=10)
        press('1')
        program.await_node('image', '^Photo$')
    press('ctrl+1')
    scenario.park()
    box = program.get_box(program.await_node('image', '^Photo$'))
    program.click('button', '^Photo$')
    time.sleep(0.5)
    before = program.capture()
    pan(scenario, box)
    expect(not is_same(program.capture(), before, box), 'Space does not pan after a click on a button')
    expect('Nothing is marked' in describe(program, 'Photo'), 'Space and a drag have painted')

    press('ctrl+0')
    for key, pane in (('3', 'Refined'), ('2', 'Coarse'), ('4', 'Attention'), ('1', 'Photo')):
        press(key)
        program.await_node('image', f'^{pane}$')
        wait(lambda: get_focus(program) == pane, f'the focus on {pane}', patience=10)

    # Brushing works in the refined pane too, and is told.
    press('3')
    x, y, width, height = program.get_box(program.await_node('image', '^Refined$'))
    desktop.drag([(x + width // 3, y + height // 2), (x + width // 2, y + height // 2)])
    scenario.park()
    wait(lambda: re.search(r'[0-9.]+ % of it are marked', describe(program, 'Refined')), 'the marked share')
    scenario.shoot('1-refined')
    press('1')

    # The original, as long as the key is held.
    program.await_node('image', '^Photo$')
    scenario.park()
    time.sleep(0.5)
    marked = program.capture()
    box = program.get_box(program.find('image', '^Photo$'))
    xdotool('keydown', 'backslash')
    wait(lambda: not is_same(program.capture(), marked, box), 'the original')
    xdotool('keyup', 'backslash')
    wait(lambda: is_same(program.capture(), marked, box), 'what it was before')

    # F6 goes through the parts of the window, and back to the photo.
    seen = []
    for _ in range(5):
        press('F6')
        time.sleep(0.2)
        seen.append(get_focus(program))
    expect('Photo' in seen and len(set(seen)) >= 4, f'F6 went through {seen}')

    # The wheel stops at 100 %.
    press('ctrl+0')
    move(box[0] + box[2] // 2, box[1] + box[3] // 2)
    shown = []
    for _ in range(12):
        xdotool('click', 4)
        time.sleep(0.15)
        shown += [desktop.get_name(node) for node in program.find_all('label', r'^\d+ %$')][:1]
    expect('100 %' in shown, f'The wheel went through {shown}')
    press('ctrl+z')
    scenario.end()
