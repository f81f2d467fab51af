"""Pages as HTML: our own templates, filled with what people wrote, which never becomes markup.

Everything a template prints is escaped unless it is `Markup` made by `press`. Templates come from
this package alone and run in a sandbox that cannot reach into the objects it is given; a name it
does not know stops the page instead of leaving a hole in it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sopaudit.press.charts import aged, bar, dumbbell, scale, stacked
from sopaudit.press.words import words

HTML_LANGUAGES: Final[Mapping[str, str]] = {"zh": "zh-CN"}
"""How a language is written in HTML and PDF; others as they are. Browsers choose between Chinese
and Japanese shapes of a character by it."""


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """Make the environment of our templates, once."""
    made = ImmutableSandboxedEnvironment(
        loader=PackageLoader("sopaudit.press"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals |= {
        "words": words,
        "aged": aged,
        "bar": bar,
        "dumbbell": dumbbell,
        "scale": scale,
        "stacked": stacked,
    }
    return made


def page(
    template: str,
    lang: str,
    spoken: str = "report",
    **values: Any,  # noqa: ANN401 -- whatever a page shows
) -> str:
    """Fill `template` (a file of `templates/`) with `values`.

    The template also gets `say`, our words in `lang` (the file `spoken` of them), `lang` itself as
    HTML writes it, and the drawings of `charts`. Raises jinja2's UndefinedError for a name or word
    there is not.
    """
    filled = environment().get_template(template)
    return filled.render(lang=HTML_LANGUAGES.get(lang, lang), say=words(lang, spoken), **values)
