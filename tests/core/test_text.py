import sys
import unicodedata

import pytest

from marketplace.core.text import disturbs, one_line, paragraphs, undisturbed

TURNING = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of characters that hold for what follows them."""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada \t Example\n", "Ada Example"),
        ("Lu\u0301cia", "Lúcia"),
        ("", ""),
    ],
)
def test_a_line_has_single_spaces_and_composed_letters(typed, kept):
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\r\n\r\nFirst.  \r\n\r\nSecond.\r\n", "First.\n\nSecond."),
        ("\told Mac\rtwo", "    old Mac\ntwo"),
    ],
)
def test_paragraphs_keep_their_lines_and_lose_what_is_invisible_at_the_ends(typed, kept):
    assert paragraphs(typed) == kept


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "a\ud800b", "a\u202eb", "a\u2067b"])
def test_controls_half_characters_and_turned_directions_disturb(text):
    assert disturbs(text)


@pytest.mark.parametrize("text", ["", "two\nlines", "👩‍💻 שלום مرحبا", "Ⅷ – “quoted”"])
def test_what_people_write_does_not(text):
    assert not disturbs(text)


def test_what_disturbs_is_what_unicode_says_and_nothing_else():
    every = "".join(map(chr, range(sys.maxunicode + 1)))

    kept = undisturbed(every)

    taken = [each for each in every if unicodedata.category(each) in {"Cc", "Cs"}]
    taken += [each for each in every if unicodedata.bidirectional(each) in TURNING]
    assert set(every) - set(kept) == set(taken) - {"\n"}
    assert len(kept) == len(every) - len(set(taken)) + 1
