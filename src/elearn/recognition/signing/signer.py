"""What every back end of signing does, and how it may fail. Each failure says what to do next."""

from dataclasses import dataclass, field
from typing import Protocol

from elearn.foundation.errors import Conflict, Invalid
from elearn.foundation.i18n import _


@dataclass(frozen=True)
class Secret:
    """What the person who signs has typed. It is never shown, stored or logged."""

    passphrase: str = field(default="", repr=False)
    nik: str = field(default="", repr=False)


class WrongSecret(Invalid):
    """The signer does not know this passphrase, or this person."""

    def __init__(self, with_nik: bool = False) -> None:
        said = _("Frasa sandi atau kode ini ditolak. Periksa, lalu ketik lagi.")
        if with_nik:
            said = _("Frasa sandi atau NIK ini ditolak. Periksa, lalu ketik lagi.")
        super().__init__(said, {"passphrase": said})


class SignerDown(Conflict):
    """The service or the key is out of reach now; nothing is lost."""

    def __init__(self) -> None:
        super().__init__(_("Layanan tanda tangan tidak menjawab. Antrean tetap tersimpan."))


class SignerRefuses(Conflict):
    """The service will not sign, whatever is typed; somebody has to look at how it is set up."""

    def __init__(self) -> None:
        super().__init__(_("Layanan tanda tangan menolak. Antrean tetap tersimpan. Hubungi pengelola server."))


class Signer(Protocol):
    """Puts a signature into a PDF, without a transaction open; may take seconds."""

    asks_nik: bool

    def sign(self, pdf: bytes, secret: Secret) -> bytes:
        """The signed PDF. Raises WrongSecret, SignerDown or SignerRefuses."""
