"""axe-core on every page, in both languages and colour schemes: nothing serious that is ours."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from poolviz.ui.frame.menu import MENU
from tests.browser.conftest import settle

SERIOUS = ("serious", "critical")
PAGES = ["" if name == "compare" else name for name in MENU]


@pytest.mark.parametrize(("locale", "scheme"), [("en-US", "light"), ("zh-CN", "dark")])
def test_no_serious_finding_is_ours(visit, locale, scheme):
    found = []
    for name in PAGES:
        page = visit(name, locale=locale, color_scheme=scheme)
        settle(page)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in SERIOUS:
                found += [
                    (
                        name,
                        violation["id"],
                        node["target"],
                        node["html"][:200],
                        node["failureSummary"][:300],
                    )
                    for node in violation["nodes"]
                ]
        page.close()
    for each in found:
        print("AXE", each)
    assert not found
