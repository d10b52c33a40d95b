# SPDX-License-Identifier: GPL-3.0-or-later
"""Every error of app/ and engine/ is marked for translation, and every text of the command line and of the plug-in in C. What
is marked names a library only where that has to be installed: marked.py APP ENGINE PLUGINS"""

import pathlib
import re
import sys

LITERALS = r'"(?:[^"\\]|\\.)*"(?:\s*(?:PRI\w+\s*)?"(?:[^"\\]|\\.)*")*'
FIRST = re.compile(rf'[^";✓]*({LITERALS})')
CALL = re.compile(r"\b(?:g_set_error|g_set_error_literal|g_error_new|g_error_new_literal|g_task_return_new_error|g_print|g_printerr"
                  r"|lacuna_status_set_error|lacuna_error_set_memory|lacuna_command_complain|lacuna_command_reject) \(")
OPTION = re.compile(r'\bG_OPTION_ARG_\w+, &[\w.]+,\s*"')
# Comments, what is marked, and JSON.
PASSED = re.compile(rf'/\*.*?\*/|\bN?_ ?\(\s*(?:{LITERALS})|\b(?:ngettext \(|g_dngettext \(NULL,)\s*(?:{LITERALS}),\s*(?:{LITERALS})'
                    rf"|\bg_variant_new_parsed \(\s*(?:{LITERALS})", re.DOTALL)
CONVERSION = re.compile(r"%[-+ 0]*[\d*]*(?:\.[\d*]+)?[hljz]*[a-zA-Z]|\\.|lacuna")
TEXT = re.compile(LITERALS)
MARKED = re.compile(rf'\bN?_ ?\(\s*({LITERALS})')
LIBRARY = re.compile(r"vips|[Cc]airo|G[Ll]ib|GTK|[Pp]ixbuf|[Ee]xiv2|libheif|json-glib|PoCL")
SENTENCE = re.compile("[A-Za-z]{2,},? [a-z]{2,}")
QUOTED = re.compile('“[^"]+"')
DATA = ['"not kept"', '"The Lacuna developers"']  # of a report; a name


def tick(match):
    return re.sub("[^\n]", "✓", match[0])


def find_unmarked(text):
    """Offsets of calls whose first text is unmarked and has words beside its conversions, and of unmarked quotation marks."""
    yield from (quoted.start() for quoted in QUOTED.finditer(text))
    for call in CALL.finditer(text):
        first = FIRST.match(text, call.end())
        if first and re.search("[A-Za-z]", CONVERSION.sub("", first[1])):
            yield call.start()


def find_unmarked_texts(text):
    """Offsets of options whose description is unmarked, and of unmarked texts with two words in a row."""
    yield from (option.start() for option in OPTION.finditer(text))
    yield from (literals.start() for literals in TEXT.finditer(text) if SENTENCE.search(literals[0]) and literals[0] not in DATA)


def find_named(text):
    """Offsets of marked texts that name a library without saying that it has to be installed."""
    yield from (marked.start() for marked in MARKED.finditer(text)
                if LIBRARY.search(marked[1]) and not re.search("[Ii]nstall", marked[1]))


unmarked, named = [], []
app, engine, plugins = map(pathlib.Path, sys.argv[1:])
for path in [path for folder in (app, engine, plugins) for path in sorted(folder.rglob("*.c"))]:
    source = path.read_text()
    named += [f"{path}:{source.count(chr(10), 0, offset) + 1}" for offset in find_named(source)]
    text = PASSED.sub(tick, source)
    offsets = set(find_unmarked(text))
    if path.parent in (app / "command", plugins):
        offsets.update(find_unmarked_texts(text))
    unmarked += [f"{path}:{line}" for line in sorted({text.count("\n", 0, offset) + 1 for offset in offsets})]
for place in unmarked:
    print(place, "is not marked for translation", file=sys.stderr)
for place in named:
    print(place, "names a library", file=sys.stderr)
sys.exit(bool(unmarked or named))
