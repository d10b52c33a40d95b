# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario of tests/scenario.py that selects things."""

import time

from desktop import drag, expect, is_same, move, press, wait, xdotool

LOOP = [(625, 130), (700, 100), (770, 115), (800, 230), (880, 370), (960, 400), (1040, 480), (1150, 555), (1165, 620),
        (1080, 655), (900, 605), (800, 550), (740, 560), (650, 520), (620, 440), (660, 400), (640, 300), (615, 200)]


def run_select(scenario):
    """A thing that is circled is marked to its edges; a stroke with Control takes some of it away; a scribble does, too."""
    scenario.photo = type(scenario.photo)(scenario.data, scenario.folder, 'golden-eagle')
    scenario.start(scenario.photo.path)
    program = scenario.program
    scenario.await_photo(scenario.photo.name)
    to_screen = scenario.photo.place(scenario.get_pane('Photo'))
    body, wing, sky = (tuple(round(k) - 1 for k in to_screen(at)) + (3, 3) for at in ((833, 448), (1078, 592), (850, 280)))
    before = scenario.shoot('1-before')
    program.read_watchdog()
    press('s')
    drag([to_screen(at) for at in LOOP])
    began = time.monotonic()
    wait(lambda: not is_same(program.capture(), before, body), 'the eagle to be marked')
    print(f'# {scenario.name}: marked, and seen to be, after {1000 * (time.monotonic() - began):.0f} ms')
    scenario.park()
    marked = scenario.shoot('2-marked')
    expect(is_same(marked, before, sky), 'The sky inside the circle is marked')
    expect(not is_same(marked, before, wing), 'A wing is not marked')

    xdotool('keydown', 'ctrl')
    drag([to_screen((1000, 560)), to_screen((1045, 580)), to_screen((1090, 600))])
    xdotool('keyup', 'ctrl')
    wait(lambda: is_same(program.capture(), before, wing), 'the wing to be taken away')
    scenario.park()
    expect(not is_same(scenario.shoot('3-taken'), before, body), 'The body went with the wing')
    scenario.undo()
    wait(lambda: is_same(program.capture(), marked, wing), 'the wing to be back')
    scenario.undo()
    wait(lambda: is_same(program.capture(), before, body), 'nothing to be marked')
    move(*(at + 1 for at in body[:2]))
    xdotool('click', 1)
    wait(lambda: not is_same(program.capture(), before, body), 'the eagle to be marked by a click')
    scenario.park()
    expect(is_same(scenario.shoot('4-clicked'), before, sky), 'The sky beside the click is marked')
    scenario.undo()
    wait(lambda: is_same(program.capture(), before, body), 'nothing to be marked')
    drag([to_screen(at) for at in ((690, 200), (740, 330), (790, 440), (870, 460), (960, 520), (1060, 590))])
    wait(lambda: not is_same(program.capture(), before, body), 'the eagle to be marked by a scribble')
    scenario.park()
    scribbled = scenario.shoot('4-scribbled')
    expect(is_same(scribbled, before, sky), 'The sky beside the scribble is marked')
    program.await_node('button', '^Add Shadow$')
    press('shift+s')
    all_of_it = scenario.get_pane('Photo')
    wait(lambda: not is_same(program.capture(), scribbled, all_of_it), 'what is darker around it to be added')
    expect(len(program.windows()) == 1 and not is_same(scenario.shoot('5-shadow'), before, body), 'It went wrong')
    scenario.tell_stalls('select')
    scenario.end()
