"""Servers that the fleet's contract has no word for: odd.py BEHAVIOUR PORT [ARGUMENT…]; how they behave is in ../README.md."""
import ctypes
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

SIGKILL = 9
PR_SET_PDEATHSIG = 1
LOOPBACK = "127.0.0.1"

behaviour, port, arguments = sys.argv[1], int(sys.argv[2]), sys.argv[3:]


def listen(address=LOOPBACK, family=socket.AF_INET, reuse=False):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind(address if family == socket.AF_UNIX else (address, port))
    listener.listen(128)
    return listener


def serve(listener, answer):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=attend, args=(connection, answer), daemon=True).start()


def attend(connection, answer):
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        pass  # not TCP
    with connection:
        try:
            answer(connection)
        except OSError:
            pass  # clients that go away are part of the load


def heads(connection, read=lambda connection: connection.recv(65536)):
    """The head of each request; there is no content."""
    seen = b""
    while True:
        while b"\r\n\r\n" not in seen:
            piece = read(connection)
            if not piece:
                return
            seen += piece
        head, seen = seen.split(b"\r\n\r\n", 1)
        yield head


def head_of(length, status="200 OK"):
    return b"HTTP/1.1 %s\r\nServer: odd\r\nContent-Length: %d\r\n\r\n" % (status.encode(), length)


def plain(connection):
    name = b"%d" % os.getpid()
    for _ in heads(connection):
        connection.sendall(head_of(len(name)) + name)


def noise(connection):
    while piece := connection.recv(65536):
        connection.sendall(os.urandom(1 + len(piece) % 3000))


def mute(connection):
    while connection.recv(65536):
        print("done", flush=True)


def half(connection):
    for _ in heads(connection):
        connection.sendall(head_of(100_000) + b"x" * 10)
        print("done", flush=True)


def bytewise(connection):
    for _ in heads(connection):
        for byte in head_of(5) + b"bytes":
            connection.sendall(bytes([byte]))


def read_vector(connection):
    buffers = [bytearray(7) for _ in range(12)]
    length = connection.recvmsg_into(buffers)[0]
    return b"".join(buffers)[:length]


def vectors(connection):
    """Answers in as many buffers as the argument says."""
    for _ in heads(connection, read_vector):
        answer = head_of(2000) + b"v" * 2000
        size = -(-len(answer) // int(arguments[0]))
        sent = connection.sendmsg([answer[at : at + size] for at in range(0, len(answer), size)])
        assert sent == len(answer)


def sendfile(connection):
    with tempfile.TemporaryFile() as file:
        file.write(b"f" * 50_000)
        file.flush()
        for _ in heads(connection):
            connection.sendall(head_of(50_000))
            sent = 0
            while sent < 50_000:
                sent += os.sendfile(connection.fileno(), file.fileno(), sent, 50_000 - sent)


def peek(connection):
    def read(connection):
        connection.recv(65536, socket.MSG_PEEK)
        return connection.recv(65536)

    for _ in heads(connection, read):
        connection.sendall(head_of(6) + b"peeked")


def refuse(connection):
    for _ in heads(connection):
        connection.sendall(head_of(0, "414 URI Too Long"))


def linger(connection, head, piece):
    """Answers and goes on sending pieces for a while."""
    for _ in heads(connection):
        connection.sendall(head)
        for _ in range(3):
            time.sleep(0.15)
            connection.sendall(piece)
        return


def events(connection):
    linger(connection, b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n", b"data: x\n\n")


def switch(connection):
    linger(connection, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", b"\x81\x05hello")


def stay_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL)


def prefork():
    listener = listen()
    for _ in range(3):
        if os.fork() == 0:
            stay_with_parent()
            # one connection at a time, so that each worker gets some
            while True:
                attend(listener.accept()[0], plain)
    while True:
        time.sleep(1000)


def later():
    sys.stdin.readline()
    serve(listen(), plain)


def spawn():
    """At a line of input runs the program of its arguments beside itself."""
    listener = listen()
    threading.Thread(target=serve, args=(listener, plain), daemon=True).start()
    sys.stdin.readline()
    subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *arguments], stdin=subprocess.DEVNULL)
    while True:
        time.sleep(1000)


def unix():
    threading.Thread(target=serve, args=(listen(arguments[0], socket.AF_UNIX), plain), daemon=True).start()
    serve(listen(), plain)


if behaviour in ("prefork", "later", "spawn", "unix"):
    globals()[behaviour]()
elif behaviour == "dual":
    serve(listen("::", socket.AF_INET6), plain)
elif behaviour == "shared":
    serve(listen(reuse=True), plain)
else:
    serve(listen(), globals()[behaviour])
