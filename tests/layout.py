# SPDX-License-Identifier: GPL-3.0-or-later
"""The window in sizes from a phone's to a large screen's, under a window manager and with three buttons in its title."""

import os
import pathlib
import re
import time

import beginning
import desktop
from desktop import expect, wait

SIZES = [(3840, 2160), (1366, 768), (832, 600), (600, 700), (720, 360), (360, 640)]
LEAST = (360, 360)  # of a window without the inspector
PANES = '^(Photo|Coarse|Refined|Attention|Foto|Grob|Fein|Aufmerksamkeit)$'
CONTROLS = ('button', 'check box', 'menu button', 'page tab', 'slider', 'spin button')


def is_within(box, frame):
    x, y, width, height = box
    left, top, frame_width, frame_height = frame
    return x >= left and y >= top and x + width <= left + frame_width and y + height <= top + frame_height


def is_over(box, other):
    return (box[0] < other[0] + other[2] and other[0] < box[0] + box[2]
            and box[1] < other[1] + other[3] and other[1] < box[1] + box[3])


def is_revealed(node):
    """Nothing that it is within is drawn in."""
    while desktop.get_role(node) != 'application':
        if min(desktop.get_extents(node)[2:]) <= 0:
            return False
        node = node.get_parent()
    return True


class Parts:
    """What the window has on the page of the photo, found once: asking is slow."""

    def __init__(self, program):
        self.root = program.windows()[0]
        self.panes, self.controls = [], []
        self.look(self.root, None)

    def look(self, node, pane):
        role, name = desktop.get_role(node), desktop.get_name(node)
        if re.search('^Lacuna(Start|Training|Models)Page$', name):
            return
        if role == 'scroll pane':
            pane = node
        if role == 'image' and re.search(PANES, name):
            self.panes.append(node)
        elif role in CONTROLS:
            self.controls.append((node, f'{role} “{name}”', pane))
        for child in desktop.children(node):
            self.look(child, pane)

    def list_panes(self):
        """Places in the window of those that are shown."""
        return [box for box in map(desktop.get_extents, self.panes) if min(box[2:]) > 0]

    def list_controls(self, fixed=False):
        """What can be pressed, with its place, but for what is scrolled out of sight; fixed: but for all that scrolls."""
        for node, what, pane in self.controls:
            if fixed and pane is not None:
                continue
            box = desktop.get_extents(node)
            if is_revealed(node) and min(box[2:]) > 0 and (pane is None or is_within(box, desktop.get_extents(pane))):
                yield f'{what} at {box}', box


def check(scenario, size, state):
    """That the window is as large as it was asked to be, and nothing in it is cut off or lies over a pane."""
    program = scenario.program
    given = program.get_window_size()
    expect(given == size, f'The window of {size} became one of {given} ({state})')
    scenario.shoot(f'{size[0]}-{state}')
    frame = program.get_frame(scenario.parts.root)[0]
    panes = scenario.parts.list_panes()
    expect(panes and all(is_within(pane, frame) for pane in panes), f'A pane is cut off at {size} ({state})')
    expect(all(min(pane[2:]) >= 96 for pane in panes), f'A pane is too small at {size} ({state})')
    for what, box in scenario.parts.list_controls():
        expect(is_within(box, frame), f'{what} is cut off at {size} ({state})')
        expect(not any(is_over(box, pane) for pane in panes), f'{what} lies over a pane at {size} ({state})')


def check_toast(scenario, size):
    """What is told in passing widens nothing, and lies over no control but those that scroll beside and below the
    photo."""
    program = scenario.program

    def tell():
        desktop.press('ctrl+v')
        time.sleep(1)
        return program.find('label', '(?i)clipboard|zwischenablage')

    # It goes after some seconds, in which a busy machine may not have found it.
    node = label = wait(tell, 'a toast')
    while desktop.get_extents(node.get_parent())[3] < 3 * desktop.get_extents(label)[3]:
        node = node.get_parent()
    toast = desktop.get_extents(node)
    scenario.shoot(f'{size[0]}-toast')
    frame = program.get_frame(scenario.parts.root)[0]
    expect(is_within(toast, frame) and is_within(desktop.get_extents(label), toast), f'A toast is cut off at {size}')
    for what, box in scenario.parts.list_controls(fixed=True):
        expect(is_within(box, frame), f'A toast pushes {what} out at {size}')
        expect(not is_over(box, toast), f'A toast at {toast} lies over {what} at {size}')


def check_fill(scenario, size):
    """While it is filled the photo stays where it is, and the fill can be cancelled."""
    program = scenario.program
    frame, panes = program.get_frame(scenario.parts.root)[0], scenario.parts.list_panes()
    fill = program.find('button', '^_?(Fill|Füllen)$')
    # A fill is soon over: the button is looked for where it appears.
    heading = program.find('label', re.escape(scenario.photo.name)).get_parent().get_parent()
    desktop.press('ctrl+Return')
    cancel = wait(lambda: program.find('button', '^(Cancel the Fill|Die Füllung abbrechen)$', heading),
                  'the button that cancels', pause=0)
    box = desktop.get_extents(cancel)
    expect(is_within(box, frame), f'The button at {box} that cancels a fill is cut off at {size}')
    expect(scenario.parts.list_panes() == panes, f'A fill moves the photo at {size}')
    scenario.keep(program.capture(), f'{size[0]}-fill')
    wait(lambda: desktop.is_sensitive(fill), 'the fill to end')


def speak(scenario, language):
    """Where a system has C.UTF-8 alone it stands in for the language's own locale, as without one libc translates
    nothing."""
    locales = scenario.folder / 'locales'
    locales.mkdir()
    (locales / f'{language}.UTF-8').symlink_to('/usr/lib/locale/C.utf8')
    catalogues = pathlib.Path(scenario.command).resolve().parent.parent / 'data' / 'po'
    scenario.environment = {'LOCPATH': str(locales), 'LC_ALL': f'{language}.UTF-8', 'LANGUAGE': language,
                            'LACUNA_LOCALE': str(catalogues)}


def read_settings():
    """Those that are not about the window's size."""
    path = pathlib.Path(os.environ['XDG_CONFIG_HOME'], 'glib-2.0', 'settings', 'keyfile')
    return [line for line in path.read_text(encoding='utf-8').splitlines() if not line.startswith('window-')]


def make_variants(scenario):
    """Brushes and fills twice."""
    program = scenario.program
    pane = program.get_box(next(program.find_all('image', PANES)))
    to_screen = scenario.photo.place(pane)
    x, y, width, height = scenario.photo.hole
    desktop.drag([to_screen((x, y)), to_screen((x + width, y + height))])
    scenario.park()
    is_german = (scenario.environment or {}).get('LANGUAGE') == 'de'
    fill = program.await_node('button', '^_?Füllen$' if is_german else '^_?Fill$')
    wait(lambda: desktop.is_sensitive(fill), 'something to fill')
    for _ in range(2):
        desktop.press('ctrl+Return')
        wait(lambda: not desktop.is_sensitive(fill), 'the fill to begin', pause=0.002)
        wait(lambda: desktop.is_sensitive(fill), 'the fill to end')
    program.await_node('button', r'^Variante? 2\b')


def start_narrow(scenario, size):
    """The window comes back as narrow as it was left, before there is a photo and with one."""
    scenario.start()
    program = scenario.program
    program.await_node('button', f'^{scenario.photo.name}, ')
    given = program.get_window_size()
    expect(given == size, f'The window started at {given}, not at {size}')
    program.open(scenario.photo.path)
    wait(lambda: scenario.photo.name in program.get_title(), 'the photo')
    program.await_node('button', r'^Variante? 2\b')
    scenario.parts = Parts(program)
    check(scenario, size, 'started')


def check_offer(scenario, size):
    """To offer to learn the photo, after a fill that may not be right, leaves all else its place."""
    program, noise = scenario.program, scenario.folder / 'noise.png'
    beginning.make_noise(str(noise))
    program.open(str(noise))
    wait(lambda: noise.name in program.get_title(), 'the photo')
    beginning.brush_middle(program.get_box(next(program.find_all('image', PANES))))
    fill = program.find('button', '^_?(Fill|Füllen)$')
    wait(lambda: desktop.is_sensitive(fill), 'something to fill')
    desktop.press('ctrl+Return')
    program.await_node('button', '^(Learn This Photo|Dieses Foto lernen)$')
    scenario.park()
    scenario.parts = Parts(program)
    check(scenario, size, 'offer')


def run_layout(scenario, least=LEAST):
    """Two variants and the inspector, in every size; then the window as it was, and the settings untouched."""
    sizes = [size for size in SIZES if size <= scenario.size]
    scenario.start(scenario.photo.path)
    program = scenario.program
    wait(lambda: scenario.photo.name in program.get_title(), 'the photo')
    program.resize(*sizes[0])
    make_variants(scenario)
    desktop.press('F9')
    time.sleep(1)
    scenario.parts = Parts(program)
    settings = read_settings()
    for size in sizes + sizes[:1]:
        program.resize(*size)
        check(scenario, size, 'inspector')
    expect(read_settings() == settings, 'A layout has changed the settings')
    desktop.press('F9')
    time.sleep(1)
    # With the inspector goes the pane that came with it.
    scenario.parts = Parts(program)
    for size in [least, *sizes[1:]]:
        program.resize(*size)
        check(scenario, size, 'plain')
    check_fill(scenario, size)
    check_toast(scenario, size)
    scenario.end()
    start_narrow(scenario, size)
    check_offer(scenario, size)
    scenario.end()


def run_layout_german(scenario):
    """Longer words."""
    speak(scenario, 'de')
    run_layout(scenario)


def run_layout_large_text(scenario):
    """Text half as large again."""
    pathlib.Path(os.environ['HOME'], '.Xdefaults').write_text('Xft.dpi: 144\n', encoding='utf-8')
    run_layout(scenario, (360, 400))
