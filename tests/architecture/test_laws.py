"""Laws that no linter knows. Each failure tells the remedy."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from jinja2 import Environment, meta

SOURCE = Path(__file__).parents[2] / "src" / "elearn"
LAYERS = ("foundation", "people", "teaching", "learning", "activities", "recognition", "standards", "overview")
MAY_COMMIT = {"foundation/web/session.py", "foundation/jobs/keeping.py", "cli/edge.py"}


def files(pattern):
    return sorted(SOURCE.glob(pattern))


def relative(file):
    return str(file.relative_to(SOURCE))


def calls(file, name):
    tree = ast.parse(file.read_text())
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
        for node in ast.walk(tree)
    )


def test_only_the_edges_commit():
    guilty = [relative(f) for f in files("**/*.py") if calls(f, "commit") and relative(f) not in MAY_COMMIT]
    allowed = {"foundation/schema.py"} | {g for g in guilty if g.startswith("foundation/backup/")}
    assert set(guilty) <= allowed, f"flush, and let the edge commit: {guilty}"


def test_nobody_makes_an_async_engine():
    guilty = [relative(f) for f in files("**/*.py") if "create_async_engine" in f.read_text()]
    assert guilty == [], f"one synchronous code base serves both databases: {guilty}"


@pytest.mark.parametrize("file", files("*/*/actions.py"), ids=relative)
def test_every_public_action_starts_with_session_and_actor(file):
    if file.is_relative_to(SOURCE / "foundation"):
        return
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
            names = [argument.arg for argument in node.args.args[:2]]
            assert names == ["session", "actor"], f"{relative(file)}: {node.name} must start (session, actor, ...)"


def test_package_names_are_unique():
    names = Counter(folder.parent.name for folder in files("*/*/__init__.py"))
    twice = [name for name, count in names.items() if count > 1]
    assert twice == [], f"templates are addressed by package, so rename one of {twice}"


@pytest.mark.parametrize("file", [*files("*/*/__init__.py"), *files("*/__init__.py")], ids=relative)
def test_every_package_says_what_it_is_for(file):
    assert ast.get_docstring(ast.parse(file.read_text())), f"{relative(file)}: say the package's purpose and words"


@pytest.mark.parametrize("file", files("*/*/templates/*.html"), ids=relative)
def test_templates_use_only_their_own_or_lower_packages(file):
    owners = {folder.parent.parent.name: folder.parent.parent.parent.name for folder in files("*/*/templates/*.html")}
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    mine = LAYERS.index(file.parent.parent.parent.name)
    for name in meta.find_referenced_templates(environment.parse(file.read_text())):
        if name is None or name.startswith("web/"):
            continue
        layer = owners.get(name.split("/")[0])
        assert layer, f"{relative(file)} uses {name}, which does not exist"
        assert LAYERS.index(layer) <= mine, f"{relative(file)} uses {name} from a higher layer"


@pytest.mark.parametrize("file", files("**/templates/**/*.html"), ids=relative)
def test_templates_hold_no_inline_script_or_style(file):
    text = file.read_text()
    assert " style=" not in text, "the Content-Security-Policy drops it: use a class"
    assert " onclick=" not in text
    assert "<script>" not in text


def test_every_setting_is_in_the_readme():
    from elearn.foundation.settings import Settings

    readme = (SOURCE.parents[1] / "README.md").read_text()
    names = ["PORT" if name == "port" else f"ELEARN_{name.upper()}" for name in Settings.model_fields]
    missing = [name for name in names if f"`{name}`" not in readme]
    assert missing == [], f"describe in README.md: {missing}"
