"""The first minute as the Compare page draws it."""

from streamlit.testing.v1 import AppTest


def test_questions_and_answers_are_escaped():
    def page():
        from poolviz.ui.compare.tour import draw_tour
        from tests.fakes import fake_explanation

        draw_tour([fake_explanation("<b>x</b>", "attention")])

    at = AppTest.from_function(page).run()
    [html] = [element.proto.body for element in at.main.get("html")]
    assert html.count("<dt>") == html.count("<dd>") == 5
    assert "<b>" not in html and "What is pooling?" in html
