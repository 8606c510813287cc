import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from elearn.foundation.ids import new_id
from elearn.foundation.settings import Settings
from elearn.foundation.storage.current import open_store
from elearn.foundation.storage.store import Store


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """An S3 service over HTTP on a free port."""
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def make_bucket(server: str) -> str:
    name = f"bucket-{new_id()}"
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        request = (
            f"PUT /{name} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 0\r\nConnection: close\r\n"
            "Authorization: AWS4-HMAC-SHA256 Credential=test/20261123/us-east-1/s3/aws4_request\r\n\r\n"
        )
        line.sendall(request.encode())
        assert b" 200 " in line.recv(4096)
    return name


@pytest.fixture(params=["disk", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each of the two real stores."""
    if request.param == "disk":
        return open_store(Settings(data_dir=tmp_path))
    server = request.getfixturevalue("s3_server")
    return open_store(
        Settings(
            data_dir=tmp_path,
            storage_url=f"s3://{make_bucket(server)}/elearn/files",
            s3_endpoint=server,
            s3_access_key_id="test",
            s3_secret_access_key="test",
        )
    )
