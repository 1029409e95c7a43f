#!/usr/bin/env python3
"""What does the agent cost the service it watches, and does it see every request?

    benchmarks/target-cost/run.py [--rounds N] [--seconds S] [--delay MS | --http2 STREAMS] [--tls] [--bpf] AGENT [ARG...]

One nginx (1 worker, a fixed small answer) and wrk on loopback, without and with the agent, interleaved (off on, on off,
...), so that what else the machine does falls on both. With --http2 it is h2load with that many streams at once on each
connection. Reported are ratios of one run, with the rounds behind them:

    requests/s, p50 and p99 of the load; CPU per request of the server, of the load and of the agent (its backlog included);
    spans counted by the agent (its Prometheus endpoint) against requests counted by nginx;
    RSS of the agent, time from its start to the first span, its CPU when nothing happens.

AGENT is the command that starts it, such as the published beyla; {port} and {metrics} in it are replaced, and the
environment names both as well (BEYLA_OPEN_PORT, BEYLA_PROMETHEUS_PORT). Loopback only; everything is bounded in time and
stops what it started. Needs root, nginx and wrk, or h2load and curl; with --bpf bpftool too, with --tls openssl. With --tls
the load is HTTPS on connections that are kept, so what is compared is the encryption of requests, not handshakes.
"""
import argparse
import json
import os
import re
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from common import free_port, make_certificate, parse

TICK = os.sysconf("SC_CLK_TCK")
STATS = "/proc/sys/kernel/bpf_stats_enabled"


def arguments():
    parser = argparse.ArgumentParser(formatter_class=argparse.RawDescriptionHelpFormatter, description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8, help="length of each load run")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--delay", type=int, default=0, metavar="MS", help="pause of each connection before a request; 0 saturates")
    parser.add_argument("--http2", type=int, default=0, metavar="STREAMS", help="load by HTTP/2, with so many streams at once on a connection")
    parser.add_argument("--idle", type=int, default=10, help="seconds over which idle CPU is taken")
    parser.add_argument("--tls", action="store_true", help="HTTPS instead of HTTP")
    parser.add_argument("--bpf", action="store_true",
                        help="one more run with the kernel's program statistics on: runs and ns of each program; the statistics cost some themselves")
    return parse(parser)


def get(port, path, limit=5.0, scheme="http"):
    # the certificate is made for this run and signed by nobody
    context = ssl._create_unverified_context() if scheme == "https" else None
    with urllib.request.urlopen(f"{scheme}://127.0.0.1:{port}{path}", timeout=limit, context=context) as answer:
        return answer.read().decode()


def cpu_seconds(pids):
    total = 0.0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICK
    return total


def rss_mib(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(child) for child in f.read().split()]


class Nginx:
    def __init__(self, folder, options):
        self.port, self.status_port, self.http2 = free_port(), free_port(), options.http2
        version = " http2" if self.http2 else ""
        self.scheme, listen = "http", f"listen 127.0.0.1:{self.port}{version};"
        if options.tls:
            self.scheme = "https"
            make_certificate(folder)
            listen = f"listen 127.0.0.1:{self.port} ssl{version}; ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/key.pem;"
        conf = os.path.join(folder, "nginx.conf")
        temp = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(conf, "w") as f:
            f.write(f"""worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error warn;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 100000000; {temp}
  http2_max_concurrent_streams 1024;
  server {{ {listen} location = /ok {{ default_type text/plain; return 200 "{'x' * 126}\\n"; }} }}
  server {{ listen 127.0.0.1:{self.status_port}; location = /status {{ stub_status; }} }} }}
""")
        self.process = subprocess.Popen(["nginx", "-c", conf, "-e", f"{folder}/error"])
        deadline = time.monotonic() + 10
        while True:
            try:
                get(self.status_port, "/status")
                break
            except OSError:
                if time.monotonic() > deadline:
                    self.stop()
                    raise
                time.sleep(0.05)
        self.pids = [self.process.pid, *children(self.process.pid)]

    def touch(self):
        """One request, whether it is answered or not."""
        if self.http2:
            way = "--http2" if self.scheme == "https" else "--http2-prior-knowledge"
            subprocess.run(["curl", "-sk", way, "-m", "5", "-o", "/dev/null", f"{self.scheme}://127.0.0.1:{self.port}/ok"])
            return
        try:
            get(self.port, "/ok", scheme=self.scheme)
        except OSError:
            pass

    def requests(self):
        # the page counts itself; the agent does not watch its port, which is another one
        return int(get(self.status_port, "/status").split()[9])

    def stop(self):
        self.process.terminate()
        self.process.wait()


def wrk(options, nginx, folder):
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "--latency"]
    if options.delay > 0:
        script = os.path.join(folder, "delay.lua")
        with open(script, "w") as f:
            f.write(f"function delay() return {options.delay} end\n")
        command += ["-s", script]
    process = subprocess.Popen([*command, f"{nginx.scheme}://127.0.0.1:{nginx.port}/ok"], stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate(timeout=options.seconds + 30)
    usage = {"rps": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))}
    for name in ("50", "99"):
        value, unit = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", out).groups()
        usage[f"p{name}"] = float(value) * {"us": 1, "ms": 1000, "s": 1e6}[unit]
    usage["requests"] = int(re.search(r"(\d+) requests in", out).group(1))
    return usage


def h2load(options, nginx, folder):
    log = os.path.join(folder, "h2load.log")
    if os.path.exists(log):
        os.remove(log)
    command = ["h2load", "-t1", f"-c{options.connections}", f"-m{options.http2}", f"-D{options.seconds}", f"--log-file={log}"]
    process = subprocess.Popen([*command, f"{nginx.scheme}://127.0.0.1:{nginx.port}/ok"], stdout=subprocess.PIPE, text=True)
    out, _ = process.communicate(timeout=options.seconds + 30)
    with open(log) as lines:
        times = sorted(int(line.split()[2]) for line in lines)
    usage = {"rps": float(re.search(r"([\d.]+) req/s", out).group(1)), "requests": int(re.search(r"(\d+) done", out).group(1))}
    for name in (50, 99):
        usage[f"p{name}"] = float(times[len(times) * name // 100])
    return usage


def spans(metrics_port):
    try:
        text = get(metrics_port, "/metrics")
    except OSError:
        return 0
    # whatever labels there are and in whatever order; the value of one may hold a brace, the last one ends them
    return sum(int(float(value)) for value in re.findall(r"^http_server_request_duration_seconds_count\{.*\} (\S+)", text, re.M))


class Agent:
    def __init__(self, command, nginx, folder):
        self.metrics = free_port()
        words = [word.replace("{port}", str(nginx.port)).replace("{metrics}", str(self.metrics)) for word in command]
        environment = dict(os.environ, BEYLA_OPEN_PORT=str(nginx.port), BEYLA_PROMETHEUS_PORT=str(self.metrics))
        self.log = open(os.path.join(folder, "agent.log"), "ab")
        begun = time.monotonic()
        self.process = subprocess.Popen(words, env=environment, stdout=self.log, stderr=self.log)
        while spans(self.metrics) == 0:
            if self.process.poll() is not None or time.monotonic() - begun > 60:
                self.stop()
                sys.exit(f"the agent gave no span within 60 s; see {self.log.name}")
            nginx.touch()
            time.sleep(0.02)
        self.first_span = time.monotonic() - begun

    def settle(self):
        """Waits until the count of spans stands still and returns it."""
        last, since = spans(self.metrics), time.monotonic()
        while time.monotonic() - since < 1:
            time.sleep(0.5)  # a scrape is CPU of the agent too
            now = spans(self.metrics)
            if now != last:
                last, since = now, time.monotonic()
        return last

    def programs(self):
        """Name, runs, nanoseconds of each BPF program that the agent holds."""
        ids = set()
        folder = f"/proc/{self.process.pid}/fdinfo"
        for name in os.listdir(folder):
            try:
                with open(os.path.join(folder, name)) as f:
                    ids.update(int(found) for found in re.findall(r"^prog_id:\s+(\d+)", f.read(), re.M))
            except FileNotFoundError:
                pass  # closed meanwhile
        listed = json.loads(subprocess.run(["bpftool", "-j", "prog", "show"], check=True, capture_output=True).stdout)
        return {p["id"]: (p.get("name", str(p["id"])), p.get("run_cnt", 0), p.get("run_time_ns", 0)) for p in listed if p["id"] in ids}

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def measure(options, nginx, agent, folder):
    before = nginx.requests()
    counted = agent.settle() if agent else 0
    agent_cpu = cpu_seconds([agent.process.pid]) if agent else 0
    server_cpu, load_cpu = cpu_seconds(nginx.pids), os.times()
    result = (h2load if options.http2 else wrk)(options, nginx, folder)
    load = os.times()
    result["server_us"] = (cpu_seconds(nginx.pids) - server_cpu) / result["requests"] * 1e6
    used = load.children_user + load.children_system - load_cpu.children_user - load_cpu.children_system
    result["load_us"] = used / result["requests"] * 1e6
    if agent:
        result["seen"] = agent.settle() - counted
        # read after the backlog is worked off; the scrapes that wait for it are the bench's, and are in it
        result["agent_us"] = (cpu_seconds([agent.process.pid]) - agent_cpu) / result["requests"] * 1e6
        result["rss"] = rss_mib(agent.process.pid)
    # the load breaks off what is under way at its end: nginx alone knows what was answered
    result["served"] = nginx.requests() - before - 1
    return result


def idle_percent(options, agent):
    time.sleep(1)
    begun = cpu_seconds([agent.process.pid])
    time.sleep(options.idle)
    return (cpu_seconds([agent.process.pid]) - begun) / options.idle * 100


def bpf_table(options, nginx, folder):
    with open(STATS) as f:
        setting = f.read()
    agent = Agent(options.agent, nginx, folder)
    try:
        with open(STATS, "w") as f:
            f.write("1")
        before = agent.programs()
        result = measure(options, nginx, agent, folder)
        after = agent.programs()
    finally:
        with open(STATS, "w") as f:
            f.write(setting)
        agent.stop()
    print(f"\n{'BPF program':34}{'runs/request':>14}{'ns/run':>10}{'ns/request':>12}")
    sums = [0.0, 0.0]
    for number, (name, runs, nanoseconds) in sorted(after.items(), key=lambda item: -item[1][2]):
        known = before.get(number, (name, 0, 0))
        runs, nanoseconds = runs - known[1], nanoseconds - known[2]
        sums[0] += runs / result["served"]
        sums[1] += nanoseconds / result["served"]
        print(f"{name:34}{runs / result['served']:14.3f}{nanoseconds / max(runs, 1):10.0f}{nanoseconds / result['served']:12.0f}")
    print(f"{'all, load included':34}{sums[0]:14.3f}{'':10}{sums[1]:12.0f}")


def report(off, on, starts, idles):
    def values(runs, key, digits=1):
        return " ".join(f"{run[key]:.{digits}f}" for run in runs)

    print(f"{'medians':22}{'off':>12}{'on':>12}{'ratio':>9}   rounds off | on")
    for key, label in (("rps", "requests/s"), ("p50", "p50 us"), ("p99", "p99 us"),
                       ("server_us", "server CPU us/request"), ("load_us", "load CPU us/request")):
        a, b = (statistics.median(run[key] for run in runs) for runs in (off, on))
        print(f"{label:22}{a:12.1f}{b:12.1f}{b / a if a else float('nan'):9.3f}   {values(off, key)} | {values(on, key)}")
    print(f"{'agent CPU us/request':22}{'':12}{statistics.median(run['agent_us'] for run in on):12.2f}{'':12}{values(on, 'agent_us', 2)}")
    print(f"{'agent RSS MiB':22}{'':12}{max(run['rss'] for run in on):12.1f}{'':12}{values(on, 'rss')}")
    print(f"{'first span s':22}{'':12}{statistics.median(starts):12.2f}{'':12}{' '.join(f'{start:.2f}' for start in starts)}")
    print(f"{'agent idle CPU %':22}{'':12}{statistics.median(idles):12.2f}")
    served, seen = sum(run["served"] for run in on), sum(run["seen"] for run in on)
    print(f"{'requests served':22}{'':12}{served:12}")
    print(f"{'spans seen':22}{'':12}{seen:12}{'':12}missing {served - seen}")


def main():
    options = arguments()
    needed = ["nginx", *(["h2load", "curl"] if options.http2 else ["wrk"]), *(["bpftool"] if options.bpf else []), *(["openssl"] if options.tls else [])]
    missing = [name for name in needed if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"needs root and {', '.join(missing or needed)} (Debian: apt-get install nginx-light wrk nghttp2-client curl bpftool openssl)")
    folder = tempfile.mkdtemp(prefix="target-cost.")
    os.chmod(folder, 0o755)
    nginx = Nginx(folder, options)
    off, on, starts, idles = [], [], [], []
    try:
        for number in range(options.rounds):
            for with_agent in ((False, True) if number % 2 == 0 else (True, False)):
                if not with_agent:
                    off.append(measure(options, nginx, None, folder))
                    continue
                agent = Agent(options.agent, nginx, folder)
                try:
                    on.append(measure(options, nginx, agent, folder))
                    starts.append(agent.first_span)
                    idles.append(idle_percent(options, agent))
                finally:
                    agent.stop()
        report(off, on, starts, idles)
        if options.bpf:
            bpf_table(options, nginx, folder)
    finally:
        nginx.stop()
    shutil.rmtree(folder, ignore_errors=True)


main()
