"""Modules joined to one script."""

import re

from poolviz.live import script as joining
from poolviz.live.script import FOLDER, script


def test_a_script_holds_what_it_needs_once_and_imports_nothing():
    found = script(FOLDER / "page.js")
    modules = {path.name for path in FOLDER.glob("*.js")} - {"page.js"}
    for name in modules:
        assert found.count(f'modules["{name}"] = ') == 1
    assert not re.search(r"^import ", found, re.MULTILINE)


def test_nothing_in_a_script_ends_its_element():
    for path in FOLDER.glob("*.js"):
        assert not re.search("</script|<!--", path.read_text(encoding="utf-8"), re.IGNORECASE)


def test_names_of_a_module_stay_its_own(monkeypatch, tmp_path):
    (tmp_path / "low.js").write_text("const own = 1;\nexport const low = own;\n")
    (tmp_path / "high.js").write_text(
        'import { low } from "./low.js";\nconst own = 2;\nexport function high() {\n'
        "  return low + own;\n}\n"
    )
    (tmp_path / "entry.js").write_text(
        'import { high } from "./high.js";\nimport { low } from "./low.js";\nhigh(low);\n'
    )
    monkeypatch.setattr(joining, "FOLDER", tmp_path)
    assert joining.script(tmp_path / "entry.js") == (
        "const modules = {};\n"
        'modules["low.js"] = (() => {\nconst own = 1;\nconst low = own;\nreturn { low };\n})();\n'
        'modules["high.js"] = (() => {\nconst { low } = modules["low.js"];\nconst own = 2;\n'
        "function high() {\n  return low + own;\n}\nreturn { high };\n})();\n"
        'const { high } = modules["high.js"];\nconst { low } = modules["low.js"];\nhigh(low);\n'
    )
