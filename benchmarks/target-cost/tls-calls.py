#!/usr/bin/env python3
"""What does a probed call of a TLS library cost the process that makes it?

    benchmarks/target-cost/tls-calls.py [--rounds N] [--calls N] AGENT [ARG...]

Two processes of Python encrypt and decrypt 100 bytes in memory, SSL_write_ex and SSL_read_ex in turns, without a socket:
one listens on the port that the agent is told to watch, the other does not, and both use the same libssl. Reported are
nanoseconds of CPU for a call, without the agent, of the one that is not watched (its library is probed all the same), and
of the watched one. The difference is the probe: the rest of a call is Python and cryptography, the same in all of them.
{port} and {metrics} in AGENT are replaced as in run.py. Needs root.
"""
import argparse
import os
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

from common import free_port, make_certificate, parse


def arguments():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=20000)
    return parse(parser)


def pair(folder):
    """Client and server that are connected by memory only, after their handshake."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(f"{folder}/certificate.pem", f"{folder}/key.pem")
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.check_hostname = False
    client_context.verify_mode = ssl.CERT_NONE
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server)
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for end in (client, server):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
    return client, server


def work(folder, port):
    """Answers each line with the nanoseconds of CPU for a call; the line says how many calls to make."""
    if port:
        listener = socket.socket()
        listener.bind(("127.0.0.1", port))
        listener.listen()
    client, server = pair(folder)
    print("ready", flush=True)
    for line in sys.stdin:
        calls = int(line)
        begun = time.process_time_ns()
        for _ in range(calls // 2):
            client.write(b"x" * 100)
            server.read(100)
        print((time.process_time_ns() - begun) / calls, flush=True)


class Worker:
    def __init__(self, folder, port):
        self.process = subprocess.Popen([sys.executable, __file__, "--work", folder, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def measure(self, calls):
        self.process.stdin.write(f"{calls}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Agent:
    """Runs until the block is left; inside, the watched process is probed."""

    def __init__(self, command, port, folder):
        words = [word.replace("{port}", str(port)).replace("{metrics}", str(free_port())) for word in command]
        self.log = open(os.path.join(folder, "agent.log"), "wb+")
        environment = dict(os.environ, BEYLA_OPEN_PORT=str(port), BEYLA_PROMETHEUS_PORT=str(free_port()))
        self.process = subprocess.Popen(words, env=environment, stdout=self.log, stderr=self.log)

    def __enter__(self):
        deadline = time.monotonic() + 60
        while True:
            with open(self.log.name, "rb") as log:
                if b"libssl" in log.read():
                    break
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                sys.exit(f"the agent did not say that it probes libssl; see {self.log.name}")
            time.sleep(0.05)
        time.sleep(1)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.log.close()


def main():
    options = arguments()
    if os.geteuid() != 0:
        sys.exit("needs root")
    folder = tempfile.mkdtemp(prefix="tls-calls.")
    make_certificate(folder)
    port = free_port()
    watched, other = Worker(folder, port), Worker(folder, 0)
    figures = {"without the agent": [], "probed library, process not watched": [], "probed library, process watched": []}
    try:
        for _ in range(options.rounds):
            figures["without the agent"].append(watched.measure(options.calls))
            with Agent(options.agent, port, folder):
                figures["probed library, process not watched"].append(other.measure(options.calls))
                figures["probed library, process watched"].append(watched.measure(options.calls))
    finally:
        watched.stop()
        other.stop()
    bare = statistics.median(figures["without the agent"])
    for name, values in figures.items():
        median = statistics.median(values)
        print(f"{name:38}{median:10.0f} ns a call{median - bare:+10.0f}   {' '.join(f'{value:.0f}' for value in values)}")


if sys.argv[1:2] == ["--work"]:
    work(sys.argv[2], int(sys.argv[3]))
else:
    main()
