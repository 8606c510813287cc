"""The process that reads PDF files: `check PATH`, or `render PATH FIRST COUNT FOLDER`; answers in lines of JSON.

It bounds its own memory and time, since the file comes from outside.
"""

import io
import json
import re
import resource
import sys
from pathlib import Path

import pypdfium2
from PIL import Image

MEMORY = 3 * 1024**3
CPU_SECONDS = 600
WIDTH = 1000
TALLEST = 3000
LARGEST_PICTURE = 60_000
LONGEST_TEXT = 20_000
# Width and quality, from good to small; the first that is small enough is taken.
TRIES = ((1000, 72), (1000, 55), (1000, 38), (860, 38), (720, 32), (600, 25))


def main(arguments: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    verb, path, *rest = arguments
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as wrong:
        say(error="password" if "password" in str(wrong).lower() else "broken")
        return
    if verb == "check":
        say(pages=len(document))
        return
    first, count, folder = int(rest[0]), int(rest[1]), Path(rest[2])
    for number in range(first, first + count):
        draw(document, number, folder)


def say(**found: object) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def draw(document: pypdfium2.PdfDocument, number: int, folder: Path) -> None:
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
    image = page.render(scale=scale).to_pil().convert("RGB")
    picture, image = small(image)
    name = f"{number}.webp"
    (folder / name).write_bytes(picture)
    say(number=number, file=name, width=image.width, height=image.height, text=words(page))


def small(image: Image.Image) -> tuple[bytes, Image.Image]:
    for width, quality in TRIES:
        if image.width > width:
            image = image.resize((width, max(1, image.height * width // image.width)))
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= LARGEST_PICTURE:
            break
    return out.getvalue(), image


def words(page: pypdfium2.PdfPage) -> str:
    try:
        text = page.get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError:
        return ""
    # U+FFFE is how pdfium tells a hyphen at a line's end.
    text = text.replace("\r\n", "\n").replace("\ufffe", "").replace("\0", "")
    text = re.sub(r"[\ud800-\udfff\uffff]", "", text)
    return text[:LONGEST_TEXT]


if __name__ == "__main__":
    main(sys.argv[1:])
