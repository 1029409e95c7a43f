"""
The fleet's client contract (../README.md) with a hand on TLS. After the contract's arguments come a version of TLS, which the
server has to agree to, and a way:

  ticket    a worker takes a new connection for every third request; each but its first has to resume the session before
  id        the same without tickets: the server has to remember the session (TLS 1.2)
  records   TLS in memory: a request is cut into records, which all go to the socket in one send
  threads   connections are made by one thread, requests written by a second and answers read by a third
"""
import concurrent.futures
import http.client
import io
import socket
import ssl
import sys
import time
from urllib.parse import urlsplit

import fleet

REQUESTS_BEFORE_NEW_SESSION = 3
CHUNK = 4096

version, way = sys.argv[5:]
url = urlsplit(fleet.url)
tls = ssl.create_default_context()
tls.minimum_version = tls.maximum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
if way == "id":
    tls.options |= ssl.OP_NO_TICKET


def connect():
    made = socket.create_connection((url.hostname, url.port))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


class OnSocket:
    """OpenSSL reads and writes the socket."""

    def __init__(self, session):
        self.tls = tls.wrap_socket(connect(), server_hostname=url.hostname, session=session)
        self.makefile = self.tls.makefile
        self.close = self.tls.close

    def send(self, parts):
        for part in parts:
            self.tls.sendall(part)


class InMemory(io.RawIOBase):
    """OpenSSL reads and writes memory, and this class the socket."""

    def __init__(self, session):
        self.socket = connect()
        self.received, self.sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = tls.wrap_bio(self.received, self.sent, server_hostname=url.hostname, session=session)
        self.until_done(self.tls.do_handshake)

    def until_done(self, call, *arguments):
        while True:
            try:
                result = call(*arguments)
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                if data := self.socket.recv(1 << 20):
                    self.received.write(data)
                else:
                    self.received.write_eof()

    def flush(self):
        if data := self.sent.read():
            self.socket.sendall(data)

    def send(self, parts):
        for part in parts:
            size = 1 + len(part) // 3 if len(part) < CHUNK else CHUNK
            for at in range(0, len(part), size):
                self.tls.write(part[at : at + size])
        self.flush()

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.until_done(self.tls.read, len(buffer), buffer)

    def makefile(self, _):
        # What is closed after an answer is the reader, not the connection.
        return io.BufferedReader(KeptOpen(self))

    def close(self):
        self.socket.close()


class KeptOpen(io.RawIOBase):
    def __init__(self, source):
        self.readinto = source.readinto
        self.readable = source.readable


def parts(plan):
    size = plan["requestBytes"]
    head = f"{plan['method']} {plan['target']} HTTP/1.1\r\nHost: {url.netloc}\r\n"
    if plan["chunked"]:
        yield f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()
        for at in range(0, size, CHUNK):
            piece = b"c" * min(CHUNK, size - at)
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        yield b"0\r\n\r\n"
    elif size is None:
        yield f"{head}\r\n".encode()
    else:
        yield f"{head}Content-Length: {size}\r\n\r\n".encode()
        yield b"c" * size


def answer(connection, method):
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    received = len(response.read())
    return response.status, received, response.will_close


class Worker:
    """A connection after the other, each with the session of the one before."""

    def __init__(self):
        self.by = [concurrent.futures.ThreadPoolExecutor(1).submit for _ in range(3)] if way == "threads" else []
        self.session = None
        self.requests = 0
        self.connection = None

    def make(self, plan):
        start = time.monotonic_ns()
        if self.connection is None:
            self.open()
        self.call(1, self.connection.send, parts(plan))
        status, received, closes = self.call(2, answer, self.connection, plan["method"])
        fleet.log(plan, status, received, start)
        self.requests += 1
        if closes or (way in ("ticket", "id") and self.requests % REQUESTS_BEFORE_NEW_SESSION == 0):
            self.close()

    def call(self, thread, function, *arguments):
        return self.by[thread](function, *arguments).result() if self.by else function(*arguments)

    def open(self):
        self.connection = self.call(0, InMemory if way == "records" else OnSocket, self.session)
        agreed = self.connection.tls.version()
        if agreed != f"TLSv{version}":
            raise RuntimeError(f"the server speaks {agreed}")
        if self.session and not self.connection.tls.session_reused:
            raise RuntimeError("the server did not resume the session")

    def close(self):
        if self.connection:
            if way in ("ticket", "id"):
                # By TLS 1.3 its ticket comes after the handshake.
                self.session = self.connection.tls.session
            self.connection.close()
            self.connection = None


fleet.run(Worker, Worker.make)
