import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from elearn.foundation.mail.mailer import (
    MailFailed,
    OutboxMailer,
    SmtpMailer,
    open_mailer,
)
from elearn.foundation.settings import Settings


class Conversation(socketserver.StreamRequestHandler):
    """The server's side of one SMTP session, as far as a plain sender needs it."""

    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line.upper().split(" ")[0].split(":")[0]
            if word == "EHLO":
                self._say("250 test")
            elif word == "RCPT" and "nobody@" in line:
                self._say("550 no such user")
            elif word == "DATA":
                self._say("354 go on")
                self.server.received.append(self._message())  # type: ignore[attr-defined]
                self._say("250 kept")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.received]  # type: ignore[misc]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as opened:
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        yield opened
        opened.shutdown()


def settings_for(port: int, **more: str) -> Settings:
    return Settings(
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_from="Diklat <diklat@example.id>",
        smtp_tls="none",
        **more,
    )


def test_a_message_arrives_as_it_was_written(server: Server) -> None:
    mailer = open_mailer(settings_for(server.port))
    assert mailer.enabled
    mailer.send(
        "ani@example.id",
        "Kursus “Etika” dibuka",
        "Selamat belajar.\n.titik di awal\n— é",
    )
    (message,) = server.messages()
    assert message["To"] == "ani@example.id"
    assert message["From"] == "Diklat <diklat@example.id>"
    assert message["Subject"] == "Kursus “Etika” dibuka"
    assert message["Message-ID"].endswith("@example.id>")
    assert message.get_content().splitlines() == [
        "Selamat belajar.",
        ".titik di awal",
        "— é",
    ]


def test_a_line_break_in_the_subject_begins_no_header(server: Server) -> None:
    open_mailer(settings_for(server.port)).send("ani@example.id", "Halo\r\nBcc: x@example.id", "isi")
    (message,) = server.messages()
    assert message["Bcc"] is None
    assert message["Subject"] == "Halo Bcc: x@example.id"


@pytest.mark.parametrize("address", ["", "not an address", "a@b\r\nBcc: c@d", "a@b, c@d"])
def test_an_unusable_address_is_refused_before_anything_is_sent(server: Server, address: str) -> None:
    with pytest.raises(MailFailed):
        open_mailer(settings_for(server.port)).send(address, "s", "t")
    assert server.received == []


def test_a_refused_recipient_is_an_error_that_says_so(server: Server) -> None:
    with pytest.raises(MailFailed, match="no such user"):
        open_mailer(settings_for(server.port)).send("nobody@example.id", "s", "t")


def test_a_server_that_is_not_there_is_an_error() -> None:
    with Server() as gone:
        port = gone.port
    with pytest.raises(MailFailed):
        open_mailer(settings_for(port)).send("ani@example.id", "s", "t")


def test_a_server_without_the_encryption_asked_for_gets_nothing(server: Server) -> None:
    mailer = SmtpMailer(
        host="127.0.0.1",
        port=server.port,
        user="",
        password="",
        sender="a@example.id",
        tls="starttls",
    )
    with pytest.raises(MailFailed):
        mailer.send("ani@example.id", "s", "t")
    assert server.received == []


def test_without_a_server_mail_is_off_and_its_text_stays_out_of_the_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    mailer = open_mailer(Settings(smtp_host=""))
    assert isinstance(mailer, OutboxMailer)
    assert not mailer.enabled
    mailer.send("ani@example.id", "Atur ulang sandi", "kode 7F3K-9QTA")
    assert mailer.sent[-1].text == "kode 7F3K-9QTA"
    seen = "".join(capfd.readouterr())
    assert "7F3K" not in seen
    assert "ani@example.id" not in seen
