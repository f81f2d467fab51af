"""Templates: what people wrote stays text, and nothing outside is reached."""

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import SecurityError, UndefinedError

from sopaudit.press.html import environment


def filled(template: str, **values: object) -> str:
    made = environment().overlay(loader=DictLoader({"t": template}))
    return made.get_template("t").render(**values)


def test_what_people_wrote_never_becomes_markup() -> None:
    told = filled("{{ note }}<a title='{{ note }}'>", note="<script>'\"&</script>")
    assert told == (
        "&lt;script&gt;&#39;&#34;&amp;&lt;/script&gt;"
        "<a title='&lt;script&gt;&#39;&#34;&amp;&lt;/script&gt;'>"
    )


def test_braces_in_a_note_are_text() -> None:
    assert filled("{{ note }}", note="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


def test_a_name_nobody_gave_stops_the_page() -> None:
    with pytest.raises(UndefinedError):
        filled("{{ nobody }}")


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ bar.__globals__ }}",
        "{{ rows.append(1) }}",
    ],
)
def test_a_template_cannot_reach_behind_what_it_is_given(template: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        filled(template, rows=[])


def test_a_template_cannot_read_a_file() -> None:
    from jinja2 import TemplateNotFound

    with pytest.raises(TemplateNotFound):
        environment().get_template("../../../../../../etc/passwd")
