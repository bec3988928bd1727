"""Writes Caluma.Healthz/Checks/Databases/saslprep.txt: python3 eng/saslprep_tables.py

Python's standard library has the tables of RFC 3454 (module stringprep) and Unicode's decompositions (module unicodedata).
Only what Unicode 3.2 had assigned is written: all else is prohibited by RFC 4013, and a password that has it is left as it is.
What those characters decompose into has not changed since: https://www.unicode.org/policies/stability_policy.html#Normalization.
"""

import pathlib
import stringprep
import sys
import unicodedata

ALL = range(sys.maxunicode + 1)
HANGUL = range(0xAC00, 0xD7A4)  # Decomposed by rule.


def prohibited(c):
    tables = ("c12", "c21", "c22", "c3", "c4", "c5", "c6", "c7", "c8", "c9")
    return any(getattr(stringprep, f"in_table_{table}")(c) for table in tables)


def ranges(holds):
    found = []
    for code in ALL:
        if holds(chr(code)):
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return [f"{start:X}" if start == end else f"{start:X}-{end:X}" for start, end in found]


def codes(text):
    return ".".join(f"{ord(c):X}" for c in text)


assigned = [c for c in map(chr, ALL) if ord(c) not in HANGUL and not stringprep.in_table_a1(c) and not 0xD800 <= ord(c) < 0xE000]
classes = {}
for c in assigned:
    if unicodedata.combining(c):
        classes.setdefault(unicodedata.combining(c), set()).add(c)

sections = {
    "space": ranges(stringprep.in_table_c12),
    "nothing": ranges(stringprep.in_table_b1),
    "prohibited": ranges(prohibited),
    "unassigned": ranges(stringprep.in_table_a1),
    "right-to-left": ranges(stringprep.in_table_d1),
    "left-to-right": ranges(stringprep.in_table_d2),
    "class": [f"{r}={number}" for number in sorted(classes) for r in ranges(classes[number].__contains__)],
    "decompose": [f"{ord(c):X}={codes(unicodedata.normalize('NFKD', c))}" for c in assigned if unicodedata.normalize("NFKD", c) != c],
    "compose": [
        f"{unicodedata.decomposition(c).replace(' ', '.')}={ord(c):X}"
        for c in assigned
        if len(unicodedata.decomposition(c).split()) == 2
        and "<" not in unicodedata.decomposition(c)
        and unicodedata.normalize("NFC", c) == c
    ],
}

target = pathlib.Path(__file__).parent.parent / "Caluma.Healthz" / "Checks" / "Databases" / "saslprep.txt"
with target.open("w", encoding="ascii", newline="\n") as file:
    file.write("# SASLprep (RFC 4013) for passwords of PostgreSQL. Written by eng/saslprep_tables.py: run it again instead of editing this.\n")
    for name, items in sections.items():
        line = name
        for item in items:
            if len(line) + 1 + len(item) > 140:
                file.write(line + "\n")
                line = name
            line += " " + item
        file.write(line + "\n")
