import io

import pytest
from PIL import Image

from elearn.foundation.errors import Invalid
from elearn.foundation.markdown import Picture
from elearn.teaching.courses.pictures import measured

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 400">'


def svg(inside: str, head: str = HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()


def pixels(form: str, size: tuple[int, int] = (8, 6)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size).save(made, form)
    return made.getvalue()


@pytest.mark.parametrize(("ending", "form"), [("png", "PNG"), ("jpg", "JPEG"), ("JPEG", "JPEG"), ("webp", "WEBP")])
def test_pixel_pictures_are_measured(ending: str, form: str) -> None:
    assert measured(f"gambar/a.{ending}", pixels(form)) == Picture(f"gambar/a.{ending}", 8, 6)


def test_drawings_are_measured_by_their_size_or_their_box() -> None:
    assert measured("a.svg", svg("")) == Picture("a.svg", 320, 400)
    sized = HEAD.replace("viewBox", 'width="32" height="40px" viewBox')
    assert measured("a.svg", svg("", sized)) == Picture("a.svg", 32, 40)
    assert measured("a.svg", svg("", HEAD.replace("viewBox", 'width="100%" height="100%" viewBox'))).width == 320


def test_a_drawing_may_use_its_own_parts_and_styles() -> None:
    drawing = '<defs><path id="a" d="M0 0"/></defs><style>text{fill:#222}</style><use href="#a" fill="url(#b)"/>'
    assert measured("a.svg", svg(drawing)).height == 400


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<path onload="a"/>',
        '<path ONLOAD="a"/>',
        '<a href="#a"><text>a</text></a>',
        "<foreignObject/>",
        '<image href="#a"/>',
        '<use href="https://x.id/a.svg#a"/>',
        '<use xmlns:l="http://www.w3.org/1999/xlink" l:href="data:image/svg+xml,a"/>',
        '<use href="javascript:a"/>',
        '<path style="fill:url(https://x.id)"/>',
        "<path fill=\"url( 'https://x.id' )\"/>",
        "<style>@import 'a'</style>",
        "<style>text{fill:u\\72l(a)}</style>",
        "<style>a{}</style><style>text{background:url(//x.id)}</style>",
        "<style><![CDATA[@import 'a']]></style>",
        '<animate attributeName="href"/>',
        '<set attributeName="onload"/>',
        '<script xmlns="http://www.w3.org/1999/xhtml">a</script>',
        '<x xmlns="urn:a"/>',
        "<path>",
        "&a;",
        "<?xml-stylesheet href='a'?>",
    ],
)
def test_a_drawing_that_could_do_more_than_be_seen_is_refused(inside: str) -> None:
    with pytest.raises(Invalid) as refusal:
        measured("a.svg", svg(inside))
    assert refusal.value.message


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + svg("<text>&b;</text>"),
        b'<!DOCTYPE svg SYSTEM "file:///etc/passwd">' + svg(""),
        b"<html></html>",
        b"<svg></svg>",
        b"",
        b"\x89PNG",
        svg("", HEAD.replace("viewBox", "box")),
        svg("", HEAD.replace("320", "0")),
        svg("", HEAD.replace("320", "999999")),
    ],
)
def test_what_is_no_plain_drawing_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        measured("a.svg", content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", pixels("JPEG")),
        ("a.png", svg("")),
        ("a.png", pixels("PNG")[:40]),
        ("a.jpg", b"<html>"),
        ("a.gif", pixels("GIF")),
        ("a.svg.exe", svg("")),
        ("a", pixels("PNG")),
        ("a.svg", svg("") + b" " * 5_000_000),
    ],
)
def test_names_and_contents_must_agree(name: str, content: bytes) -> None:
    with pytest.raises(Invalid):
        measured(name, content)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Invalid, match="megapiksel"):
        measured("a.png", pixels("PNG", (10_001, 5_000)))
