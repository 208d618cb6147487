"""Modules joined to one script."""

import re

from poolviz.live.script import FOLDER, script


def test_a_script_holds_what_it_needs_once_and_imports_nothing():
    found = script(FOLDER / "page.js")
    for name in ("engine.js", "poolings.js", "arithmetic.js", "tokens.js", "rows.js", "edits.js"):
        assert found.count(f'modules["{name}"] = ') == 1
    assert 'modules["pairs.js"]' not in found
    assert not re.search(r"^import ", found, re.MULTILINE)


def test_nothing_in_a_script_ends_its_element():
    for path in FOLDER.glob("*.js"):
        assert not re.search("</script|<!--", path.read_text(encoding="utf-8"), re.IGNORECASE)


def test_names_of_a_module_stay_its_own(tmp_path):
    (tmp_path / "low.js").write_text("const own = 1;\nexport const low = own;\n")
    (tmp_path / "high.js").write_text(
        'import { low } from "./low.js";\nconst own = 2;\nexport function high() {\n'
        "  return low + own;\n}\n"
    )
    (tmp_path / "entry.js").write_text(
        'import { high } from "./high.js";\nimport {\n  low,\n} from "./low.js";\nhigh(low);\n'
    )
    assert script(tmp_path / "entry.js") == (
        "const modules = {};\n"
        'modules["low.js"] = (() => {\nconst own = 1;\nconst low = own;\nreturn { low };\n})();\n'
        'modules["high.js"] = (() => {\nconst { low } = modules["low.js"];\nconst own = 2;\n'
        "function high() {\n  return low + own;\n}\nreturn { high };\n})();\n"
        'const { high } = modules["high.js"];\nconst {\n  low,\n} = modules["low.js"];\n'
        "high(low);\n"
    )
