"""The drawing of the tree is current, and every file says what it is."""

import ast
from statistics import quantiles

import pytest
from tools import architecture

from tests.architecture.test_laws import files, relative

LONGEST = 400


def test_the_drawing_is_current():
    assert architecture.DRAWING.exists(), "draw it: make docs"
    assert architecture.DRAWING.read_text() == architecture.draw(), "a docstring changed; run: make docs"


@pytest.mark.parametrize("file", files("**/*.py"), ids=relative)
def test_every_module_says_what_it_is(file):
    tree = ast.parse(file.read_text())
    assert not tree.body or ast.get_docstring(tree), f"{relative(file)}: begin with a docstring, what it is for"


def test_no_file_is_two_ideas(record_property):
    lengths = {relative(file): len(file.read_text().splitlines()) for file in files("**/*.py")}
    deciles = quantiles(lengths.values(), n=10)
    record_property("median", deciles[4])
    record_property("90th percentile", deciles[8])
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert not long, f"longer than {LONGEST} lines; are these two packages, or two audiences? {long}"
