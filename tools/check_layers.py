#!/usr/bin/env python3
"""Holds the includes of src, executors and tools to tools/layers.txt, and docs/architecture.md to the same.

    tools/check_layers.py            exit status 1 and a line for each include that no layer allows
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOTS = ("src/", "executors/", "tools/")  # what `#include "x/y.hpp"` is relative to (cmake/developer_mode.cmake)
INCLUDE = re.compile(r'^#include "([^"]+)/[^/"]+"')
KIT = re.compile(r'^#include <orchestrator/worker/([a-z_]+)\.hpp>')


def read_layers(text):
    """folder -> what it may include, in the file's order."""
    rows = (line.partition(":") for line in text.splitlines() if line and not line.startswith("#"))
    return {folder.strip(): allowed.split() for folder, _, allowed in rows}


def circles(layers):
    """A folder may include only what stands above it, so that no way leads back."""
    above = set()
    for folder, allowed in layers.items():
        yield from (f"{folder} : {other} does not stand above it" for other in allowed if other not in above)
        above.add(folder)


def folder_of(file):
    return next((str(pathlib.PurePath(file[len(root):]).parent) for root in ROOTS if file.startswith(root)), None)


def arrows():
    """(file, line number, its folder, the folder that it includes)"""
    files = subprocess.check_output(["git", "ls-files", "src", "executors", "tools"], cwd=ROOT, text=True).split()
    # The kit's headers are public, so executors may include each; within src they belong to the folder that implements them.
    makers = {pathlib.PurePath(file).stem: folder_of(file) for file in files if file.startswith("src/") and file.endswith(".cpp")}
    for file in files:
        if not file.endswith((".hpp", ".cpp")):
            continue
        for number, line in enumerate((ROOT / file).read_text().splitlines(), 1):
            if match := INCLUDE.match(line):
                yield file, number, folder_of(file), match[1]
            elif file.startswith("src/") and (match := KIT.match(line)) and match[1] in makers:
                yield file, number, folder_of(file), makers[match[1]]


def main():
    text = (ROOT / "tools/layers.txt").read_text()
    layers = read_layers(text)
    wrong = [f"tools/layers.txt: {what}" for what in circles(layers)]
    used = set()
    for file, number, folder, other in arrows():
        used.add((folder, other))
        if folder != other and other not in layers.get(folder, []):
            wrong.append(f"{file}:{number}: {folder} may not include {other}")
    wrong += [f"tools/layers.txt: {folder} includes nothing of {other}"
              for folder, allowed in layers.items() for other in allowed if (folder, other) not in used]
    if text.partition("\n\n")[2] not in (ROOT / "docs/architecture.md").read_text():
        wrong.append("docs/architecture.md: does not show what tools/layers.txt says")
    for line in wrong:
        print("layers:", line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
