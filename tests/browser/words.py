"""What the site says in the language that somebody reads: a walk is written once, in English, for all of them."""

from dataclasses import dataclass

from marketplace.core.language import catalogue_of, loaded


@dataclass(frozen=True, slots=True)
class Words:
    """Of a browser that asks for `locale`; `day` and `on_the_day` are Tuesday 8 December, long and short."""

    locale: str
    day: str
    on_the_day: str

    def __call__(self, sentence: str, **values: object) -> str:
        """As it stands in the catalogue."""
        said = loaded(catalogue_of(self.code)).gettext(sentence)
        return said % values if values else said

    @property
    def code(self) -> str:
        return self.locale[:2]


ENGLISH = Words("en-GB", "Tuesday 8 December", "Tue 8 Dec")
GERMAN = Words("de-DE", "Dienstag, 8. Dezember", "Di., 8. Dez.")
