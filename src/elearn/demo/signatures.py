"""The demo's signatures: a key of its own, certificates that are signed with it, and some that wait.

The key is made when the demo is loaded and says in its own name that it is none to rely on; its passphrase is public.
"""

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from elearn.demo.people import acting
from elearn.foundation.settings import DEMO_PASSPHRASE, settings
from elearn.foundation.storage.current import store
from elearn.foundation.storage.store import new_key
from elearn.people.access.actor import Actor
from elearn.recognition.certificates.document import certificate_pdf
from elearn.recognition.certificates.models import Certificate
from elearn.recognition.certificates.rules import fingerprint_of
from elearn.recognition.designs.actions import save_template
from elearn.recognition.designs.forms import TemplateWish
from elearn.recognition.designs.models import CertificateTemplate
from elearn.recognition.signing.actions import claim, keep_signed
from elearn.recognition.signing.pades import Pkcs12Signer
from elearn.recognition.signing.queries import queue
from elearn.recognition.signing.signer import Secret

NAME = "KUNCI CONTOH, tidak untuk dipakai (Kabupaten Contoh)"
ORGANISER = "BKPSDM Contoh"
YEARS = 10
WAITING = 5


def make_key(file: Path, now: datetime) -> None:
    """A key with its certificate, signed by itself; one that is there stays."""
    if file.exists():
        return
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(DEMO_PASSPHRASE.encode())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(pkcs12.serialize_key_and_certificates(NAME.encode(), key, certificate, None, locked))


def begin_signing(session: Session, admin: Actor, then: datetime) -> None:
    """From then on the organiser's certificates are signed, and say so; what was issued before does not wait for it.

    Nothing happens where the settings choose another way of signing, or none.
    """
    template = session.scalar(select(CertificateTemplate).filter_by(organiser=ORGANISER))
    if template is None or not settings().signs_with_demo_key:
        return
    unsigned = update(Certificate).where(Certificate.wants_signature, Certificate.signed_at.is_(None))
    session.execute(unsigned.values(wants_signature=False))
    wish = TemplateWish(
        name=template.name,
        organiser=ORGANISER,
        title="Sertifikat",
        opening="diberikan kepada",
        closing="Diselenggarakan oleh {penyelenggara} pada {waktu}, setara {jp} JP, dengan nilai akhir {nilai}.",
        shown=["nip", "position", "unit", "score"],
        second_page=True,
        position="Kepala BKPSDM Contoh",
        signer="Bambang Misalkan",
        note="Ditandatangani secara elektronik dengan kunci contoh",
    )
    save_template(session, admin, wish, then, template)


def load_signatures(session: Session, now: datetime) -> None:
    """Sign what waits but for the last few; nothing happens where something is signed already."""
    if not settings().signs_with_demo_key:
        return
    if session.scalar(select(Certificate.id).where(Certificate.signed_at.is_not(None)).limit(1)) is not None:
        return
    signer = acting(session, "signer")
    for _n in range(queue(session, signer).count - WAITING):
        _sign_next(session, signer, now)


def _sign_next(session: Session, signer: Actor, now: datetime) -> None:
    claimed = claim(session, signer, now)
    if claimed is None:
        return
    drawn = certificate_pdf(claimed.facts, claimed.design)
    signed = Pkcs12Signer(settings().signing_pkcs12).sign(drawn, Secret(DEMO_PASSPHRASE))
    key = new_key("pdf")
    sha256 = store().put(key, [signed]).sha256
    keep_signed(session, signer, claimed, key, sha256, fingerprint_of([drawn]), now)
