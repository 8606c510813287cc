"""The rows of the authorization matrix, and their addresses."""

import re
from pathlib import Path

import yaml

PARTS = {"quiz": "/kuis", "document": "/dokumen", "recording": "/rekaman"}
ROWS = yaml.safe_load((Path(__file__).parent / "architecture" / "authorization.yaml").read_text())
ABSENT = "0" * 12


def filled(path, objects, otherwise=ABSENT):
    """The route's path with an object for each parameter; `{activity}` is the kind that the path speaks of."""
    kind = next((kind for kind, part in PARTS.items() if part in path), "reading")
    path = path.replace("{activity}", objects[kind])
    return re.sub(r"{(\w+)(:\w+)?}", lambda found: objects.get(found[1], otherwise), path)
