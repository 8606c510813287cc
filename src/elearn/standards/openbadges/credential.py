"""The documents of Open Badges 3.0, as the specification names their parts. Pure."""

from datetime import UTC, datetime, time
from typing import Any

from elearn.foundation.clock import WIB
from elearn.recognition.certificates.document import CertificateFacts, full_name

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def issuer_profile(base_url: str, name: str) -> dict[str, Any]:
    """Who issues."""
    return {"id": f"{base_url}/lencana/penerbit", "type": ["Profile"], "name": name, "url": base_url}


def achievement(base_url: str, slug: str, title: str, summary: str) -> dict[str, Any]:
    """What one achieves by completing a course."""
    return {
        "id": f"{base_url}/lencana/pelatihan/{slug}",
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": title,
        "description": summary or title,
        "criteria": {"narrative": "Menyelesaikan seluruh materi wajib pelatihan ini."},
        "inLanguage": "id",
    }


def credential(
    base_url: str,
    issuer: dict[str, Any],
    achieved: dict[str, Any],
    facts: CertificateFacts,
    issued_at: datetime,
    status: dict[str, str],
) -> dict[str, Any]:
    """What a certificate says, without a proof. The owner is named, as the verification page names him or her.

    `status` tells where to ask whether it was revoked.
    """
    page = f"{base_url}/verifikasi/{facts.code}"
    whose = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": full_name(facts.name, facts.title_before, facts.title_after),
        "identityType": "name",
    }
    return {
        "@context": CONTEXT,
        "id": f"{page}/badge.json",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{facts.document} {facts.course}",
        "issuer": issuer,
        "validFrom": moment(issued_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [whose],
            "activityStartDate": moment(datetime.combine(facts.starts_on, time(), WIB)),
            "activityEndDate": moment(datetime.combine(facts.ends_on, time(), WIB)),
            "creditsEarned": float(facts.jp),
            "licenseNumber": facts.number,
            "achievement": achieved,
        },
        "credentialStatus": status,
        "evidence": [{"id": page, "type": ["Evidence"], "name": "Halaman verifikasi sertifikat"}],
    }


def claims(document: dict[str, Any]) -> dict[str, Any]:
    """The credential as the claims of a JWT, whose registered names repeat what stands in it (section 8.2.4.1)."""
    begins, issuer = datetime.fromisoformat(document["validFrom"]), document["issuer"]
    whose = issuer if isinstance(issuer, str) else issuer["id"]
    return {**document, "iss": whose, "jti": document["id"], "nbf": int(begins.timestamp())}


def moment(when: datetime) -> str:
    """A moment as these documents write it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
