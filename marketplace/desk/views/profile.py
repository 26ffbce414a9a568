"""The profile, part by part."""

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.markdown import rendered
from marketplace.desk.forms.profile import BasicsForm, JourneyForm, StoryForm, TopicsForm, WaysForm
from marketplace.desk.views.frame import bp, kept, my_profile, part_page, pressed
from marketplace.mentors.domain.profile import Section
from marketplace.mentors.services.profile import save_basics, save_journey, save_story, save_topics, save_ways
from marketplace.mentors.words import SECTIONS


@bp.get("/profile")
def profile() -> ResponseReturnValue:
    return render_template("desk/profile.html", mentor=my_profile(), sections=SECTIONS)


@bp.route("/profile/basics", methods=["GET", "POST"])
def basics() -> ResponseReturnValue:
    mentor = my_profile()
    form = BasicsForm.of(mentor)
    if not form.validate_on_submit():
        return part_page(Section.BASICS, form, mentor)
    save_basics(db.session(), mentor.id, form.basics(), now=utcnow())
    return kept(Section.BASICS)


@bp.route("/profile/story", methods=["GET", "POST"])
def story() -> ResponseReturnValue:
    mentor = my_profile()
    form = StoryForm(data={"story": mentor.story})
    if not form.validate_on_submit():
        return part_page(Section.STORY, form, mentor)
    if pressed() != "save":
        return part_page(Section.STORY, form, mentor, preview=rendered(form.story.data))
    save_story(db.session(), mentor.id, form.story.data, now=utcnow())
    return kept(Section.STORY)


@bp.route("/profile/ways", methods=["GET", "POST"])
def ways() -> ResponseReturnValue:
    mentor = my_profile()
    form = WaysForm.of(mentor)
    if not form.validate_on_submit():
        return part_page(Section.WAYS, form, mentor)
    if pressed() != "save":
        return part_page(Section.WAYS, form, mentor, preview=rendered(form.how_i_work.data))
    save_ways(db.session(), mentor.id, form.chosen(), now=utcnow())
    return kept(Section.WAYS)


@bp.route("/profile/topics", methods=["GET", "POST"])
def topics() -> ResponseReturnValue:
    mentor, now = my_profile(), utcnow()
    form = TopicsForm.of(mentor, now.astimezone(mentor.tz).year)
    if form.topics.rearrange(pressed()) or not form.validate_on_submit():
        return part_page(Section.TOPICS, form, mentor)
    save_topics(db.session(), mentor.id, form.chosen(), now=now)
    return kept(Section.TOPICS)


@bp.route("/profile/journey", methods=["GET", "POST"])
def journey() -> ResponseReturnValue:
    mentor, now = my_profile(), utcnow()
    form = JourneyForm.of(mentor, now.astimezone(mentor.tz).year)
    if form.steps.rearrange(pressed()) or not form.validate_on_submit():
        return part_page(Section.JOURNEY, form, mentor)
    save_journey(db.session(), mentor.id, form.chosen(), now=now)
    return kept(Section.JOURNEY)
