"""The rows of the authorization matrix, and their addresses."""

import re
from pathlib import Path

import yaml

PARTS = {"quiz": "/kuis", "document": "/dokumen", "recording": "/rekaman"}
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


def filled(path, objects, otherwise=ABSENT):
    """The route's path with an object for each parameter; `{activity}` is the kind that the path speaks of."""
    kind = next((kind for kind, part in PARTS.items() if part in path), "reading")
    thing = next((thing for beginning, thing in OF_WHAT.items() if path.startswith(beginning + "/")), "")
    path = path.replace("{activity}", objects[kind]).replace("{public_id}", objects.get(thing, otherwise))
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: objects.get(found[1], otherwise), path)
