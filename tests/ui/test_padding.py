"""What a page says of padding: a line of what passed, numbers of what did not."""

from streamlit.testing.v1 import AppTest


def checked_page() -> AppTest:
    def page():
        from poolviz.trust.ablation.selfcheck import PaddedRun
        from poolviz.ui.trust.padding import draw_padding

        good, leaking = PaddedRun(9, 0.0, 0.0, 0.0), PaddedRun(24, 0.5, 0.25, 0.125)
        draw_padding("Head", {"Max": [good], "*Mean*": [good], "Loose": [good, leaking]})

    return AppTest.from_function(page).run()


def test_what_passed_is_a_line_and_what_did_not_has_its_numbers():
    at = checked_page()
    assert at.markdown[0].value.splitlines() == [
        r"- **Max, \*Mean\***: passed on 1 of 1 padded lengths.",
        "- **Loose**: passed on 1 of 2 padded lengths.",
    ]
    [table] = at.dataframe
    assert table.value.to_dict("records") == [
        {
            "Head": "Loose",
            "Padded length": 24,
            "Largest change of a weight": "5.0e-01",
            "Largest change of a probability": "2.5e-01",
            "Weight on padding": "1.2e-01",
        }
    ]
