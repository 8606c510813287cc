"""Who sends mail: an SMTP server, or nobody."""

import smtplib
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid, parseaddr
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

import structlog

from elearn.foundation.settings import Settings, settings

log = structlog.get_logger()

SECONDS_TO_WAIT = 20
KEPT_IN_OUTBOX = 100


class MailFailed(Exception):  # noqa: N818 - says what is the case, as refusals do
    """The mail server refused or could not be reached. The message says which; a job may try again."""


class Message(NamedTuple):
    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Sends plain text to one address. `enabled` is False where mail goes nowhere: then offer no mail at all."""

    enabled: bool

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand a message over for delivery. Raises MailFailed."""

    def knock(self) -> None:
        """Come as far as one can without sending anything. Raises MailFailed."""


class SmtpMailer:
    """Sends through an SMTP server, one connection per message."""

    enabled = True

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str,
        sender: str,
        tls: Literal["starttls", "tls", "none"],
    ) -> None:
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._sender = sender
        self._tls = tls

    def send(self, to: str, subject: str, text: str) -> None:
        message = _written(self._sender, Message(to, subject, text))
        with self._server() as server:
            server.send_message(message)

    def knock(self) -> None:
        with self._server() as server:
            server.ehlo_or_helo_if_needed()

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        try:
            with self._connect() as server:
                if self._tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self._user:
                    server.login(self._user, self._password)
                yield server
        except (smtplib.SMTPException, OSError) as problem:
            raise MailFailed(f"{type(problem).__name__}: {problem}") from problem

    def _connect(self) -> smtplib.SMTP:
        if self._tls == "tls":
            return smtplib.SMTP_SSL(
                self._host,
                self._port,
                timeout=SECONDS_TO_WAIT,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(self._host, self._port, timeout=SECONDS_TO_WAIT)


class OutboxMailer:
    """Sends nothing. The log says that a mail was due, never what stood in it; the last ones stay in `sent`."""

    enabled = False

    def __init__(self) -> None:
        self.sent: deque[Message] = deque(maxlen=KEPT_IN_OUTBOX)

    def send(self, to: str, subject: str, text: str) -> None:
        self.sent.append(Message(to, subject, text))
        log.info("mail_not_sent", reason="ELEARN_SMTP_HOST is not set", subject=subject)

    def knock(self) -> None:
        pass


def open_mailer(chosen: Settings) -> Mailer:
    """The mailer the settings name."""
    if not chosen.smtp_host:
        return OutboxMailer()
    return SmtpMailer(
        host=chosen.smtp_host,
        port=chosen.smtp_port,
        user=chosen.smtp_user,
        password=chosen.smtp_password,
        sender=chosen.smtp_from or f"elearn@{chosen.smtp_host}",
        tls=chosen.smtp_tls,
    )


@lru_cache
def mailer() -> Mailer:
    """The mailer of this process."""
    return open_mailer(settings())


def _written(sender: str, message: Message) -> EmailMessage:
    written = EmailMessage()
    try:
        written["From"] = _address(sender)
        written["To"] = _address(message.to)
        # A line break would begin another header.
        written["Subject"] = " ".join(message.subject.split())
    except (ValueError, IndexError) as problem:
        raise MailFailed(f"unusable address: {problem}") from problem
    written["Date"] = formatdate(localtime=False)
    written["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or "localhost")
    written.set_content(message.text)
    return written


def _address(text: str) -> Address:
    found = getaddresses([text])
    if len(found) != 1 or any(sign in text for sign in "\r\n"):
        raise ValueError("not one address")
    name, plain = found[0]
    return Address(display_name=name, addr_spec=plain)
