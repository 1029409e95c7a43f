#!/usr/bin/env python3
"""Writes the table of what is seen of which runtime, from the results of the capture tests.

    tests/Beyla.IntegrationTests/bin/Debug/net10.0/Beyla.IntegrationTests -namespace Beyla.IntegrationTests.Capture -result-xml RESULTS
    eng/support-table.py RESULTS > docs/support.md

A cell is "yes" when the test passed that holds every span against the runtime's own log, "no" when it failed, and empty
when there is no such test or it was skipped: nothing is claimed that was not shown.
"""
import re
import sys
import xml.etree.ElementTree as ET

COLUMNS = ["server", "server, TLS", "client", "client, TLS"]
TESTS = [
    (r"\.ServerTests\.Every_request_to_(.+)_is_seen$", 0),
    (r"\.SecureServerTests\.Every_request_to_(.+)_is_seen$", 1),
    (r"\.ClientTests\.Every_request_of_(.+)_is_seen$", 2),
    (r"\.ClientTests\.Every_secure_request_of_(.+)_is_seen$", 3),
    (r"\.CommandClientTests\.Every_secure_request_of_(.+?)(?:_over_many_connections)?_is_seen$", 3),
]
NAMES = {
    "Dotnet": ".NET HttpClient", "Kestrel": ".NET Kestrel", "Node": "Node.js", "Go": "Go net/http", "a_stripped_Go_program": "Go net/http, stripped",
    "Python": "Python http.server, http.client", "uvicorn": "Python uvicorn (asyncio)", "uvicorn_on_uvloop": "Python uvicorn (uvloop)",
    "Ruby": "Ruby puma", "Java": "Java (JDK)", "PHP": "PHP", "Rust": "Rust", "Rust_with_OpenSSL": "Rust with OpenSSL", "Rust_with_rustls": "Rust with rustls",
    "a_server_in_C": "C", "curls_that_live_for_one": None,
}


def main():
    rows = {}
    for test in ET.parse(sys.argv[1]).iter("test"):
        name = test.get("name").split("(")[0]
        for pattern, column in TESTS:
            found = re.search(pattern, name)
            label = NAMES.get(found.group(1), found.group(1).replace("_", " ")) if found else None
            if label and test.get("result") != "Skip":
                cells = rows.setdefault(label, [""] * len(COLUMNS))
                cells[column] = "yes" if test.get("result") == "Pass" else "no"
    if not rows:
        sys.exit(f"{sys.argv[1]} has no result of a capture test")
    print("# What is seen of which runtime\n")
    print("Written by eng/support-table.py from the results of the capture tests: each \"yes\" is a load of 200 requests and more, on several")
    print("connections at once, whose spans were held against the log of the runtime itself. [tls.md](tls.md) says how TLS is seen, and where it is not.\n")
    print("| runtime | " + " | ".join(COLUMNS) + " |")
    print("| --- " * (len(COLUMNS) + 1) + "|")
    for label in sorted(rows, key=str.lower):
        print(f"| {label} | " + " | ".join(rows[label]) + " |")


main()
