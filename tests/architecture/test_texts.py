"""Laws of the texts that people read; each failure names the texts that break it."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "src/elearn/foundation/i18n/locales/en/LC_MESSAGES/messages.po"
WORDS_A_SENTENCE = 20
REMEDY = f"run `make messages`, then fill in what is empty in {ENGLISH.relative_to(ROOT)}"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
SENTENCE_END = re.compile(r"(?<=[.?:])\s+|\n+")


@cache
def texts():
    """Each text in the code, as `make messages` finds it."""
    with NamedTemporaryFile(suffix=".pot") as file:
        options = ["-q", "extract", "-F", "babel.cfg", "-k", "N_", "--omit-header", "-o", file.name, "src"]
        subprocess.run([sys.executable, "-m", "babel.messages.frontend", *options], cwd=ROOT, check=True)
        found = [message for message in read_po(file) if message.id]
    assert len(found) > 1000, "babel.cfg no longer finds the texts"
    return found


@cache
def catalogue():
    """Each text of the English catalogue."""
    with ENGLISH.open("rb") as file:
        return [message for message in read_po(file, locale="en") if message.id]


def forms(text):
    """A text's forms, singular and plural, as a tuple."""
    return text if isinstance(text, tuple) else (text,)


def said():
    return [form for message in texts() for form in forms(message.id)]


def long_sentences(spoken):
    sentences = [sentence for text in spoken for sentence in SENTENCE_END.split(text)]
    return [s for s in sentences if len([word for word in s.split() if re.search(r"\w", word)]) > WORDS_A_SENTENCE]


def test_no_sentence_has_more_than_twenty_words():
    assert not long_sentences(said()), f"say it in two sentences: {long_sentences(said())}"


def test_no_text_shouts():
    guilty = [text for text in said() if "!" in text]
    assert not guilty, f"leave out the exclamation mark: {guilty}"


def test_people_are_called_anda():
    guilty = [text for text in said() if re.search(r"\b(anda|kamu|Kamu|kalian)\b", text)]
    assert not guilty, f"write Anda: {guilty}"


def test_what_goes_on_ends_with_one_sign():
    guilty = [text for text in said() if "..." in text]
    assert not guilty, f"write … in place of three dots: {guilty}"


def test_enrolment_is_called_pendaftaran():
    guilty = [text for text in said() if re.search(r"\bregistrasi\b", text, re.IGNORECASE)]
    assert not guilty, f"docs/words.md says pendaftaran: {guilty}"


def test_english_fills_in_the_same_placeholders():
    guilty = [
        (own, form)
        for message in catalogue()
        for form in forms(message.string)
        for own in forms(message.id)[:1]
        if form and (set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(own)) or form[-1] != own[-1] == "\n")
    ]
    assert not guilty, f"use the placeholders of the Indonesian text: {guilty}"


def test_english_is_as_plain():
    spoken = [form for message in catalogue() for form in forms(message.string)]
    guilty = long_sentences(spoken) + [text for text in spoken if "!" in text or "..." in text]
    assert not guilty, f"say it shorter and calmly: {guilty}"


def test_every_text_has_its_english():
    english = {message.id: forms(message.string) for message in catalogue()}
    missing = [message.id for message in texts() if not all(english.get(message.id, ("",)))]
    assert not missing, f"{REMEDY}: {missing}"
    alone = [m.id for m in texts() if isinstance(m.id, tuple) and len(english[m.id]) != 2]
    assert not alone, f"English tells one and many apart, so give both forms: {alone}"


def test_the_english_catalogue_holds_no_text_that_is_gone():
    spoken = {message.id for message in texts()}
    gone = [message.id for message in catalogue() if message.id not in spoken]
    assert not gone, f"{REMEDY}: {gone}"
