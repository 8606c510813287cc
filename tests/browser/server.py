"""The product as an operator starts it, and how Chromium is started."""

import os
import socket
import time

import httpx

from tests.programs import Program

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The product as an operator starts it; it can be killed and started again on the same data."""

    def __init__(self, url, folder, **environment):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **os.environ,
            "ELEARN_DATABASE_URL": url,
            "ELEARN_DATA_DIR": str(folder),
            "PORT": str(self.port),
            **environment,
        }
        self.process = None

    def start(self):
        self.process = Program(["serve"], self.environment)
        for _ in range(200):
            try:
                if httpx.get(f"{self.address}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError("the server did not start")

    def kill(self):
        self.process.kill()
