"""The fleet's contract (../README.md) on the standard library's threaded HTTP server."""
import json
import os
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PIECE = 64 * 1024
CONTENT = b"HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n" * 30000


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        start = time.monotonic_ns()
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        parts = url.path.split("/")
        self.status = int(parts[2]) if parts[1] == "status" else 200
        self.received = self.sent = 0
        self.end = start
        try:
            if "early" not in query:
                self.read_content()
            if "delay_ms" in query:
                time.sleep(int(query["delay_ms"]) / 1000)
            self.write_answer(query)
            if "early" in query:
                self.read_content()
        except OSError:
            self.close_connection = True
        finally:
            log(
                id=query.get("id"),
                method=self.command,
                path=url.path,
                status=self.status,
                requestBytes=self.received,
                responseBytes=self.sent,
                handlerStartNs=start,
                handlerEndNs=self.end,
            )

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer

    def read_content(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            while size := int(self.rfile.readline().split(b";")[0], 16):
                self.read_exactly(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            self.read_exactly(int(self.headers.get("Content-Length", 0)))

    def read_exactly(self, size):
        while size > 0:
            piece = self.rfile.read1(min(size, PIECE))
            if not piece:
                raise ConnectionError("the client went away")
            self.received += len(piece)
            size -= len(piece)

    def write_answer(self, query):
        size = int(query.get("size", 0))
        has_content = self.command != "HEAD" and self.status not in (204, 304)
        chunked = "chunked" in query and self.request_version == "HTTP/1.1"
        self.send_response(self.status)
        self.send_header("Content-Type", "application/octet-stream")
        if has_content and chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif has_content and "chunked" in query:
            self.close_connection = True
        elif self.status != 204:
            self.send_header("Content-Length", str(size))
        if "close" in query:
            self.send_header("Connection", "close")
        self.end = time.monotonic_ns()
        self.end_headers()
        if not has_content:
            return
        while self.sent < size:
            piece = CONTENT[self.sent : min(size, self.sent + PIECE)]
            self.end = time.monotonic_ns()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            self.sent += len(piece)
        if chunked:
            self.end = time.monotonic_ns()
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request, client_address):
        # A client that goes away is part of the load.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


truth = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def log(**fields):
    os.write(truth, (json.dumps(fields) + "\n").encode())


server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
if len(sys.argv) > 3:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[3:])
    # The handshake is then part of the first read, in the connection's own thread.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
