"""What the client of BSrE answers, on a local server: v1, v2, the seal, and its ways to fail."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ACCOUNT = ("elearn", "akun-contoh")
PASSPHRASE = "frasa sandi contoh"
NIK = "1504010101800001"
MARK = b"\n% ditandatangani oleh layanan contoh\n"


@dataclass
class Service:
    """`mood` is what it does next: sign, 500, page, slow, garbage or unauthorised."""

    address: str = ""
    mood: str = "sign"
    asked: list[str] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Service]:
    service = Service()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(self.path)
            expected = "Basic " + base64.b64encode(":".join(ACCOUNT).encode()).decode()
            if self.headers["Authorization"] != expected or service.mood == "unauthorised":
                return self.say(401, {"error": "Unauthorized, nik tidak diperiksa"})
            if service.mood == "500":
                return self.say(500, {"error": f"server error, passphrase {PASSPHRASE}"})
            if service.mood == "page":
                return self.send(200, b"<html><body>Bad gateway</body></html>", "text/html")
            if service.mood == "slow":
                time.sleep(1)
            if service.mood == "garbage":
                return self.say(200, {"file": ["%%%"]})
            return self.signed(body)

        def signed(self, body: bytes) -> None:
            if self.path == "/api/sign/pdf":
                parts = multipart(self.headers["Content-Type"], body)
                assert parts["tampilan"] == b"invisible"
                given, pdf = (parts["nik"].decode(), parts["passphrase"].decode()), parts["file"]
            else:
                fields = json.loads(body)
                assert fields["signatureProperties"] == [{"tampilan": "INVISIBLE"}]
                pdf = base64.b64decode(fields["file"][0])
                seal = self.path == "/api/v2/seal/pdf"
                given = (NIK, fields["totp"]) if seal else (fields["nik"], fields["passphrase"])
                assert not seal or fields["idSubscriber"] == "SEGEL-1"
            if given != (NIK, PASSPHRASE):
                return self.say(400, {"status_code": 2031, "error": "Passphrase anda salah"})
            if self.path == "/api/sign/pdf":
                return self.send(200, pdf + MARK, "application/pdf")
            return self.say(200, {"time": 200, "file": [base64.b64encode(pdf + MARK).decode()]})

        def say(self, status: int, answer: dict[str, Any]) -> None:
            self.send(status, json.dumps(answer).encode(), "application/json")

        def send(self, status: int, content: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def multipart(kind: str, body: bytes) -> dict[str, bytes]:
    message = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts: Any = message.get_payload()
    return {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}
