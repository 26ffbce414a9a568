"""Agreement, goals and plan: read, written anew, agreed to."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_required

from marketplace.accounts.current import signed_in
from marketplace.accounts.zones import viewer_zone
from marketplace.core.clock import utcnow
from marketplace.core.db import db
from marketplace.core.errors import NotFound
from marketplace.core.ids import public_id as drawn_id
from marketplace.core.language import spoken
from marketplace.mentorships.domain.papers import Agreement, Kind, Plan, Step
from marketplace.mentorships.domain.visibility import Access, Thing
from marketplace.mentorships.forms.papers import (
    AgreementForm,
    EvidenceForm,
    GoalForm,
    PaperForm,
    PlanForm,
    ScoreForm,
    is_public_id,
)
from marketplace.mentorships.queries.pairs import Pair
from marketplace.mentorships.queries.papers import (
    Papers,
    Written,
    evidence_of,
    goal_of,
    papers_of,
    revisions_of,
    scores_of_goal,
)
from marketplace.mentorships.services.papers import PaperChanged, Writer, agree, close_goal, write
from marketplace.mentorships.services.scores import score, show, take_back
from marketplace.mentorships.services.telling import tell_agreement
from marketplace.mentorships.showing.course import course_of
from marketplace.mentorships.views.frame import bp, mine
from payments.queries.programmes import courses_of_pair

THING_OF = {Kind.AGREEMENT: Thing.AGREEMENT, Kind.GOAL: Thing.GOAL, Kind.PLAN: Thing.PLAN}
CLOSINGS = {"reached": "reached", "dropped": "dropped", "open": None}


def writer_of(pair: Pair) -> Writer:
    return Writer(pair.row, signed_in().id, utcnow())


@bp.get("/mentorships/<public_id>/agreement")
@login_required
def agreement(public_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.AGREEMENT)
    return _shown(pair, papers.agreement, "mentorships/agreement.html")


@bp.route("/mentorships/<public_id>/agreement/edit", methods=["GET", "POST"])
@login_required
def edit_agreement(public_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.AGREEMENT, Access.WRITE)
    known = papers.agreement
    body = known.agreement if known else Agreement()
    names = ("cadence", "channels", "reply", "confidential", "ending", "review_on")
    form = AgreementForm(data={"base": _number(known), **{name: getattr(body, name) for name in names}})
    return _edited(pair, known, Kind.AGREEMENT, form, "mentorships/agreement_edit.html", "mentorships.agreement")


@bp.get("/mentorships/<public_id>/goals/<goal_id>")
@login_required
def goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.GOAL)
    return _goal_page(pair, goal_of(papers, goal_id), ScoreForm(formdata=None))


@bp.get("/mentorships/<public_id>/goals/new")
@login_required
def new_goal(public_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.GOAL, Access.WRITE)
    form = GoalForm.of(None, 0, drawn_id())
    return _form_page(pair, None, form, "mentorships/goal_edit.html", goal_id=form.goal.data)


@bp.route("/mentorships/<public_id>/goals/<goal_id>/edit", methods=["GET", "POST"])
@login_required
def edit_goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    """A goal that nobody knows yet is a new one, if its id looks like one of ours."""
    pair, papers = _read(public_id, Thing.GOAL, Access.WRITE)
    known = _meant(papers, Kind.GOAL, goal_id)
    if known is None and (request.method == "GET" or not is_public_id(goal_id)):
        raise NotFound("There is no such goal.")
    form = GoalForm.of(known.goal if known else None, _number(known), goal_id)
    return _edited(pair, known, Kind.GOAL, form, "mentorships/goal_edit.html", "mentorships.goal", goal_id=goal_id)


@bp.post("/mentorships/<public_id>/goals/<goal_id>/score")
@login_required
def score_goal(public_id: str, goal_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.GOAL, Access.WRITE)
    known, form, me = goal_of(papers, goal_id), ScoreForm(), signed_in()
    if not form.validate_on_submit():
        return _goal_page(pair, known, form), 422
    writer = writer_of(pair)
    day = writer.now.astimezone(me.tz).date()
    said = {"confidence": form.confidence.data, "attainment": form.attainment.data}
    score(db.session(), writer, known.paper.id, day=day, **said)
    db.session.commit()
    flash(_("Kept."))
    return redirect(url_for("mentorships.goal", public_id=public_id, goal_id=goal_id), code=303)


@bp.post("/mentorships/<public_id>/goals/<goal_id>/<any(reached,dropped,open):closed_as>")
@login_required
def close(public_id: str, goal_id: str, closed_as: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.GOAL, Access.WRITE)
    close_goal(db.session(), writer_of(pair), goal_of(papers, goal_id).paper, CLOSINGS[closed_as])
    db.session.commit()
    return redirect(url_for("mentorships.goal", public_id=public_id, goal_id=goal_id), code=303)


@bp.get("/mentorships/<public_id>/plan")
@login_required
def plan(public_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.PLAN)
    return _plan_page(pair, papers.plan, EvidenceForm(formdata=None, data={"form": drawn_id()}))


@bp.route("/mentorships/<public_id>/plan/edit", methods=["GET", "POST"])
@login_required
def edit_plan(public_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.PLAN, Access.WRITE)
    form = PlanForm.of(papers.plan.plan if papers.plan else _first_plan(pair), _number(papers.plan))
    if form.steps.rearrange(request.form.get("action", "save")):
        return _form_page(pair, papers.plan, form, "mentorships/plan_edit.html")
    return _edited(pair, papers.plan, Kind.PLAN, form, "mentorships/plan_edit.html", "mentorships.plan")


@bp.post("/mentorships/<public_id>/plan/evidence")
@login_required
def add_evidence(public_id: str) -> ResponseReturnValue:
    pair, papers = _read(public_id, Thing.EVIDENCE, Access.WRITE)
    form = EvidenceForm()
    steps = papers.plan.plan.steps if papers.plan else ()
    if form.step.data not in {step.key for step in steps} or not is_public_id(form.form.data or ""):
        raise NotFound("There is no such step in the plan any more.")
    if not form.validate_on_submit():
        return _plan_page(pair, papers.plan, form), 422
    kept = {"form": form.form.data, "words": form.words.data, "link": form.link.data or ""}
    show(db.session(), writer_of(pair), step_key=form.step.data, **kept)
    db.session.commit()
    flash(_("Reached. Well done."))
    return redirect(url_for("mentorships.plan", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/plan/evidence/<evidence_id>/remove")
@login_required
def remove_evidence(public_id: str, evidence_id: str) -> ResponseReturnValue:
    pair = mine(public_id, Thing.EVIDENCE, Access.WRITE)
    take_back(db.session(), writer_of(pair), evidence_id)
    db.session.commit()
    return redirect(url_for("mentorships.plan", public_id=public_id), code=303)


@bp.post("/mentorships/<public_id>/agree/<paper_id>/<int:number>")
@login_required
def agree_to(public_id: str, paper_id: str, number: int) -> ResponseReturnValue:
    """To the version that was read, of the agreement or of a goal."""
    pair, papers = _read(public_id, Thing.PAGE)
    written = next((each for each in _agreeable(papers) if each.paper.public_id == paper_id), None)
    if written is None:
        raise NotFound("There is nothing here.")
    mine(public_id, THING_OF[Kind(written.paper.kind)], Access.WRITE)
    agree(db.session(), writer_of(pair), written.paper.id, number=number)
    db.session.commit()
    flash(_("You both agree on this now.") if written.is_agreed else _("Kept."))
    return redirect(_page_of(pair, written), code=303)


def _agreeable(papers: Papers) -> list[Written]:
    return [*([papers.agreement] if papers.agreement else []), *papers.goals]


def _page_of(pair: Pair, written: Written) -> str:
    if written.paper.kind == Kind.GOAL:
        return url_for("mentorships.goal", public_id=pair.row.public_id, goal_id=written.paper.public_id)
    return url_for("mentorships.agreement", public_id=pair.row.public_id)


def _read(public_id: str, thing: Thing, wanted: Access = Access.READ) -> tuple[Pair, Papers]:
    pair = mine(public_id, thing, wanted)
    return pair, papers_of(db.session(), pair.row.id)


def _meant(papers: Papers, kind: Kind, goal_id: str) -> Written | None:
    if kind is Kind.GOAL:
        return next((each for each in papers.goals if each.paper.public_id == goal_id), None)
    return papers.plan if kind is Kind.PLAN else papers.agreement


def _number(known: Written | None) -> int:
    return known.version.number if known else 0


def _edited(
    pair: Pair, known: Written | None, kind: Kind, form: PaperForm, template: str, endpoint: str, **given: Any
) -> ResponseReturnValue:
    """The form; after a save that was overtaken, with what the other one wrote and from that version on."""
    if not form.validate_on_submit():
        page = _form_page(pair, known, form, template, **given)
        return (page, 422) if form.errors else page
    try:
        paper = write(
            db.session(),
            writer_of(pair),
            kind,
            form.body(),
            base=form.base.data,
            why=form.why.data or "",
            goal=given.get("goal_id", ""),
        )
    except PaperChanged as overtaken:
        db.session.rollback()
        pair, papers = _read(pair.row.public_id, THING_OF[kind], Access.WRITE)
        known = _meant(papers, kind, given.get("goal_id", ""))
        form.base.data, form.base.raw_data = _number(known), None
        return _form_page(pair, known, form, template, overtaken=spoken(overtaken), **given), 409
    if kind is Kind.AGREEMENT:
        tell_agreement(db.session(), writer_of(pair), paper)
    db.session.commit()
    flash(_("Kept. The other one of you sees it here."))
    return redirect(url_for(endpoint, public_id=pair.row.public_id, **given), code=303)


def _form_page(
    pair: Pair, known: Written | None, form: PaperForm, template: str, *, overtaken: str = "", **given: str
) -> str:
    me = signed_in()
    return render_template(
        template, pair=pair, me=me, other=pair.other(me.id), known=known, form=form, overtaken=overtaken, given=given
    )


def _shown(pair: Pair, written: Written | None, template: str, **given: object) -> str:
    me = signed_in()
    revisions = revisions_of(db.session(), written.paper) if written else []
    return render_template(
        template,
        pair=pair,
        me=me,
        other=pair.other(me.id),
        role=pair.role_of(me.id),
        written=written,
        revisions=revisions,
        zone=viewer_zone(),
        today=utcnow().astimezone(viewer_zone()).date(),
        **given,
    )


def _goal_page(pair: Pair, written: Written, form: ScoreForm) -> str:
    course = course_of(scores_of_goal(db.session(), written.paper.id), pair)
    return _shown(pair, written, "mentorships/goal.html", form=form, course=course)


def _first_plan(pair: Pair) -> Plan:
    """The steps that the mentor wrote for the programme that was sold, as something to begin with."""
    courses = courses_of_pair(db.session(), pair.row.mentor_id, pair.row.mentee_id)
    return Plan(tuple(Step("", words) for words in courses[0].milestones)) if courses else Plan()


def _plan_page(pair: Pair, written: Written | None, form: EvidenceForm) -> str:
    evidence = evidence_of(db.session(), pair.row.id)
    steps: Plan = written.plan if written else Plan()
    return _shown(pair, written, "mentorships/plan.html", form=form, steps=steps.steps, evidence=evidence)
