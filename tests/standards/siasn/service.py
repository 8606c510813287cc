"""A server that speaks as BKN's web service does, on a port of this machine, with the moods that it has."""

import base64
import json
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

KEY, SECRET, SSO = "kunci-contoh", "rahasia-contoh", "token-sso-contoh"
NUMBERS = {"kursus": "nomorSertipikat", "diklat": "nomor"}
READ = {"kursus": "noSertipikat", "diklat": "nomor"}


class Service:
    """What the server keeps and how it feels: `mood` answers the next calls of a path, one each, instead of it."""

    def __init__(self):
        self.entries = []
        self.documents = []
        self.calls = []
        self.tokens = 0
        self.mood = []
        self.nips = {}

    def settings(self, port):
        here = f"http://127.0.0.1:{port}"
        return {
            "siasn_service": True,
            "siasn_api_url": f"{here}/apisiasn/1.0",
            "siasn_oauth_url": f"{here}/oauth2/token",
            "siasn_consumer_key": KEY,
            "siasn_consumer_secret": SECRET,
            "siasn_calls_a_minute": 60_000,
        }

    def answer(self, handler, body):
        path = handler.path
        self.calls.append(f"{handler.command} {path}")
        moods = [each for each in self.mood if each[0] in path]
        if moods:
            self.mood.remove(moods[0])
            return moods[0][1:]
        if path == "/oauth2/token":
            return self._token(handler, body)
        if handler.headers["Authorization"] != f"Bearer gerbang-{self.tokens}":
            return 401, {"message": "invalid token"}
        if handler.headers["Auth"] != f"bearer {SSO}":
            return 401, {"message": "invalid sso"}
        if found := re.search(r"/(kursus|diklat)/save$", path):
            return self._save(found[1], json.loads(body))
        if found := re.search(r"/kursus/delete/(.+)$", path):
            kept = [each for each in self.entries if each["id"] != found[1]]
            gone, self.entries = len(kept) < len(self.entries), kept
            return 200, {"success": gone, "message": "ok" if gone else "Data tidak ditemukan"}
        if path.endswith("/upload-dok-rw"):
            return self._document(body)
        if found := re.search(r"/pns/rw-(kursus|diklat)/(\d{18})$", path):
            return self._history(*found.groups())
        return 404, {"message": "not found"}

    def _token(self, handler, body):
        basic = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if handler.headers["Authorization"] != f"Basic {basic}" or body != b"grant_type=client_credentials":
            return 401, {"error": "invalid_client"}
        self.tokens += 1
        return 200, {"access_token": f"gerbang-{self.tokens}", "expires_in": 3600}

    def _save(self, history, body):
        if len(body["pnsOrangId"] or "") not in (32, 36):
            return 200, {"success": False, "message": "pnsOrangId tidak valid"}
        kept = next((each for each in self.entries if body["id"] and each["id"] == body["id"]), None)
        if kept is None:
            kept = {"id": f"RW-{len(self.entries) + 1}", "history": history}
            self.entries.append(kept)
        kept.update({key: value for key, value in body.items() if key != "id"})
        return 200, {"success": True, "message": "ok", "mapData": {f"rw{history.title()}Id": kept["id"]}}

    def _document(self, body):
        id = re.search(rb'name="id_riwayat"\r\n\r\n(.+?)\r\n', body)[1].decode()
        kind = re.search(rb'name="id_ref_dokumen"\r\n\r\n(.+?)\r\n', body)[1].decode()
        assert b"%PDF" in body
        self.documents.append((id, kind))
        return 200, {"success": True}

    def _history(self, history, nip):
        owner = self.nips.get(nip)
        rows = [each for each in self.entries if each["history"] == history and each["pnsOrangId"] == owner]
        if not rows:
            return 200, {"code": 0, "data": "Data tidak ditemukan"}
        return 200, {"code": 1, "data": [self._told(each, nip, history) for each in rows]}

    @staticmethod
    def _told(entry, nip, history):
        return {"nipBaru": nip, **entry, READ[history]: entry[NUMBERS[history]]}


@contextmanager
def served():
    """The service and its port."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def _do(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, told, *headers = service.answer(self, body)
            content = told.encode() if isinstance(told, str) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(told, str) else "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = _do

        def log_message(self, *_words):
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service, server.server_port
    finally:
        server.shutdown()
        server.server_close()
