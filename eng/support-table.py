#!/usr/bin/env python3
"""The README's table of what is seen of which runtime, made of the tests that passed.

  eng/support-table.py [RESULT.xml]            writes the table into README.md
  eng/support-table.py [RESULT.xml] --check    fails when README.md has another one

RESULT.xml is what ./test.sh leaves of Beyla.IntegrationTests. A test counts when its name says that every request or call of
a runtime is seen; what each row and column is called stands here, so a new runtime is a new line.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULT = ROOT / "artifacts/tests/Beyla.IntegrationTests.xml"
BEGIN = "<!-- made by eng/support-table.py -->\n"
END = "<!-- /made -->\n"

# Column: class of the test and what its name looks like, the runtime being the group.
COLUMNS = {
    "HTTP server": ("ServerTests", r"Every_request_to_(.+)_is_seen"),
    "HTTPS server": ("SecureServerTests", r"Every_request_to_(.+)_is_seen"),
    "HTTP client": ("ClientTests", r"Every_request_of_(.+)_is_seen"),
    "HTTPS client": ("ClientTests", r"Every_secure_request_of_(.+)_is_seen"),
}

# Row: what tests call the runtime.
ROWS = {
    ".NET (Kestrel, HttpClient)": {"Kestrel", "Dotnet"},
    "Apache": {"Apache"},
    "C": {"a_server_in_C"},
    "Go (`net/http`)": {"Go"},
    "Go, stripped": {"a_stripped_Go_program"},
    "Java (`HttpServer`)": {"Java"},
    "nginx": {"nginx"},
    "Node.js (`http`, fetch)": {"Node"},
    "PHP (`php -S`)": {"PHP"},
    "Python (`http.server`, `http.client`)": {"Python"},
    "Python asyncio (uvicorn)": {"uvicorn"},
    "Python uvloop (uvicorn)": {"uvicorn_on_uvloop"},
    "Ruby (puma)": {"Ruby"},
    "Rust": {"Rust"},
}


def passed(result):
    """Names of the tests that passed, as (class, method)."""
    for test in ElementTree.parse(result).iter("test"):
        if test.get("result") == "Pass":
            yield test.get("type").rsplit(".", 1)[-1], test.get("method")


def table(tests):
    cells, unknown = set(), set()
    for kind, method in tests:
        for column, (of, pattern) in COLUMNS.items():
            match = re.fullmatch(pattern, method) if kind == of else None
            if match is None:
                continue
            rows = [row for row, names in ROWS.items() if match[1] in names]
            unknown.update([] if rows else [match[1]])
            cells.update((row, column) for row in rows)
    if unknown:
        sys.exit(f"support-table: give these runtimes a row: {', '.join(sorted(unknown))}")
    lines = [f"| | {' | '.join(COLUMNS)} |", f"|{' --- |' * (len(COLUMNS) + 1)}"]
    for row in ROWS:
        marks = ["yes" if (row, column) in cells else "" for column in COLUMNS]
        if any(marks):
            lines.append(f"| {row} | {' | '.join(marks)} |".replace("|  |", "| |").replace("|  |", "| |"))
    return "\n".join(lines) + "\n"


def main(arguments):
    check = "--check" in arguments
    files = [argument for argument in arguments if not argument.startswith("--")]
    made = table(passed(files[0] if files else RESULT))
    readme = ROOT / "README.md"
    text = readme.read_text()
    before, rest = text.split(BEGIN)
    old, after = rest.split(END)
    if check:
        if old != made:
            sys.exit(f"support-table: README.md has another table than the tests that passed make; run eng/support-table.py:\n{made}")
        print("support table: as the tests that passed make it")
    elif old != made:
        readme.write_text(before + BEGIN + made + END + after)


if __name__ == "__main__":
    main(sys.argv[1:])
