"""What the measurements here share."""
import argparse
import socket
import subprocess


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def make_certificate(folder):
    """key.pem and certificate.pem for localhost, signed by nobody else."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
                   check=True, stderr=subprocess.DEVNULL)


def parse(parser):
    """The options, with the agent's command behind them."""
    parser.add_argument("agent", nargs=argparse.REMAINDER)
    parsed = parser.parse_args()
    if not parsed.agent:
        parser.error("name the agent's command")
    return parsed
