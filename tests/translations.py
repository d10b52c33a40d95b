# SPDX-License-Identifier: GPL-3.0-or-later
"""Translations are whole and in step with the sources, and the command line speaks them, but to programs:
translations.py SOURCE-ROOT LACUNA LOCALE-FOLDER"""

import functools
import gettext
import os
import pathlib
import re
import subprocess
import sys
import tempfile

root, lacuna, catalogues = map(pathlib.Path, sys.argv[1:])
folder = root / "data/po"
languages = (folder / "LINGUAS").read_text().split()
COMMANDS = ["fill", "devices", "models", "import", "train", "eval", "bench", "tune"]
C_LOCALE = pathlib.Path("/usr/lib/locale/C.utf8")
# As the preset glib of meson has them.
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dcgettext:2", "g_dngettext:2,3", "g_dpgettext2:2c,3"]
TEXT = re.compile(r'^(?:msgctxt|msgid|msgid_plural) ((?:"(?:[^"\\]|\\.)*"\n)+)', re.MULTILINE)
PICTURE = re.compile(r"\b(pictures?|images?)\b", re.IGNORECASE)
# What the window shows; the command alone writes what an explanation or provenance is exported to.
SHOWN = r"^#:.*\b(app/(figure|view|pages|window)|resources)/|\bengine/(?!fill/(provenance-)?export\.c)"
NETWORK_IMAGES = {"Step %u of %u · %.1f images per second · %s", "has seen %u image", "has seen %u images"}
problems = []


def call(*arguments, **keywords):
    return subprocess.run(arguments, capture_output=True, text=True, check=False, **keywords)


def list_texts(catalogue):
    """What a .po or .pot file has to translate."""
    written = call("msgcat", "--no-wrap", "--no-obsolete", "--to-code=UTF-8", catalogue).stdout
    return {"".join(re.findall(r'"(.*)"\n', text)) for text in TEXT.findall(written)}


def extract_texts():
    """What the sources have to translate. Tools differ about the metainfo file, which is left out."""
    with tempfile.TemporaryDirectory() as temporary:
        fresh = pathlib.Path(temporary, "fresh.pot")
        files = [name for name in (folder / "POTFILES.in").read_text().split() if "metainfo" not in name]
        done = call("xgettext", "--from-code=UTF-8", "--package-name=lacuna", f"--output={fresh}",
                    *[f"--keyword={keyword}" for keyword in KEYWORDS], *files, cwd=root)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return list_texts(fresh)


def check_template():
    template, sources = list_texts(folder / "lacuna.pot"), extract_texts()
    metainfo = " ".join((root / "data/org.lacuna.Lacuna.metainfo.xml.in").read_text().split())
    for text in sources ^ template:
        if text in sources or text not in metainfo:
            problems.append(f"lacuna.pot is out of step (ninja lacuna-pot makes it anew): {text}")


def check_words():
    """The window calls a photo a photo; images are what a network is given, many a second."""
    for block in call("msgcat", "--no-wrap", folder / "lacuna.pot").stdout.split("\n\n"):
        texts = {"".join(re.findall(r'"(.*)"\n', text)) for text in TEXT.findall(f"{block}\n")}
        for text in texts - NETWORK_IMAGES:
            if re.search(SHOWN, block, re.MULTILINE) and PICTURE.search(text):
                problems.append(f"It is a photo, or a figure: {text}")


def check_catalogue(language):
    catalogue = folder / f"{language}.po"
    checked = call("msgfmt", "--check", "--check-accelerators=_", "--statistics", "--output-file=/dev/null", catalogue,
                   env=os.environ | {"LC_ALL": "C.UTF-8"})
    if checked.returncode != 0 or not re.fullmatch(r"\d+ translated messages\.\n", checked.stderr):
        problems.append(f"{catalogue}: {checked.stderr}")
    for text in list_texts(catalogue) ^ list_texts(folder / "lacuna.pot"):
        problems.append(f"{catalogue} is out of step (ninja lacuna-update-po merges): {text}")
    if "\n#~ " in catalogue.read_text():
        problems.append(f"{catalogue} has messages that are not used any more")


@functools.cache
def speak(language, *arguments):
    """Standard output in a language. Where a system has C.UTF-8 alone it stands in for the language's own locale, as
    without one libc translates nothing."""
    with tempfile.TemporaryDirectory() as locales:
        pathlib.Path(locales, f"{language}.UTF-8").symlink_to(C_LOCALE)
        environment = os.environ | {"LOCPATH": locales, "LC_ALL": f"{language}.UTF-8", "LANGUAGE": language,
                                    "LACUNA_LOCALE": str(catalogues)}
        return call(lacuna, *arguments, env=environment).stdout


def list_options(text):
    """Lines about options, but for GLib's own."""
    return {line for line in text.splitlines() if re.match(" +(-.,)? --", line) and "--help" not in line}


def check_command_line(language):
    translate = gettext.translation("lacuna", catalogues, [language]).gettext
    if translate("Removes what a mask marks from photos.") not in speak(language, "fill", "--help"):
        problems.append(f"lacuna fill --help does not speak {language}")
    for command in COMMANDS:
        shared = list_options(speak(language, command, "--help")) & list_options(speak("en", command, "--help"))
        problems.extend(f"lacuna {command} --help in {language}: {line}" for line in shared)
    if not speak(language, "models", "--json") or speak(language, "models", "--json") != speak("en", "models", "--json"):
        problems.append(f"lacuna models --json is another in {language}")


check_template()
check_words()
for name in languages:
    check_catalogue(name)
    if C_LOCALE.is_dir():
        check_command_line(name)
print(*problems, sep="\n", file=sys.stderr)
if not problems and not C_LOCALE.is_dir():
    print(f"{C_LOCALE} is missing: the command line was not tried in other languages.", file=sys.stderr)
    sys.exit(77)
sys.exit(bool(problems))
