# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and the focus: every key works after any click, and what is on the screen has a name."""

import re
import time

import desktop
from desktop import Atspi, expect, get_name, has_state, is_same, move, press, wait, xdotool

# What is clicked before keys are tried.
CLICKED = ['Refined', 'Zoom In', 'Size of the Brush']
SOURCE = r'^[\d.]+ % from around \d+, \d+$'
ROWS = ('check box', 'combo box', 'list item', 'slider', 'spin button')
NAMED = ('button', 'image', 'page tab', *ROWS)


# libadwaita 1.2 gives the button that dismisses a toast no name.
TOAST = '^AdwToastWidget$'


class Parts:
    """What a window has, found once by role and name: asking is slow. All of the roles have names. skipped: what is not
    looked at."""

    def __init__(self, window, skipped=f'^Lacuna(Start|Training|Models)Page$|{TOAST}', roles=NAMED):
        self.found, self.skipped, self.roles = {}, skipped, roles
        self.look(window)

    def look(self, node):
        role, name = desktop.get_role(node), get_name(node)
        if re.search(self.skipped, name):
            return
        self.found.setdefault(name, node)
        if role in self.roles and has_state(node, Atspi.StateType.FOCUSABLE):
            # GTK 4.8 calls what has no name by its type.
            expect(not re.search('^(Gtk|Adw|Lacuna|$)|_', name), f'A {role} has the name “{name}”')
        # The list that a combo box opens is GTK's own.
        for child in desktop.children(node) if role != 'combo box' else ():
            self.look(child)

    def is_pressed(self, name):
        return any(has_state(self.found[name], state) for state in (Atspi.StateType.PRESSED, Atspi.StateType.CHECKED))


def click(program, node):
    x, y, width, height = program.await_rest(node)
    move(x + width // 2, y + height // 2)
    xdotool('click', 1)


def try_clicks(scenario, program, parts):
    """Letters choose tools after any click, and digits panes, without moving the focus from the photo."""
    for name in CLICKED:
        click(program, parts.found[name])
        for key, tool in (('r', 'Rectangle'), ('b', 'Brush')):
            press(key)
            wait(lambda: parts.is_pressed(tool), f'{tool} after a click on {name}', patience=20)
    for key, pane in (('3', 'Refined'), ('2', 'Coarse'), ('4', 'Attention'), ('1', 'Photo')):
        press(key)
        wait(lambda: parts.is_pressed(pane), f'the pane {pane}', patience=20)
    for key, panes in (('F7', 'Two Panes'), ('F8', 'Four Panes'), ('F5', 'One Pane')):
        press(key)
        wait(lambda: parts.is_pressed(panes), f'{panes} by {key}', patience=20)
    # The focus is on the photo: the keys' brush draws there.
    press('shift+Right')
    wait(scenario.can_fill, 'the keys to draw', patience=20)
    press('ctrl+z')
    wait(lambda: not scenario.can_fill(), 'the stroke to be undone', patience=20)


def try_fill(scenario, program, parts):
    """The same after a click on Fill, which is the one that most keys follow: while it fills and afterwards."""
    click(program, scenario.fill_button)
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    for tool, key in (('Rectangle', 'r'), ('Brush', 'b')):
        press(key)
        wait(lambda: parts.is_pressed(tool), f'{tool} after a click on Fill', patience=20)
    scenario.await_fill()
    press('r')
    wait(lambda: parts.is_pressed('Rectangle'), 'Rectangle after a fill', patience=20)
    press('b', 'ctrl+z')
    wait(lambda: parts.is_pressed('Brush'), 'Brush after a fill', patience=20)
    wait(scenario.can_fill, 'the fill to be undone')


def try_held_keys(scenario, box, canvas):
    program, (x, y, width, height) = scenario.program, box
    # The ring of the focus, which goes by itself after some seconds, is left out of what is compared.
    box = (x + 8, y + 8, width - 16, height - 16)
    press('ctrl+1')
    scenario.park()
    time.sleep(1)
    before = program.capture()
    xdotool('keydown', 'space')
    desktop.drag([(x + width // 2, y + height // 2), (x + width // 2 + 60, y + height // 2 + 40)])
    xdotool('keyup', 'space')
    scenario.park()
    wait(lambda: not is_same(program.capture(), before, box), 'the photo to be moved', patience=20)
    expect('Nothing is marked' in canvas.get_description(), 'Space and a drag have painted')

    desktop.drag([(x + width // 3, y + height // 2), (x + width // 2, y + height // 2)])
    scenario.park()
    wait(lambda: re.search(r'[0-9.]+ % of it is marked', canvas.get_description()), 'the marked share')
    scenario.shoot('1-marked')
    marked = program.capture_at_rest(box)
    xdotool('keydown', 'backslash')
    wait(lambda: not is_same(program.capture(), marked, box), 'the original', patience=20)
    xdotool('keyup', 'backslash')
    wait(lambda: is_same(program.capture(), marked, box), 'what it was before', patience=20)


def try_regions(program):
    """Each press moves the ring of the focus."""
    pictures = [program.capture()]
    for _ in range(4):
        press('F6')
        time.sleep(0.7)
        pictures.append(program.capture())
    size = program.get_window_size()
    for one, other in zip(pictures, pictures[1:]):
        expect(not is_same(one, other, (0, 0, *size)), 'F6 does not move the focus')


def try_wheel(box, zoom):
    press('ctrl+0')
    move(box[0] + box[2] // 2, box[1] + box[3] // 2)
    shown = []
    for _ in range(4):
        xdotool('click', 4)
        time.sleep(0.5)
        shown.append(get_name(zoom))
    expect('100 %' in shown, f'The wheel went through {shown}')


def try_text(program):
    """In a text, keys that the window has too are the text's."""
    press('alt+2')
    program.await_node('button', '^Start$')
    texts = lambda: desktop.read_texts(program.windows()[0])
    press('alt+n', 'ctrl+a')
    desktop.paste('lamb')
    wait(lambda: 'lamb' in texts(), 'what was pasted', patience=20)
    press('ctrl+z')
    wait(lambda: 'lamb' not in texts(), 'it to be undone', patience=20)


def point_at_sources(scenario, box):
    """Moves the pointer over what was filled until its sources are listed."""
    program, (x, y, width, height) = scenario.program, box
    press('4')

    def look():
        for share in 0.4, 0.45:
            move(round(x + share * width), y + height // 3)
        return program.find('list item', SOURCE)

    wait(look, 'sources', pause=0.5)


def run_keys(scenario):
    scenario.start(scenario.photo.path)
    scenario.await_photo(scenario.photo.name)
    program = scenario.program
    parts = Parts(program.windows()[0])
    canvas = program.find('image', '^Photo$')
    box = program.get_box(canvas)
    zoom = program.find('label', r'^\d+ %$')
    wait(lambda: 'Nothing is marked' in canvas.get_description(), 'the photo to be described')
    try_clicks(scenario, program, parts)
    try_held_keys(scenario, box, canvas)
    try_fill(scenario, program, parts)
    try_regions(program)
    try_wheel(box, zoom)

    # What is brushed in another pane is marked too.
    press('ctrl+0', 'ctrl+z', '3')
    wait(lambda: parts.is_pressed('Refined'), 'the refined pane', patience=20)
    time.sleep(1)
    desktop.drag([(box[0] + box[2] // 3, box[1] + box[3] // 3), (box[0] + box[2] // 2, box[1] + box[3] // 3)])
    scenario.park()
    wait(scenario.can_fill, 'something to fill')
    scenario.shoot('2-refined')

    # What comes with fills has names too, and so has all on the other pages.
    scenario.fill()
    wait(lambda: not scenario.can_fill(), 'the fill to begin', pause=0.002)
    scenario.await_fill()
    press('F9')
    program.await_node('label', '^Point at a filled place')
    point_at_sources(scenario, box)
    found = list(Parts(program.windows()[0], TOAST).found)
    # Newer versions of GTK tell of the page that is shown alone.
    for page, role, name in ('Training', 'button', '^Start$'), ('Models', 'check box', '^Default$'):
        program.click('page tab', f'^{page}$')
        program.await_node(role, name)
        found += Parts(program.windows()[0], TOAST).found
    for name in SOURCE, '^What to Do with', '^Start$':
        expect(any(re.search(name, other) for other in found), f'“{name}” was not looked at')
    try_text(program)
    press('ctrl+comma')
    wait(lambda: len(program.windows()) > 1, 'the preferences')
    program.await_node('combo box', '')
    scenario.shoot('3-preferences')
    # The switch between the pages of such a window is the library's own.
    Parts(program.windows()[-1], roles=ROWS)
    press('Escape')
    wait(lambda: len(program.windows()) == 1, 'the preferences to go')
    scenario.end()
