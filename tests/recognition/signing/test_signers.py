import io
import os
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from tests.recognition.certificates.test_document import FACTS
from tests.recognition.signing import keys, service

from elearn.recognition.certificates.document import certificate_pdf
from elearn.recognition.signing.bsre import BsreSigner
from elearn.recognition.signing.pades import Pkcs11Signer, Pkcs12Signer
from elearn.recognition.signing.signer import Secret, SignerDown, SignerRefuses, WrongSecret

SECRET = Secret(keys.PASSPHRASE, service.NIK)
MODULE = next(
    (
        str(path)
        for path in (Path("/usr/lib/softhsm/libsofthsm2.so"), Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))
        if path.exists()
    ),
    "",
)
without_softhsm = pytest.mark.skipif(
    not (MODULE and shutil.which("softhsm2-util")), reason="install the package softhsm2: apt-get install softhsm2"
)
without_pdfsig = pytest.mark.skipif(
    not shutil.which("pdfsig"), reason="pdfsig is missing: apt-get install poppler-utils"
)


@pytest.fixture(scope="module")
def pdf():
    return certificate_pdf(FACTS)


@pytest.fixture(scope="module")
def signed(pdf, tmp_path_factory):
    return Pkcs12Signer(keys.pkcs12_file(tmp_path_factory.mktemp("kunci"))).sign(pdf, SECRET)


def verdict(content, folder):
    """What poppler's own reader says, which shares no code with what signed."""
    file = folder / "s.pdf"
    file.write_bytes(content)
    run = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False, timeout=60)
    return run.stdout


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@without_pdfsig
def test_an_independent_reader_finds_the_signature_valid_and_one_flipped_bit_not(pdf, signed, tmp_path):
    said = verdict(signed, tmp_path)
    assert "Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    for place in (len(pdf) // 3, len(pdf) // 2):
        assert "Signature is Valid." not in verdict(flipped(signed, place), tmp_path)
    assert "not contain any signatures" in verdict(pdf, tmp_path)


def test_the_signed_file_is_still_tagged_pdf_a(pdf, signed):
    assert signed.startswith(pdf)
    with pikepdf.open(io.BytesIO(signed)) as opened:
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("2", "A", "1")
        assert bool(opened.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in opened.Root


def test_a_wrong_passphrase_and_a_missing_file_are_told_apart(pdf, tmp_path):
    file = keys.pkcs12_file(tmp_path)
    with pytest.raises(WrongSecret):
        Pkcs12Signer(file).sign(pdf, Secret("salah"))
    with pytest.raises(SignerRefuses):
        Pkcs12Signer(tmp_path / "tidak-ada.p12").sign(pdf, SECRET)


@without_softhsm
@without_pdfsig
def test_a_key_on_a_token_signs(pdf, tmp_path, monkeypatch):
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    key, certificate = keys.made()
    import pkcs11
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.util.rsa import decode_rsa_private_key

    said = ["--init-token", "--free", "--label", "contoh", "--pin", "1234567", "--so-pin", "7654321"]
    subprocess.run(["softhsm2-util", *said], check=True, capture_output=True, env=os.environ)
    token = pkcs11.lib(MODULE).get_token(token_label="contoh")
    with token.open(user_pin="1234567", rw=True) as session:
        der = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        attributes = decode_rsa_private_key(der)
        session.create_object({**attributes, Attribute.TOKEN: True, Attribute.LABEL: "ttd", Attribute.ID: b"1"})
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.TOKEN: True,
                Attribute.LABEL: "ttd",
                Attribute.ID: b"1",
                Attribute.VALUE: certificate.public_bytes(serialization.Encoding.DER),
                Attribute.SUBJECT: certificate.subject.public_bytes(),
            }
        )
    signer = Pkcs11Signer(MODULE, "contoh", "ttd")
    signed = signer.sign(pdf, Secret("1234567"))
    assert "Signature is Valid." in verdict(signed, tmp_path)
    with pytest.raises(WrongSecret):
        signer.sign(pdf, Secret("0000000"))
    with pytest.raises(SignerDown):
        Pkcs11Signer(MODULE, "lain", "ttd").sign(pdf, Secret("1234567"))
    with pytest.raises((SignerRefuses, SignerDown)):
        Pkcs11Signer(MODULE, "contoh", "lain").sign(pdf, Secret("1234567"))


@pytest.fixture(scope="module")
def bsre():
    with service.running() as found:
        yield found


@pytest.mark.parametrize(
    ("way", "path"), [("v1", "/api/sign/pdf"), ("v2", "/api/v2/sign/pdf"), ("seal", "/api/v2/seal/pdf")]
)
def test_each_way_into_bsre(bsre, pdf, way, path):
    signer = BsreSigner(bsre.address, service.ACCOUNT, way, seal_id="SEGEL-1", patience=0.3)
    bsre.mood = "sign"
    assert signer.sign(pdf, SECRET) == pdf + service.MARK
    assert bsre.asked[-1] == path
    with pytest.raises(WrongSecret):
        signer.sign(pdf, Secret("salah", service.NIK))
    for mood in ("500", "page", "slow", *(["garbage"] if way != "v1" else [])):
        bsre.mood = mood
        with pytest.raises(SignerDown):
            signer.sign(pdf, SECRET)
    bsre.mood = "unauthorised"
    with pytest.raises(SignerRefuses):
        signer.sign(pdf, SECRET)
    with pytest.raises(SignerDown):
        BsreSigner("http://127.0.0.1:9", service.ACCOUNT, way).sign(pdf, SECRET)


def test_a_secret_is_not_shown():
    assert service.PASSPHRASE not in repr(SECRET)
    assert service.NIK not in repr(SECRET)
