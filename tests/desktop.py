# SPDX-License-Identifier: GPL-3.0-or-later
"""A window of the program, operated as a person does: by pointer and keyboard, read by accessible names."""

import os
import re
import subprocess
import tempfile
import time

import gi

gi.require_version('Atspi', '2.0')
gi.require_version('GdkPixbuf', '2.0')
from gi.repository import Atspi, GdkPixbuf, GLib

# GTK 4.8 has no path to answer with where it is asked for an object that is not on the bus yet.
ASKED_TOO_EARLY = re.compile(r'GLib-CRITICAL.* g_variant_\w+: assertion')
# GTK 4.18 warns of how libadwaita 1.7 measures the labels of its own message dialogs.
MEASURED_TOO_NARROW = re.compile(r'Gtk-WARNING.* Trying to measure GtkLabel')
# Glycin reads GTK's pictures; where it may not make its sandbox it says so.
UNBOXED = re.compile(r'WARNING: Glycin running without sandbox')
# GTK 4.24's own animations.
BACKWARD = re.compile(r'Gtk-WARNING.* gtk_svg_advance: time went backward')
# GTK 4.24 tells itself, on X11, of frames twice.
TOLD_TWICE = re.compile(r'Gdk-WARNING.* gdk_frame_timings_submitted\(\) called on submitted frame')
# Nobody shows notifications where a program is alone.
UNTOLD = re.compile('unable to send notifications through')
KNOWN = (ASKED_TOO_EARLY, BACKWARD, MEASURED_TOO_NARROW, TOLD_TWICE, UNBOXED, UNTOLD)
ROLES = {'push button': 'button', 'radio button': 'check box', 'switch': 'check box', 'toggle button': 'button'}
# Codes of keys: by their names, newer key maps have xdotool hold Alt as well.
FUNCTION_KEYS = {f'F{i}': str(66 + i) for i in range(1, 11)}
PATIENCE = 120  # seconds, for a machine that others use too


class Failure(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failure(what)


def wait(condition, what, patience=PATIENCE, pause=0.02):
    """Waits until condition() is true; returns that."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f'Waited {patience} s in vain for {what}')
        time.sleep(pause)


def xdotool(*words):
    return subprocess.run(['xdotool', *map(str, words)], check=True, capture_output=True, text=True).stdout


def press(*keys):
    xdotool('key', *(FUNCTION_KEYS.get(key, key) for key in keys))


def enter(text):
    xdotool('type', '--delay', 4, text)


def paste(text):
    """All at once, where what is typed would be completed meanwhile."""
    subprocess.run(['xclip', '-selection', 'clipboard'], input=text, text=True, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    press('ctrl+v')


def move(x, y):
    """Two steps, so that the pointer is seen to move."""
    xdotool('mousemove', x - 2, y - 1, 'sleep', 0.02, 'mousemove', x, y)


def drag(points, pause=0.004):
    """A stroke along the points, by many small motions."""
    words = []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        n = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) // 4))
        for i in range(1, n + 1):
            words += ['mousemove', round(x0 + (x1 - x0) * i / n), round(y0 + (y1 - y0) * i / n), 'sleep', pause]
    xdotool('mousemove', round(points[0][0]), round(points[0][1]), 'sleep', 0.05, 'mousedown', 1, 'sleep', 0.05, *words)
    xdotool('mouseup', 1)


def find_shadow(window):
    """How many pixels of a window lie to the left of what one sees, to the right, above and below: under a compositor it
    draws its shadow itself."""
    done = subprocess.run(['xprop', '-id', window, '_GTK_FRAME_EXTENTS'], check=True, capture_output=True, text=True)
    return [int(number) for number in re.findall(r'\d+', done.stdout.partition('=')[2])] or [0, 0, 0, 0]


class Picture:
    """Pixels of the screen."""

    def __init__(self, path):
        self.pixbuf = GdkPixbuf.Pixbuf.new_from_file(path)

    def save(self, path):
        self.pixbuf.savev(path, 'png', [], [])

    def crop(self, box):
        """Rows of the pixels within a box, as one value that can be compared."""
        x, y, width, height = box
        part = self.pixbuf.new_subpixbuf(x, y, width, height)
        n, stride, pixels = part.get_n_channels() * width, part.get_rowstride(), part.read_pixel_bytes().get_data()
        return b''.join(pixels[row * stride:row * stride + n] for row in range(height))


def is_same(one, other, box):
    """Whether a part of the screen shows the same: Cairo's filter rounds by where drawing begins."""
    return max(abs(a - b) for a, b in zip(one.crop(box), other.crop(box))) <= 2


class Program:
    """One run of lacuna-window."""

    def __init__(self, command, environment=None, photo=None):
        self.log = tempfile.NamedTemporaryFile(prefix='lacuna-log-', mode='w+')
        self.watchdog = tempfile.NamedTemporaryFile(prefix='lacuna-watchdog-', mode='r')
        self.command = command
        self.environment = {
            **os.environ,
            'G_DEBUG': '',  # what the program complains about is read from its log
            'LACUNA_WATCHDOG': self.watchdog.name,
            **(environment or {}),
        }
        self.process = subprocess.Popen([command, *([photo] if photo else [])], env=self.environment,
                                        stdout=self.log, stderr=self.log)
        self.application = wait(self.find_application, 'the program to be accessible')
        wait(lambda: self.windows(), 'the window')
        self.screen = tempfile.TemporaryDirectory(prefix='lacuna-screen-')

    def find_application(self):
        if self.process.poll() is not None:
            raise Failure(f'The program ended with {self.process.returncode}:\n{self.read_log()}')
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid:
                # Every question is asked anew.
                child.set_cache_mask(Atspi.Cache.NONE)
                return child
        return None

    def read_log(self):
        with open(self.log.name, encoding='utf-8', errors='replace') as file:
            return file.read()

    def check(self):
        """That the program runs and has not complained."""
        if self.process.poll() is not None:
            raise Failure(f'The program ended with {self.process.returncode}:\n{self.read_log()}')
        self.check_log()

    def check_log(self):
        complaints = [line for line in re.findall(r'.*(?:CRITICAL|WARNING|ERROR).*', self.read_log())
                      if not any(known.search(line) for known in KNOWN)]
        if complaints:
            raise Failure('The program complained:\n' + '\n'.join(complaints))

    def read_watchdog(self):
        """Since the last call, in milliseconds: the main loop's longest block, its longest gap, from each motion of the
        pointer to the frame that drew it, and the most processor time that the main loop took at once."""
        rows = [(kind, *map(float, values)) for kind, *values in map(str.split, self.watchdog.readlines())]
        stalls, frames = [row for row in rows if row[0] == 'stall'], [row[1] for row in rows if row[0] == 'frame']
        return (*(max((row[i] for row in stalls), default=0.0) for i in (1, 2)), frames,
                max((row[3] for row in stalls), default=0.0))

    def open(self, path):
        """As the desktop does: a second program hands its file over to the first."""
        subprocess.run([self.command, path], env=self.environment, check=True, timeout=PATIENCE)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def windows(self):
        """Toplevel windows, the newest last."""
        return [node for node in children(self.application) if is_showing(node)]

    def find(self, role, name, inside=None):
        """The accessible object that is shown with that role and a name that matches."""
        return next(self.find_all(role, name, inside), None)

    def find_all(self, role, name, inside=None):
        roots = [inside] if inside is not None else self.windows()
        for root in reversed(roots):
            for node in walk(root):
                if get_role(node) == role and re.search(name, get_name(node)) and is_showing(node):
                    yield node

    def await_node(self, role, name, patience=PATIENCE):
        def look():
            self.check()
            return self.find(role, name)
        return wait(look, f'{role} “{name}”', patience)

    def get_frame(self, window):
        """The place of a window, whose nodes say where they are in it, by what they say; and its place on the screen."""
        frame = get_extents(window)
        number, place = self.find_window(lambda: get_name(window), frame[2:])
        # From GTK 4.12 on, a window begins at minus its padding, and places within it lack that. Before, its shadow,
        # which is wider below than above, is no part of it; without a compositor it has an even border instead.
        left, _, top, _ = find_shadow(number)
        if frame[2] == place[2]:
            left = top = 0
        elif left == top == 0:
            left, top = (place[2] - frame[2]) // 2, (place[3] - frame[3]) // 2
        return (2 * frame[0] - left, 2 * frame[1] - top, *place[2:]), place

    def get_box(self, node):
        """Where on the screen a node is: x, y, width, height."""
        window = node
        while get_role(window) not in ('frame', 'dialog', 'window', 'alert') or \
                get_role(window.get_parent()) != 'application':
            window = window.get_parent()
        frame, place = self.get_frame(window)
        x, y, width, height = get_extents(node)
        return place[0] + x - frame[0], place[1] + y - frame[1], width, height

    def await_rest(self, node):
        """A node's place once nothing moves it any more."""
        box = None
        while box != self.get_box(node):
            box = self.get_box(node)
            time.sleep(0.2)
        return box

    def scroll_to(self, node):
        """Turns the wheel at the left margin of a page until a node is in sight, where it is; returns its place."""
        width, height = self.get_window_size()
        xdotool('mousemove', 9, height // 2)
        before = None
        while True:
            box = self.await_rest(node)
            # Nothing lies over what can't be scrolled further.
            if 60 <= box[1] and box[1] + box[3] <= height - 60 or box == before:
                return box
            before = box
            xdotool('click', 4 if box[1] < 60 else 5)

    def find_windows(self, title):
        """By which the display knows the windows of a title, with their places on the screen."""
        words = ['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid), '--name', f'^{re.escape(title)}$']
        # It fails where there is none.
        for window in subprocess.run(words, check=False, capture_output=True, text=True).stdout.split():
            # xdotool would count the title that a window manager adds twice.
            done = subprocess.run(['xwininfo', '-id', window], check=False, capture_output=True, text=True)
            numbers = re.findall(r'^ *(?:Absolute upper-left [XY]|Width|Height): +(-?\d+)$', done.stdout, re.M)
            if len(numbers) == 4:
                yield window, tuple(map(int, numbers))

    def find_window(self, get_title=None, size=None):
        """The one that is nearest in size, or the largest: tooltips and dialogs may have the title of their window. The
        title, the main window's by default, may change just when the display is asked for it."""
        windows = wait(lambda: list(self.find_windows((get_title or self.get_title)())), 'a window of that title')
        if size is None:
            return max(windows, key=lambda found: found[1][2] * found[1][3])
        return min(windows, key=lambda found: abs(found[1][2] - size[0]) + abs(found[1][3] - size[1]))

    def get_window_size(self):
        window, (_, _, width, height) = self.find_window()
        left, right, top, bottom = find_shadow(window)
        return width - left - right, height - top - bottom

    def resize(self, width, height):
        """As a person drags the window's edge, under a window manager: to no less than the window allows."""
        window = self.find_window()[0]
        left, right, top, bottom = find_shadow(window)
        xdotool('windowsize', window, width + left + right, height + top + bottom)
        time.sleep(0.3)
        xdotool('windowmove', '--', window, -left, -top)
        time.sleep(0.7)

    def await_menu(self):
        """Until a menu is open. Those that were open before have left their items, and GTK 4.18 gives items no names: so
        it is given time as well."""
        self.await_node('menu item', '')
        time.sleep(1)

    def point_at(self, role, name):
        node = self.await_node(role, name)
        x, y, width, height = self.await_rest(node)
        move(x + width // 2, y + height // 2)

    def click(self, role, name):
        self.point_at(role, name)
        xdotool('click', 1)

    def get_title(self):
        return get_name(wait(self.windows, 'the window')[0])

    def capture(self):
        # Portable pixmaps are written and read fastest.
        path = os.path.join(self.screen.name, 'screen.ppm')
        subprocess.run(['import', '-silent', '-window', 'root', '-depth', '8', path], check=True)
        return Picture(path)

    def capture_at_rest(self, box):
        """The screen, once nothing changes within a box any more for a moment."""
        picture, before = self.capture(), None
        while before is None or not is_same(picture, before, box):
            time.sleep(0.3)
            picture, before = self.capture(), picture
        return picture

    def quit(self):
        press('ctrl+q')
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure('The program did not end on Ctrl+Q') from None
        if status != 0:
            raise Failure(f'The program ended with {status}:\n{self.read_log()}')
        self.check_log()


def children(node):
    try:
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None:
                yield child
    except GLib.Error:
        return


def walk(node):
    """What is shown below a node, and itself; a node may go while one looks."""
    yield node
    for child in children(node):
        yield from walk(child)


def has_state(node, state):
    try:
        return node.get_state_set().contains(state)
    except GLib.Error:
        return False


def is_showing(node):
    """GTK 4.8 tells of windows only whether they are showing: what is hidden has no size."""
    return has_state(node, Atspi.StateType.VISIBLE) and min(get_extents(node)[2:]) > 0


def is_focusable(node):
    return has_state(node, Atspi.StateType.FOCUSABLE)


def is_sensitive(node):
    return has_state(node, Atspi.StateType.SENSITIVE)


def get_name(node):
    try:
        return node.get_name() or ''
    except GLib.Error:
        return ''


def read(node):
    """All the names in a node."""
    return ' '.join(get_name(child) for child in walk(node))


def read_texts(node):
    """What the entries in a node hold."""
    entries = [child for child in walk(node) if get_role(child) in ('entry', 'text')]
    # GTK 4.8 takes -1 for no end.
    return [Atspi.Text.get_text(entry, 0, Atspi.Text.get_character_count(entry)) for entry in entries]


def get_role(node):
    """AT-SPI 2.52 calls “push button” a button, and newer GTK tells toggles, switches and the checks of a group apart."""
    try:
        role = node.get_role_name()
        return ROLES.get(role, role)
    except GLib.Error:
        return ''


def get_extents(node):
    try:
        box = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    except GLib.Error:
        return 0, 0, 0, 0
    return box.x, box.y, box.width, box.height
