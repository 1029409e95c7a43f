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

# Column: what the name of a test looks like, from its class on; the group is the runtime.
COLUMNS = {
    "HTTP server": r"\.ServerTests\.Every_request_to_(.+)_is_seen",
    "HTTPS server": r"\.SecureServerTests\.Every_request_to_(.+)_is_seen",
    "gRPC server": r"\.RpcTests\.Every_call_is_seen_at_both_ends\(server: \"(.+)\", client: \".+\"\)",
    "gRPC server, TLS": r"\.RpcTests\.Every_secure_call_is_seen_at_both_ends\(server: \"(.+)\", client: \".+\"\)",
    "HTTP client": r"ClientTests\.Every_request_of_(.+)_is_seen",
    "HTTPS client": r"ClientTests\.Every_secure_request_of_(.+)_is_seen",
    "gRPC client": r"\.RpcTests\.Every_call_is_seen_at_both_ends\(server: \".+\", client: \"(.+)\"\)",
    "gRPC client, TLS": r"\.RpcTests\.Every_secure_call_is_seen_at_both_ends\(server: \".+\", client: \"(.+)\"\)",
}

# Row: what tests call the runtime.
ROWS = {
    ".NET (Kestrel, HttpClient, Grpc.*)": {"Kestrel", "Dotnet", "dotnet"},
    "Apache": {"Apache"},
    "C": {"a_server_in_C"},
    "curl (OpenSSL)": {"curl_over_many_connections", "curls_that_live_for_one"},
    "Go (`net/http`, grpc-go)": {"Go", "go", "go-1.19", "go-1.27"},
    "Go, stripped": {"a_stripped_Go_program", "go-1.19-stripped", "go-1.27-stripped"},
    "Java (`HttpServer`)": {"Java"},
    "libcurl (GnuTLS)": {"libcurl_with_GnuTLS"},
    "nginx": {"nginx"},
    "Node.js (`http`, fetch, grpc-js)": {"Node", "node"},
    "PHP (`php -S`)": {"PHP"},
    "Python (`http.server`, `http.client`, grpcio)": {"Python", "python"},
    "Python asyncio (uvicorn)": {"uvicorn"},
    "Python uvloop (uvicorn)": {"uvicorn_on_uvloop"},
    "Ruby (puma)": {"Ruby"},
    "Rust": {"Rust"},
    "Rust (openssl)": {"Rust_with_OpenSSL", "Rust_with_OpenSSL_in_the_executable"},
    "Rust (rustls)": {"Rust_with_rustls"},
    "wget (GnuTLS)": {"wget"},
}


def passed(result):
    """Names of the tests that passed, with their arguments, whose quotes a result file may escape."""
    return [test.get("name").replace('\\"', '"') for test in ElementTree.parse(result).iter("test") if test.get("result") == "Pass"]


def table(tests):
    cells, unknown = set(), set()
    for test in tests:
        for column, pattern in COLUMNS.items():
            if match := re.search(pattern + "$", test):
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
