"""What the sample mentors tell beside how they work: where they come from, and what they can give."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.mentors.domain.profile import Way


@dataclass(frozen=True, slots=True)
class Profile:
    """`story` is Markdown; `journey` has years counted back from the one in which it is seeded."""

    country: str
    story: str
    ways: tuple[Way, ...]
    can_give: tuple[str, ...]
    journey: tuple[tuple[int, str], ...]
    portrait: bool = False


PROFILES = {
    "grace-example": Profile(
        "NL",
        """\
I was a *senior* engineer for six years, and nobody could tell me what came after that. So I did more of the same, \
until I was tired of it.

What helped was a colleague who asked me every two weeks what I had **stopped** doing. I still ask that question, \
mostly of myself.

### For whom I am not the right one

If you want a recipe for the next promotion, somebody else will serve you better. If you want to find out what you are \
good for, I have time.""",
        (Way.ASKS, Way.PLANS, Way.LISTENS),
        ("A plan for half a year, and somebody who looks at it with you", "A design review of six pages", "An ear"),
        (
            (17, "First job: reports that ran at night"),
            (11, "Built a data platform, and then a second one that was needed"),
            (7, "Burnt out for four months; learnt to stop at half past four"),
            (5, "Staff engineer; half of my time goes to other people’s work"),
        ),
        portrait=True,
    ),
    "edsger-example": Profile(
        "DE",
        """\
I teach programming to people who have programmed for years. It is slower than they expect, and then it is faster.

I write my own programs on paper first. I do not ask you to do the same, but I will ask you *how you know* that yours \
is right.""",
        (Way.FRANK, Way.EXERCISES, Way.PAIRS),
        ("A proof that it works, or the case in which it does not", "Ten lines instead of a hundred"),
        ((24, "Compilers"), (12, "Taught at a university"), (4, "Back to small teams")),
    ),
    "katherine-sample": Profile(
        "US",
        """\
At 34 I left a physics laboratory with a suitcase of Fortran and no idea what a pull request was.

I keep a list of the forty things that I thought everybody knew but me. **Nobody did.**""",
        (Way.PRACTISES, Way.FRANK, Way.READS),
        ("Practice interviews with notes", "A read of your project’s README", "Honest odds"),
        ((15, "Physicist"), (9, "First job with “data” in its name"), (3, "Leads a group of five")),
        portrait=True,
    ),
    "asha-sample": Profile(
        "IN",
        """\
My grandmother could not read the page that I was most proud of. I have built for her ever since.""",
        (Way.PAIRS, Way.PRACTISES, Way.EXERCISES),
        ("An hour with a screen reader", "Words for the meeting in which it is decided"),
        ((10, "Front-end developer"), (6, "First audit, of my own work"), (2, "Wrote a house style that people keep")),
    ),
    "wanjiru-example": Profile(
        "KE",
        """\
I became a lead because I was the one who answered. It took me a year to see that answering was not the work.""",
        (Way.LISTENS, Way.ASKS, Way.PLANS),
        ("The sentence that you say tomorrow", "A way through the first three months"),
        ((12, "Backend, payments"), (6, "Lead of a team of four, at night"), (5, "Lead of the same team, by day")),
        portrait=True,
    ),
    "lucia-sample": Profile(
        "BR",
        """\
Eleven years on call. The best thing I ever built was a rota that let everybody sleep.""",
        (Way.PAIRS, Way.READS, Way.FRANK),
        ("A drawing of your system that is true", "A rota that lets you sleep"),
        ((18, "Network technician"), (11, "On call for the first time"), (3, "Nobody woke me for a whole winter")),
    ),
    "donald-sample": Profile(
        "GB",
        """\
I edit manuals. People think that is about commas. It is about what the reader does next.""",
        (Way.READS, Way.FRANK, Way.EXERCISES),
        ("Your draft, half as long", "Three habits that made it long"),
        ((21, "Programmer"), (14, "Wrote the manual that nobody wanted to write"), (8, "Only that")),
    ),
    "barbara-example": Profile(
        "PT",
        """\
I was told that I was too slow for distributed systems. They are slow too; we get along.""",
        (Way.PAIRS, Way.EXERCISES, Way.ASKS),
        ("A system that fails on purpose", "Papers, in an order in which they can be read"),
        ((16, "Databases"), (6, "First paper that somebody else used"), (0, "A break, for a book")),
    ),
    "radia-sample": Profile(
        "IE",
        """\
I repaired networks in hospitals before I built them. I would like to give on what nobody had time to show me: how to \
find the fault while everybody stands behind you.""",
        (Way.PAIRS, Way.LISTENS, Way.PRACTISES),
        ("A calm hour with a trace that makes no sense", "What to say while you are still looking"),
        ((13, "Help desk of a hospital"), (7, "Network engineer"), (1, "First apprentice of my own")),
    ),
}
