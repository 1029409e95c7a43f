"""The fleet's contract (../README.md) on uvicorn: one thread, TLS on memory BIOs. LOOP names the event loop."""
import asyncio
import json
import os
import sys
import time
from urllib.parse import parse_qs

import uvicorn

PIECE = 64 * 1024
CONTENT = b"HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n" * 30000

truth = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)


class Exchange:
    def __init__(self, scope, receive, send):
        self.start = self.end = time.monotonic_ns()
        self.method = scope["method"]
        self.path = scope["path"]
        self.http10 = scope["http_version"] == "1.0"
        self.query = {key: values[0] for key, values in parse_qs(scope["query_string"].decode()).items()}
        parts = self.path.split("/")
        self.status = int(parts[2]) if parts[1] == "status" else 200
        self.received = self.sent = 0
        self.receive = receive
        self.send = send

    async def answer(self):
        try:
            if "early" not in self.query:
                await self.read_content()
            if "delay_ms" in self.query:
                await asyncio.sleep(int(self.query["delay_ms"]) / 1000)
            await self.write_answer()
        finally:
            self.log()

    async def read_content(self):
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ConnectionError("the client went away")
            self.received += len(message.get("body", b""))
            if not message.get("more_body"):
                return

    async def write_answer(self):
        size = int(self.query.get("size", 0))
        has_content = self.method != "HEAD" and self.status not in (204, 304)
        headers = [(b"content-type", b"application/octet-stream")]
        if self.status != 204 and not ("chunked" in self.query and has_content):
            headers.append((b"content-length", b"%d" % size))
        if "close" in self.query:
            headers.append((b"connection", b"close"))
        await self.write({"type": "http.response.start", "status": self.status, "headers": headers})
        pieces = range(0, size, PIECE) if has_content else ()
        for at in pieces:
            piece = CONTENT[at : min(size, at + PIECE)]
            self.sent += len(piece)
            # The last piece ends the answer, unless the content is read after it.
            more = self.sent < size or "early" in self.query
            await self.write({"type": "http.response.body", "body": piece, "more_body": more})
        if "early" in self.query:
            await self.read_content()
        if not pieces or "early" in self.query:
            # Only the end of chunks has bytes of its own.
            is_chunked = "chunked" in self.query and not self.http10
            write = self.write if has_content and is_chunked else self.send
            await write({"type": "http.response.body", "body": b""})

    async def write(self, message):
        self.end = time.monotonic_ns()
        await self.send(message)

    def log(self):
        line = {
            "id": self.query.get("id"),
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "requestBytes": self.received,
            "responseBytes": self.sent,
            "handlerStartNs": self.start,
            "handlerEndNs": self.end,
        }
        os.write(truth, (json.dumps(line) + "\n").encode())


async def app(scope, receive, send):
    try:
        await Exchange(scope, receive, send).answer()
    except ConnectionError:
        pass


tls = {"ssl_certfile": sys.argv[3], "ssl_keyfile": sys.argv[4]} if len(sys.argv) > 3 else {}
uvicorn.run(
    app,
    host="127.0.0.1",
    port=int(sys.argv[1]),
    loop=os.environ["LOOP"],
    http="h11",
    lifespan="off",
    log_level="warning",
    access_log=False,
    timeout_keep_alive=60,
    **tls,
)
