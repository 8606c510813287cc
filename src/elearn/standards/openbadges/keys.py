"""The key that signs credentials: given by the setting, else made once and kept in the data folder."""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

from elearn.foundation.errors import Invalid
from elearn.foundation.ids import new_id
from elearn.foundation.settings import settings

ALGORITHM = "EdDSA"
NAME = "badge-key.pem"


def signed(claims: dict[str, Any]) -> str:
    """The claims as a compact JWT that carries the public key it can be verified with."""
    return jwt.encode(claims, _key(_file()), algorithm=ALGORITHM, headers={"jwk": public_key(), "typ": "vc+jwt"})


def public_key() -> dict[str, Any]:
    """The public key as a JWK."""
    return dict(json.loads(OKPAlgorithm.to_jwk(_key(_file()).public_key())))


def own_file() -> Path | None:
    """Where the key lies that is made here, once it is; None where the setting names one that others look after."""
    return settings().data_dir / NAME if settings().badge_key is None else None


def _file() -> Path:
    return settings().badge_key or settings().data_dir / NAME


@lru_cache(maxsize=4)
def _key(file: Path) -> Ed25519PrivateKey:
    if not file.exists() and own_file() is not None:
        _make(file)
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid("ELEARN_BADGE_KEY must name a PEM file with an Ed25519 key.")
    return key


def _make(file: Path) -> None:
    """Of several processes that make one at the same moment, the first one's stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{new_id()}")
    draft.touch(mode=0o600)
    draft.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
