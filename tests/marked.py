"""Every error of app/ and engine/ is marked for translation: marked.py FOLDER…"""

import pathlib
import re
import sys

CALL = re.compile(r"\b(?:g_set_error|g_set_error_literal|g_error_new|g_error_new_literal|g_task_return_new_error"
                  r"|lacuna_status_set_error|lacuna_error_set_memory|lacuna_command_complain|lacuna_command_reject) \(")
STRING = re.compile(r'"((?:\\.|[^"\\])*)"')


def find_unmarked(text):
    """The lines of calls whose first text is not within _ ( ) and has words beside its conversions."""
    for call in CALL.finditer(text):
        string = STRING.search(text, call.end(), text.find(";", call.end()))
        if not string or re.search(r"_ ?\($", text[:string.start()]):
            continue
        if re.search("[A-Za-z]", re.sub("%[a-z]", "", string[1])):
            yield text.count("\n", 0, call.start()) + 1


unmarked = [f"{path}:{line}" for folder in sys.argv[1:] for path in sorted(pathlib.Path(folder).rglob("*.c"))
            for line in find_unmarked(path.read_text())]
for place in unmarked:
    print(place, "is not marked for translation", file=sys.stderr)
sys.exit(bool(unmarked))
