"""Every setting of elearn, typed; each comes from an environment variable and stands in the README."""

import secrets
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from elearn.foundation.errors import Invalid

SHORTEST_SECRET = 32
# Whom the demo's help page names where nobody is set; plainly nobody.
# The demo makes this key for itself, in its data folder.
DEMO_KEY = "demo-signing.p12"
DEMO_PASSPHRASE = "frasa sandi contoh"  # noqa: S105 - public, as the demo's passwords are
DEMO_CONTACT = {
    "contact_name": "Petugas Contoh",
    "contact_phone": "000-000-000",
    "contact_email": "bantuan@contoh.example",
}

# The demo's instansi and lokasi in SIASN; plainly none.
DEMO_SIASN_ID = "C0970000000000000000000000000000"


class JpRule(BaseModel):
    """What the yearly duty to learn asks for from a day on; a ministry may change it, so it is no constant."""

    effective_from: date
    minutes_per_jp: int = Field(45, ge=1, description="PerLAN 10/2018: 1 JP is 45 minutes")
    least_jp_pns: int = Field(20, ge=0, description="PP 11/2017 article 203 paragraph 4")
    most_jp_pppk: int = Field(24, ge=0, description="PP 49/2018 article 40 paragraph 1")


class Settings(BaseSettings):
    """What the operator decides. Variables carry the prefix ELEARN_, except PORT."""

    model_config = SettingsConfigDict(env_prefix="ELEARN_", frozen=True, extra="ignore")

    mode: Literal["production", "demo"] = "production"
    database_url: str = ""
    data_dir: Path = Path("data")
    base_url: str = "http://localhost:8000"
    secret_key: str = ""
    port: int = Field(8000, validation_alias="PORT")
    host: str = "127.0.0.1"
    workers: int = 1
    trusted_proxies: str = "127.0.0.1"

    storage_url: str = ""
    s3_endpoint: str = ""
    s3_access_key_id: str = ""
    s3_secret_access_key: str = ""
    s3_region: str = "us-east-1"
    upload_limit_mb: int = 1024

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_from: str = ""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"

    second_factor: Literal["admins", "off"] = "admins"
    session_idle_hours: int = 8
    session_days: int = 7
    activation_days: int = 30

    office_name: str = "BKPSDM"
    office_place: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_whatsapp: str = ""
    contact_email: str = ""
    certificate_prefix: str = "BKPSDM"
    siasn_instansi_id: str = ""
    siasn_lokasi_id: str = ""
    siasn_service: bool = False
    siasn_api_url: str = "https://apimws.bkn.go.id:8243/apisiasn/1.0"
    siasn_oauth_url: str = "https://apimws.bkn.go.id/oauth2/token"
    siasn_consumer_key: str = ""
    siasn_consumer_secret: str = ""
    siasn_calls_a_minute: int = Field(60, ge=1)
    signer_name: str = ""
    signer_position: str = ""

    signing: Literal["off", "pkcs12", "pkcs11", "bsre1", "bsre2", "seal"] = "off"
    signing_pkcs12: Path = Path("signing.p12")
    signing_pkcs11_module: str = ""
    signing_pkcs11_token: str = ""
    signing_pkcs11_key: str = ""
    bsre_url: str = ""
    bsre_user: str = ""
    bsre_password: str = ""
    bsre_seal_id: str = ""
    badge_key: Path | None = None

    jp_rules: list[JpRule] = Field([JpRule(effective_from=date(2018, 1, 1))], min_length=1)

    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{(self.data_dir / 'elearn.db').absolute()}")
        if not self.secret_key and self.mode == "demo":
            object.__setattr__(self, "secret_key", _kept_secret(self.data_dir / "secret"))
        if self.mode == "demo" and not (self.contact_phone or self.contact_whatsapp or self.contact_email):
            for name, value in DEMO_CONTACT.items():
                object.__setattr__(self, name, value)
        if self.mode == "demo" and not self.siasn_instansi_id:
            object.__setattr__(self, "siasn_instansi_id", DEMO_SIASN_ID)
            object.__setattr__(self, "siasn_lokasi_id", DEMO_SIASN_ID)
        if self.mode == "demo" and "signing" not in self.model_fields_set and (self.data_dir / DEMO_KEY).is_file():
            object.__setattr__(self, "signing", "pkcs12")
            object.__setattr__(self, "signing_pkcs12", self.data_dir / DEMO_KEY)
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        return self

    @property
    def signs_with_demo_key(self) -> bool:
        """Whether certificates are signed by the key that the demo made for itself, whose passphrase is public."""
        return self.mode == "demo" and self.signing == "pkcs12" and self.signing_pkcs12 == self.data_dir / DEMO_KEY

    def jp_rule(self, day: date) -> JpRule:
        """The rule in force on a day; before the first one, that first one."""
        rules = sorted(self.jp_rules, key=lambda rule: rule.effective_from)
        return next((rule for rule in reversed(rules) if rule.effective_from <= day), rules[0])

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def secure_cookies(self) -> bool:
        return self.production

    def problems(self) -> list[str]:
        """Why this configuration must not serve in production; each sentence says how to mend it."""
        if not self.production:
            return []
        found = []
        if len(self.secret_key) < SHORTEST_SECRET:
            found.append(
                f"ELEARN_SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters. "
                "Set it, for example to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        if not self.base_url.startswith("https://"):
            found.append("ELEARN_BASE_URL must start with https:// since cookies are sent over TLS only.")
        if self.second_factor == "off":
            found.append("ELEARN_SECOND_FACTOR=off is for the demo only. Remove it.")
        if self.sqlite and self.workers > 1:
            found.append("SQLite allows one writing process. Set ELEARN_WORKERS=1 or use PostgreSQL.")
        if self.signing in ("bsre1", "bsre2", "seal") and not self.bsre_url:
            found.append(f"ELEARN_SIGNING={self.signing} needs ELEARN_BSRE_URL, the address of BSrE's client service.")
        if self.signing == "pkcs12" and not self.signing_pkcs12.is_file():
            found.append("ELEARN_SIGNING=pkcs12 needs ELEARN_SIGNING_PKCS12, a file that is there.")
        if self.data_dir.exists() and self.data_dir.stat().st_mode & 0o007:
            found.append(f"The data folder is open to everybody. Run: chmod o-rwx {self.data_dir}")
        return found


def _kept_secret(file: Path) -> str:
    """The demo's own secret, made once, so that a restart keeps everybody signed in."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once; Invalid names the variable that cannot be read."""
    try:
        return Settings()
    except ValidationError as error:
        told = [f"{_variable(fault['loc'][0])}: {fault['msg']}." for fault in error.errors() if fault["loc"]]
        raise Invalid("\n".join(told)) from None


def _variable(field: int | str) -> str:
    return "PORT" if field in ("port", "PORT") else f"ELEARN_{str(field).upper()}"
