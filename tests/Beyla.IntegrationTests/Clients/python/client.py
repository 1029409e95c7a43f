"""The fleet's client contract (../README.md) on http.client; one connection for each thread."""
import http.client
import json
import os
import queue
import sys
import threading
import time
from urllib.parse import urlsplit

url, plan_file, truth_file, workers = sys.argv[1:]
url = urlsplit(url)
connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
truth = os.open(truth_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
plans = queue.SimpleQueue()
failures = []


def pieces(size):
    for at in range(0, size, 4096):
        yield b"c" * min(4096, size - at)


def make(connection, plan):
    size = plan["requestBytes"]
    chunked = plan["chunked"]
    body = None if size is None else pieces(size) if chunked else b"c" * size
    headers = {"Transfer-Encoding": "chunked"} if chunked else {}
    start = time.monotonic_ns()
    connection.request(plan["method"], plan["target"], body, headers, encode_chunked=chunked)
    response = connection.getresponse()
    received = len(response.read())
    record = {
        "id": plan["id"],
        "method": plan["method"],
        "path": plan["target"].split("?")[0],
        "status": response.status,
        "requestBytes": size or 0,
        "responseBytes": received,
        "startNs": start,
        "endNs": time.monotonic_ns(),
    }
    os.write(truth, (json.dumps(record) + "\n").encode())


def work():
    connection = connect(url.netloc)
    try:
        while True:
            make(connection, plans.get_nowait())
    except queue.Empty:
        connection.close()
    except Exception as problem:
        failures.append(problem)
        raise


with open(plan_file, encoding="ascii") as lines:
    for line in lines:
        plans.put(json.loads(line))

sys.stdin.readline()
threads = [threading.Thread(target=work) for _ in range(int(workers))]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(1 if failures else 0)
