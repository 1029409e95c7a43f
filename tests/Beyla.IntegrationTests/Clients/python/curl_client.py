"""A client of the fleet on libcurl, which Debian's pycurl has with GnuTLS."""
import io
import os
import time

import fleet
import pycurl


def make(curl, plan):
    size = plan["requestBytes"]
    received = 0

    def receive(data):
        nonlocal received
        received += len(data)

    curl.reset()
    curl.setopt(pycurl.URL, fleet.url + plan["target"])
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
    fleet.log(plan, curl.getinfo(pycurl.RESPONSE_CODE), received, start)


fleet.run(pycurl.Curl, make)
