"""What the fleet's clients in Python share of the contract (../README.md): the plan, the threads and the log."""
import json
import os
import queue
import sys
import threading
import time

url, plan_file, truth_file, workers = sys.argv[1:5]
truth = os.open(truth_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
plans = queue.SimpleQueue()
failures = []


def log(plan, status, received, start):
    """Tells of an exchange that has just ended."""
    record = {
        "id": plan["id"],
        "method": plan["method"],
        "path": plan["target"].split("?")[0],
        "status": status,
        "requestBytes": plan["requestBytes"] or 0,
        "responseBytes": received,
        "startNs": start,
        "endNs": time.monotonic_ns(),
    }
    os.write(truth, (json.dumps(record) + "\n").encode())


def run(connect, make):
    """Makes all planned exchanges, over one connection for each thread."""

    def work():
        connection = connect()
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
