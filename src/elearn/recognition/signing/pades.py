"""PAdES with a key of the organisation's own, from a PKCS#12 file or a PKCS#11 token."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from pkcs11.exceptions import NoSuchKey, PinIncorrect, PinInvalid, PinLenRange, PKCS11Error
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_cms import Signer as Key

from elearn.recognition.signing.signer import Secret, SignerDown, SignerRefuses, WrongSecret

log = structlog.get_logger()

FIELD = "TandaTangan"


class Pkcs12Signer:
    """A key in a file, opened by its passphrase."""

    asks_nik = False

    def __init__(self, file: Path) -> None:
        self._file = file

    def sign(self, pdf: bytes, secret: Secret) -> bytes:
        if not self._file.is_file():
            raise SignerRefuses
        # A file that cannot be opened and a wrong passphrase look alike.
        key = SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
            self._file, passphrase=secret.passphrase.encode()
        )
        if key is None:
            raise WrongSecret
        return _signed(pdf, key)


class Pkcs11Signer:
    """A key on a token, such as an HSM, opened by the PIN."""

    asks_nik = False

    def __init__(self, module: str, token: str, label: str) -> None:
        self._module, self._token, self._label = module, token, label

    def sign(self, pdf: bytes, secret: Secret) -> bytes:
        token = TokenCriteria(label=self._token)
        with (
            _token_errors(),
            open_pkcs11_session(self._module, token_criteria=token, user_pin=secret.passphrase) as session,
        ):
            return _signed(pdf, PKCS11Signer(session, cert_label=self._label, key_label=self._label))


@contextmanager
def _token_errors() -> Iterator[None]:
    try:
        yield
    except (PinIncorrect, PinInvalid, PinLenRange):
        raise WrongSecret from None
    except (SigningError, NoSuchKey):
        raise SignerRefuses from None
    except (PKCS11Error, OSError) as error:
        log.warning("token_down", why=type(error).__name__)
        raise SignerDown from None


def _signed(pdf: bytes, key: Key) -> bytes:
    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason="Sertifikat pelatihan"
    )
    signed = io.BytesIO()
    PdfSigner(about, signer=key).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=signed)
    return signed.getvalue()
