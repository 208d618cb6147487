"""Every control says what it does: in the code wherever one is drawn, and on the pages.

What opens a menu shows what it does by opening it.
"""

import ast

import pytest

from poolviz.ui.frame.menu import MENU
from tests.house import SOURCES
from tests.pages_helpers import open_page, shared

CONTROLS = {
    *("button", "checkbox", "color_picker", "date_input", "download_button", "feedback"),
    *("file_uploader", "form_submit_button", "menu_button", "multiselect", "number_input", "pills"),
    *("radio", "segmented_control", "select_slider", "selectbox", "slider"),
    *("text_area", "text_input", "time_input", "toggle"),
}
HELPERS = {"switch", "draw_file_uploader"}  # they hand on what they are called with
WAYS_IN = [name for name in SOURCES if name.startswith(("poolviz.ui", "pages", "dashboard"))]


def without_help(source: str) -> list[int]:
    """Lines of calls that draw a control and neither say a `help` nor hand on what they are told.

    A control is drawn by a method, or by a function that is given it: `bound(st.slider, …)`.
    """
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and _draws(node)
        and not {"help", None} & {keyword.arg for keyword in node.keywords}
    ]


def _draws(call: ast.Call) -> bool:
    methods = [node.attr for node in (call.func, *call.args) if isinstance(node, ast.Attribute)]
    return bool(CONTROLS & set(methods[:2])) or ast.unparse(call.func).split(".")[-1] in HELPERS


@pytest.mark.parametrize("name", WAYS_IN)
def test_every_control_in_the_code_has_help(name):
    assert not without_help(SOURCES[name])


@pytest.mark.parametrize(
    "source",
    [
        "st.button('Go')",
        "column.toggle('On', key='on')",
        "state.bound(st.slider, 'many', 'How many')",
        "state.switch('by', 'By', NAMES)",
        "draw_file_uploader('A file', type=TYPES)",
    ],
)
def test_one_that_has_none_is_found(source):
    assert without_help(source) == [1]
    assert not without_help(source.removesuffix(")") + ", help=_('What it does.'))")


@pytest.mark.parametrize("page", MENU)
def test_every_control_on_a_page_has_help(page):
    at = shared(open_page(MENU[page].file))
    drawn = [node.proto for node in (*at.main, *at.sidebar) if {"id", "help"} <= _fields(node)]
    assert len(drawn) > 2
    assert not [control.label for control in drawn if not control.help]


def _fields(node) -> set[str]:
    """What the browser is told of an element; of a link to a page there is no `id`."""
    return {field.name for field in node.proto.DESCRIPTOR.fields} if node.proto else set()
