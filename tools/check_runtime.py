#!/usr/bin/env python3
"""The files of a runtime become one function (cmake/page_runtime.cmake): of two functions with one name the later would silently win."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).parent.parent
lists = re.findall(r"set\((\w+_runtime_files)\s([^)]*)\)", (root / "cmake/page_runtime.cmake").read_text())
if len(lists) < 2:
    sys.exit("check_runtime: cmake/page_runtime.cmake does not list the files of the page's and the workers' runtimes")
found = []
for runtime, names in lists:
    places = {}
    for file in names.split():
        text = (root / f"src/page/runtime/{file}.js").read_text()
        for function in re.findall(r"^(?:async )?function\*? (\w+)", text, re.MULTILINE):
            places.setdefault(function, []).append(file + ".js")
    found += [f"{runtime}: {function}() is in {', '.join(files)}" for function, files in places.items() if len(files) > 1]
print("\n".join(found), end="\n" if found else "")
sys.exit(bool(found))
