"""How what was typed is read: which words are known here, and which known word an unknown one means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from marketplace.search.domain.spelling import LEAST_BEGINNING, nearest
from marketplace.search.domain.wish import Need

# A word is known if somebody's page says it, in whatever form. It says nothing if any text does (“the”).
WORDS = text("""
    SELECT need.number, part.said AS word, cardinality(part.stems) = 0 AS says_nothing,
        EXISTS (SELECT FROM search_word WHERE stem = ANY (part.stems)) AS is_known
    FROM unnest(:needs) WITH ORDINALITY AS need (said, number)
    CROSS JOIN LATERAL (
        SELECT said, position, tsvector_to_array(to_tsvector('english', said)) AS stems
        FROM unnest(string_to_array(search_text(need.said), ' ')) WITH ORDINALITY AS part (said, position)
        WHERE said <> ''
    ) AS part
    ORDER BY need.number, part.position
""").bindparams(bindparam("needs", type_=ARRAY(Text())))
# The operators with a tilde compare letter by letter, whatever the language of the database.
ALIKE = text("""
    SELECT typed.word AS typed, alike.word AS alike
    FROM unnest(:words) AS typed (word)
    CROSS JOIN LATERAL (
        (SELECT word FROM search_word WHERE word ~>=~ typed.word AND word ~<~ (typed.word || chr(1114111))
            ORDER BY word USING ~<~ LIMIT 30)
        UNION
        (SELECT word FROM search_word ORDER BY word <-> typed.word LIMIT 30)
    ) AS alike
""").bindparams(bindparam("words", type_=ARRAY(Text())))


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    says_nothing: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    term: str
    names: tuple[str, ...]
    is_corrected: bool = False
    is_known: bool = True


def read_needs(session: Session, said: tuple[str, ...], languages: Mapping[str, str]) -> tuple[Need, ...]:
    """Needs that say nothing are left out, unless there is no other: then they can only be names. `languages` are codes
    by what languages are called, in small letters."""
    if not said:
        return ()
    words: defaultdict[int, list[Word]] = defaultdict(list)
    for row in session.execute(WORDS, {"needs": list(said)}):
        words[row.number - 1].append(Word(row.word, row.says_nothing, row.is_known))
    codes = {number: code for number, each in enumerate(said) if (code := languages.get(each.casefold()))}
    unknown = {word.text for number, each in words.items() if number not in codes for word in each if is_strange(word)}
    alike = words_like(session, unknown)
    needs = [need_of(said[number], words[number], codes.get(number), alike) for number in sorted(words)]
    return tuple(need for need in needs if not need.is_name) or tuple(needs)


def words_like(session: Session, words: Iterable[str]) -> Mapping[str, list[str]]:
    wanted = sorted(words)
    found: defaultdict[str, list[str]] = defaultdict(list)
    if wanted:
        for row in session.execute(ALIKE, {"words": wanted}):
            found[row.typed].append(row.alike)
    return found


def is_strange(word: Word) -> bool:
    return not word.is_known and not word.says_nothing and len(word.text) >= LEAST_BEGINNING


def need_of(said: str, words: list[Word], language: str | None, alike: Mapping[str, list[str]]) -> Need:
    speaking = [word for word in words if not word.says_nothing]
    if not speaking:
        only_a_name = tuple(word.text for word in words)
        return Need(said, only_a_name, names=only_a_name, is_name=True)
    meant = [meaning(word, alike.get(word.text, ())) for word in speaking]
    return Need(
        said,
        terms=tuple(each.term for each in meant),
        names=tuple(name for each in meant for name in each.names),
        language=language,
        is_corrected=any(each.is_corrected for each in meant),
        is_known=language is not None or all(each.is_known for each in meant),
    )


def meaning(word: Word, alike: Iterable[str]) -> Meaning:
    """A word that nobody says is the beginning of some, else a misspelled one, else only itself."""
    candidates = list(alike)
    longer = tuple(each for each in candidates if each.startswith(word.text))
    if longer:
        return Meaning(f"{word.text}*", longer)
    meant = nearest(word.text, candidates)
    if meant:
        return Meaning(meant, (meant,), is_corrected=True)
    return Meaning(word.text, (word.text,), is_known=word.is_known)
