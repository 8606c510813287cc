"""The rows of the authorization matrix, and their addresses."""

import re
from pathlib import Path

import yaml

PARTS = {"quiz": ("/kuis", "/attempts"), "document": ("/dokumen",), "recording": ("/rekaman",)}
# Of what `{public_id}` is the id, by the beginning of the path.
OF_WHAT = {
    "/ajar/{slug}/berkas": "material",
    "/berkas": "material",
    "/sertifikat": "certificate",
    "/kelola/sertifikat": "certificate",
    "/pekerjaan": "job",
    "/saya/token": "token",
    "/saya/sesi": "web_session",
}
ROWS = yaml.safe_load((Path(__file__).parent / "architecture" / "authorization.yaml").read_text())
ABSENT = "0" * 12
API_ROWS = sorted(row for row in ROWS if " /api/" in row)
# A whole and right body for each route of the API that takes one.
API_BODIES = {
    "POST /api/v1/enrolment-batches": {"course": "etika-asn", "unit": "DIK.SD1"},
    "POST /api/v1/enrolment-batches/preview": {"course": "etika-asn", "unit": "DIK.SD1"},
    "POST /api/v1/activities/{activity}/evidence": {"seconds": 15, "place": 0.5, "end": True},
    "PUT /api/v1/attempts/{attempt}/questions/{position}/answer": {"answer": None, "revision": 0},
    "PUT /api/v1/attempts/{attempt}/questions/{position}/flag": {"flagged": True},
    "PUT /api/v1/people-imports/{roster}/columns": {"nip": "NIP", "name": "Nama", "unit": "Unit"},
}


def filled(path, objects, otherwise=ABSENT):
    """The route's path with an object for each parameter; `{activity}` is the kind that the path speaks of."""
    path = path.replace(":id}", "}")
    kind = next((kind for kind, parts in PARTS.items() if any(part in path for part in parts)), "reading")
    thing = next((thing for beginning, thing in OF_WHAT.items() if path.startswith(beginning + "/")), "")
    path = path.replace("{activity}", objects[kind]).replace("{public_id}", objects.get(thing, otherwise))
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: objects.get(found[1], otherwise), path)
