"""A client of the fleet on http.client."""
import http.client
import time
from urllib.parse import urlsplit

import fleet

url = urlsplit(fleet.url)
connect = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection


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
    fleet.log(plan, response.status, len(response.read()), start)


fleet.run(lambda: connect(url.netloc), make)
