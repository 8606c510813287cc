"""Rules of documents. Pure."""

# A line this close to the longest one was broken by the page's edge, not by its writer.
FULL = 0.72


def reflowed(text: str) -> str:
    """The words of a PDF page as paragraphs: lines that end at the page's edge go on in the next line."""
    lines = [line.strip() for line in text.strip().splitlines()]
    longest = max((len(line) for line in lines), default=0)
    out = ""
    for line, before in zip(lines, ["", *lines], strict=False):
        goes_on = before and line and longest > 40 and len(before) >= FULL * longest
        out += (" " if goes_on else "\n") + line
    return out.strip()
