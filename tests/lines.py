# SPDX-License-Identifier: GPL-3.0-or-later
"""The scenario of tests/scenario.py that draws lines for edges to follow."""

import time

from desktop import drag, expect, is_same, move, press, wait, xdotool

# The dune's edge against the sky of the sample, x and y of its ends, and a hole across it.
EDGE = ((990, 718), (1310, 903))
MIDDLE = (1150, 812)
RIM = (1100, 725, 60, 40)  # of what is brushed, where it lies in the sky
HOLE = [(1130, 770), (1175, 780), (1120, 810), (1180, 830), (1125, 850), (1170, 855)]


def mix(share):
    return tuple(a + share * (b - a) for a, b in zip(*EDGE))


def wobble(n=40):
    """Along the edge, as a hand draws it."""
    points = [mix(i / n) for i in range(n + 1)]
    return [(x, y + (1 if i % 3 else -1)) for i, (x, y) in enumerate(points)]


def check_faded(bare, filled, to_screen):
    """Over the sky, which a fill continues, the dashes of an outline are much brighter and darker."""
    x, y, width, height = RIM
    left, top = to_screen((x, y))
    right, bottom = to_screen((x + width, y + height))
    box = round(left), round(top), round(right - left), round(bottom - top)
    most = max(abs(a - b) for a, b in zip(bare.crop(box), filled.crop(box)))
    expect(most < 40, f'At the rim of the hole the result differs by {most}: the outline stays')


def complain(scenario):
    """A line beside the hole, from corner to corner by pointer and keys, is told to be none."""
    program, to_screen = scenario.program, scenario.photo.place(scenario.get_pane('Photo'))
    for at in ((300, 300), (400, 300)):
        move(*to_screen(at))
        xdotool('click', 1)
        time.sleep(0.6)
    press(*6 * ['Down'], 'Return', 'shift+Return')
    wait(lambda: 'Edges are to follow 2 lines.' in program.find('image', '^Photo$').get_description(), 'two lines')
    scenario.park()
    scenario.shoot('4-beside')
    scenario.fill()
    wait(lambda: len(program.windows()) > 1, 'the error')
    # GTK 4.8 stumbles over questions about a dialog that comes.
    time.sleep(2)
    program.await_node('label', '^The Photo Could Not Be Filled$')
    program.await_node('label', '^Line 2 does not cross the hole: draw it along an edge')
    scenario.shoot('5-refused')
    wait(lambda: program.find('label', '^The Photo Could Not Be Filled$') is None or program.click('button', r'\bClose$'),
         'the error to be closed', pause=1)
    scenario.undo()


def run_line(scenario):
    """A line across the hole changes the fill; it is there again when the program is, and leads the same fill."""
    scenario.photo = type(scenario.photo)(scenario.data, scenario.folder, 'desert-hike')
    scenario.start(scenario.photo.path)
    program = scenario.program
    scenario.await_photo(scenario.photo.name)
    box = scenario.get_pane('Photo')
    to_screen = scenario.photo.place(box)
    x, y = (round(at) for at in to_screen(MIDDLE))
    hole, known = (x - 8, y - 8, 16, 16), tuple(round(at) - 2 for at in to_screen(mix(0.1))) + (5, 5)
    bare = scenario.shoot('0-bare')
    drag([to_screen(at) for at in HOLE])
    wait(scenario.can_fill, 'something to fill')
    scenario.fill_to_rest()
    free = scenario.shoot('1-free')
    check_faded(bare, free, to_screen)
    scenario.undo()
    wait(scenario.can_fill, 'the fill to be undone')
    program.read_watchdog()
    press('i')
    drag([to_screen(at) for at in wobble()])
    photo = program.find('image', '^Photo$')
    wait(lambda: 'Edges are to follow 1 line.' in photo.get_description(), 'the line to be told')
    scenario.park()
    time.sleep(3)
    drawn = scenario.shoot('2-line')
    expect(not is_same(drawn, free, known), 'The line is not shown until it is filled')
    scenario.tell_stalls('draw a line')
    scenario.fill_to_rest()
    followed = scenario.shoot('3-followed')
    expect(is_same(followed, free, known), 'The line lies over the result')
    expect(not is_same(followed, free, hole), 'The line changes nothing')

    complain(scenario)
    scenario.undo()
    wait(lambda: is_same(program.capture(), drawn, known), 'the fill to be undone, and the line to be shown')
    time.sleep(1)
    program.quit()
    scenario.start()
    scenario.go_on()
    scenario.await_photo(scenario.photo.name)
    scenario.park()
    wait(lambda: is_same(scenario.program.capture(), drawn, known), 'the line to be there again')
    scenario.fill_to_rest()
    expect(is_same(scenario.shoot('6-again'), followed, hole), 'The line that was kept leads another fill')
    scenario.end()
