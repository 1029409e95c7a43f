"""The fleet's client contract (../README.md) on libcurl, which Debian's pycurl has with GnuTLS; one connection for each thread."""
import io
import json
import os
import queue
import sys
import threading
import time

import pycurl

url, plan_file, truth_file, workers = sys.argv[1:]
truth = os.open(truth_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
plans = queue.SimpleQueue()
failures = []


def make(curl, plan):
    size = plan["requestBytes"]
    received = 0

    def receive(data):
        nonlocal received
        received += len(data)

    curl.reset()
    curl.setopt(pycurl.URL, url + plan["target"])
    curl.setopt(pycurl.CUSTOMREQUEST, plan["method"])
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    curl.setopt(pycurl.NOSIGNAL, 1)
    curl.setopt(pycurl.WRITEFUNCTION, receive)
    if "SSL_CERT_FILE" in os.environ:
        curl.setopt(pycurl.CAINFO, os.environ["SSL_CERT_FILE"])
    headers = ["Expect:"]
    if plan["method"] == "HEAD":
        curl.setopt(pycurl.NOBODY, 1)
    if size is not None:
        curl.setopt(pycurl.UPLOAD, 1)
        curl.setopt(pycurl.READDATA, io.BytesIO(b"c" * size))
        if plan["chunked"]:
            headers.append("Transfer-Encoding: chunked")
        else:
            curl.setopt(pycurl.INFILESIZE, size)
    curl.setopt(pycurl.HTTPHEADER, headers)
    start = time.monotonic_ns()
    curl.perform()
    record = {
        "id": plan["id"],
        "method": plan["method"],
        "path": plan["target"].split("?")[0],
        "status": curl.getinfo(pycurl.RESPONSE_CODE),
        "requestBytes": size or 0,
        "responseBytes": received,
        "startNs": start,
        "endNs": time.monotonic_ns(),
    }
    os.write(truth, (json.dumps(record) + "\n").encode())


def work():
    curl = pycurl.Curl()
    try:
        while True:
            make(curl, plans.get_nowait())
    except queue.Empty:
        curl.close()
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
