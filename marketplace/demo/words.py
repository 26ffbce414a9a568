"""How the sample mentors describe their work, in their own voices; and what a mentee writes before a fit call."""

from booking.domain.fit_calls import Question

GRACE = """\
We start from what you want to be able to do, not from what you lack. In the first ten minutes I mostly ask; by the \
end you have one thing written down that you will try before we meet again.

I ask more than I tell. If you want a plan, I write one with you and we change it as often as the facts change. If you \
want to be heard, I listen.

I work while my children are at school, so I am rested when we talk and I do not answer in the evening."""

EDSGER = """\
Bring something small that you believe is right, and we will find out together whether it is. I like paper, short \
functions and the question “how do you know?”.

I am not the right person if you are in a hurry: I would rather leave three sentences standing than ten slides. People \
who stay say that they came for code and left with a way to think.

I take two sessions a day at most. The third one would get less of me than you pay for."""

KATHERINE = """\
I moved from a physics laboratory to machine learning at 34, and I remember which doors were closed and which only \
looked it. We look at what you already have, and then at the smallest piece of work that would prove the next step.

Before an interview we practise the real thing, and I tell you plainly how it was. Afterwards you get my notes.

If a course would help you more than I can, I will say so and name it."""

ASHA = """\
Bring a page and we use it together: first with the keyboard, then with a screen reader, then on a slow phone. You \
will know after half an hour what to repair first, and why it matters to somebody.

The harder half is the meeting afterwards. We practise how to ask for the time that good work needs, in words that a \
product manager can use."""

WANJIRU = """\
In my first year as a lead I wrote code at night and called it leading. You do not have to repeat that.

We take one situation from your week: the review that went wrong, the person who went quiet, the date that cannot \
hold. You tell it, I ask, and we end with the sentence that you will say tomorrow.

I keep notes between our sessions, so that you do not have to start again each time."""

LUCIA = """\
I have been on call for eleven years, and what I know comes from the nights that went badly. Bring an incident, a \
design that worries you, or an alert that nobody answers any more.

We draw the system first. Usually the drawing is the work.

I mentor on Mondays, Wednesdays and Fridays. The other days belong to my own systems, which is why I still have \
something to say about yours."""

DONALD = """\
Send me two pages at most. I read them aloud to you, and you will hear where they stumble before I say anything.

We cut first and polish later. You leave with a draft that is half as long, and with the three habits that made it \
long."""

BARBARA = """\
We build a system that fails on purpose, very small, on your machine, and watch what it does. Then we give names to \
what you saw; the papers are easier to read after that.

I am taking a few months off to finish a book. My page stays, and I will be glad to see you when I am back."""


BEFORE_THE_CALL = {
    Question.BETTER: "Explaining what a model can do to people who have to decide by it.",
    Question.WHY_NOW: "In spring my team decides what to build for two years, and I will be the one who explains it.",
    Question.TRIED: "Slides with fewer numbers. They were liked, and the decisions stayed the same.",
    Question.WORTH: "To know whether you would look at two of my talks with me.",
}
"""What Alan answers."""
RADIA = """\
We look at what is there before we guess. You share the screen, and I ask what you see and what you would have expected.

I do not take the keyboard. If the hour ends before the fault is found, you know where it is not, and that is a lot."""
