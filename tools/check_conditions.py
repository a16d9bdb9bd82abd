#!/usr/bin/env python3
"""No co_await in the parentheses of if, while, for and switch: GCC 12 misplaces the frame of some coroutines that have one there, and they
read their parameters 8 bytes off (CONTRIBUTING.md, "Watch out"). The awaited value gets a name before."""

import re
import subprocess
import sys

HEAD = re.compile(r"\b(?:if(?:\s+constexpr)?|while|for|switch)\s*\(")
# What is no code: raw strings, strings and letters, comments.
NO_CODE = re.compile(r'R"([^()\\\s"]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.DOTALL)


def code_of(text):
    """The text with blanks for what is no code; lines stay where they are."""
    return NO_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def end_of_parentheses(code, opened):
    depth = 0
    for at in range(opened, len(code)):
        depth += {"(": 1, ")": -1}.get(code[at], 0)
        if depth == 0:
            return at
    return len(code)


def awaiting_conditions(text):
    """The lines on which such conditions begin."""
    code = code_of(text)
    for head in HEAD.finditer(code):
        condition = code[head.end() : end_of_parentheses(code, head.end() - 1)]
        if re.search(r"\bco_await\b", condition):
            yield code.count("\n", 0, head.start()) + 1


def main():
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.cpp", "*.hpp"]
    sources = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
    wrong = 0
    for source in sorted(sources):
        with open(source, encoding="utf-8") as file:
            for line in awaiting_conditions(file.read()):
                print(f"{source}:{line}: co_await in a condition, which GCC 12 miscompiles: name the awaited value before", file=sys.stderr)
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
