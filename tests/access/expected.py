"""Which status each role gets of each route. A new route needs its line here.

Roles that do not own what the address names come first, the owner last, so that a refused request can be seen to have
changed nothing for the next one.
"""

ROLES = ("visitor", "other mentee", "other mentor", "operator", "mentor", "mentee")

ANYBODY = (200,) * 6
SIGNED_IN = (302, 200, 200, 200, 200, 200)
NOT_FOUND = (404,) * 6
BOTH_PEOPLE = (302, 404, 404, 404, 200, 200)
THE_MENTEE = (302, 404, 404, 404, 404, 200)
MENTORS = (302, 404, 200, 404, 200, 404)
NOTHING_TYPED = (302, 404, 422, 404, 422, 404)
WHAT_IS_THERE = (302, 404, 303, 404, 303, 404)
OPERATOR = (302, 404, 404, 200, 404, 404)

EXPECTED: dict[tuple[str, str], tuple[int, ...]] = {
    ("pages.home", "GET"): ANYBODY,
    ("pages.mentor", "GET"): ANYBODY,
    ("pages.reviews", "GET"): ANYBODY,
    ("pages.robots", "GET"): ANYBODY,
    ("pages.manifest", "GET"): ANYBODY,
    ("pages.session", "GET"): BOTH_PEOPLE,
    ("pages.agenda", "POST"): (302, 404, 404, 404, 403, 303),
    ("pages.move", "GET"): (302, 404, 404, 404, 403, 200),
    ("pages.move_now", "POST"): (302, 404, 404, 404, 403, 303),  # no time: back to the page
    ("pages.propose", "GET"): (302, 404, 404, 404, 200, 403),
    ("pages.propose_now", "POST"): (302, 404, 404, 404, 303, 403),  # no time: back to the page
    ("pages.proposal", "GET"): (302, 404, 404, 404, 303, 303),  # nothing is proposed
    ("pages.accept", "POST"): (302, 404, 404, 404, 403, 303),
    ("pages.take_back", "POST"): (302, 404, 404, 404, 403, 303),
    ("pages.withdraw", "POST"): (302, 404, 404, 404, 303, 403),
    ("pages.receipt", "GET"): THE_MENTEE,
    ("pages.sessions", "GET"): SIGNED_IN,
    ("pages.week", "GET"): MENTORS,
    ("search.results", "GET"): ANYBODY,
    ("search.how_we_rank", "GET"): ANYBODY,
    ("search.suggested", "GET"): SIGNED_IN,
    ("search.say_needs", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("payments.withdrawal", "GET"): ANYBODY,
    ("payments.propose_series", "GET"): SIGNED_IN,
    ("payments.receipt_at_stripe", "GET"): (302, 404, 404, 404, 404, 303),  # on to Stripe
    ("desk.home", "GET"): SIGNED_IN,
    ("desk.beginning", "GET"): (200, 200, 303, 200, 303, 200),  # who is a mentor has begun
    ("desk.begin", "POST"): (302, 303, 303, 303, 303, 303),
    ("desk.profile", "GET"): MENTORS,
    ("desk.basics", "GET"): MENTORS,
    ("desk.basics", "POST"): NOTHING_TYPED,
    ("desk.story", "GET"): MENTORS,
    ("desk.story", "POST"): WHAT_IS_THERE,
    ("desk.ways", "GET"): MENTORS,
    ("desk.ways", "POST"): WHAT_IS_THERE,
    ("desk.topics", "GET"): MENTORS,
    ("desk.topics", "POST"): NOTHING_TYPED,
    ("desk.journey", "GET"): MENTORS,
    ("desk.journey", "POST"): WHAT_IS_THERE,
    ("desk.photo", "GET"): MENTORS,
    ("desk.photo", "POST"): (302, 404, 422, 404, 303, 404),  # Grace has one already
    ("desk.remove", "POST"): WHAT_IS_THERE,
    ("desk.submit", "POST"): (302, 404, 409, 404, 409, 404),  # both are approved already
    ("desk.withdraw", "POST"): (302, 404, 409, 404, 409, 404),
    ("desk.pause", "POST"): WHAT_IS_THERE,
    ("desk.topics_kept", "POST"): WHAT_IS_THERE,
    ("desk.resume", "POST"): WHAT_IS_THERE,
    ("mentors.photo", "GET"): ANYBODY,
    ("mentorships.index", "GET"): SIGNED_IN,
    ("mentorships.page", "GET"): BOTH_PEOPLE,
    ("mentorships.messages", "GET"): BOTH_PEOPLE,
    ("mentorships.send", "POST"): (302, 404, 404, 404, 422, 422),  # nothing typed
    ("mentorships.no_answer", "POST"): (302, 404, 404, 404, 303, 404),
    ("mentorships.for_the_bank", "GET"): BOTH_PEOPLE,
    ("mentorships.attach_for_the_bank", "POST"): (302, 404, 404, 404, 422, 422),  # nothing ticked
    ("mentorships.report", "GET"): BOTH_PEOPLE,
    ("mentorships.send_report", "POST"): (302, 404, 404, 404, 422, 422),  # an empty form
    ("mentorships.review", "GET"): BOTH_PEOPLE,
    ("mentorships.write_review", "POST"): (302, 404, 404, 404, 422, 422),
    ("mentorships.answer_review", "POST"): (302, 404, 404, 404, 422, 404),
    ("mentorships.change_thread", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.change", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.let_rest", "POST"): (302, 404, 404, 404, 409, 409),  # they have met once
    ("mentorships.end", "GET"): BOTH_PEOPLE,
    ("mentorships.end_now", "POST"): (302, 404, 404, 404, 409, 409),  # no sum that a page has said
    ("mentorships.end_with", "GET"): (302, 404, 404, 404, 303, 303),
    ("pages.onwards", "GET"): THE_MENTEE,
    ("pages.take", "POST"): (302, 404, 404, 404, 404, 404),  # to no mentor
    ("pages.leave", "POST"): (302, 404, 404, 404, 404, 303),
    ("mentorships.agreement", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_agreement", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_agreement", "POST"): (302, 404, 404, 404, 422, 422),  # an empty form
    ("mentorships.new_goal", "GET"): BOTH_PEOPLE,
    ("mentorships.goal", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_goal", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_goal", "POST"): (302, 404, 404, 404, 303, 303),  # nothing typed, nothing changed
    ("mentorships.score_goal", "POST"): (302, 404, 404, 404, 422, 422),
    ("mentorships.close", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.plan", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_plan", "GET"): BOTH_PEOPLE,
    ("mentorships.edit_plan", "POST"): (302, 404, 404, 404, 422, 422),
    ("mentorships.add_evidence", "POST"): (302, 404, 404, 404, 404, 404),  # of no step
    ("mentorships.remove_evidence", "POST"): (302, 404, 404, 404, 303, 303),  # it is gone already
    ("mentorships.notebook", "GET"): BOTH_PEOPLE,
    ("mentorships.keep_shared", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.keep_own", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.settle", "POST"): (302, 404, 404, 404, 303, 303),  # it is gone already
    ("mentorships.heard", "POST"): (302, 404, 404, 404, 404, 404),  # it was no session for listening
    ("mentorships.add_action", "POST"): (302, 404, 404, 404, 422, 422),  # an empty form
    ("mentorships.change_action", "POST"): (302, 404, 404, 404, 404, 404),  # there is none
    ("mentorships.make_check_in", "GET"): (302, 404, 404, 404, 403, 200),
    ("mentorships.make_check_in", "POST"): (302, 404, 404, 404, 403, 422),
    ("mentorships.have_seen", "POST"): (302, 404, 404, 404, 303, 403),
    ("mentorships.fit", "GET"): BOTH_PEOPLE,
    ("mentorships.answer_fit", "POST"): (302, 404, 404, 404, 303, 303),  # nothing is asked
    ("mentorships.leave_fit", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.portfolio", "GET"): THE_MENTEE,
    ("mentorships.portfolio_file", "GET"): THE_MENTEE,
    ("mentorships.portfolio_page", "GET"): THE_MENTEE,
    ("mentorships.agree_to", "POST"): (302, 404, 404, 404, 303, 303),
    ("mentorships.journal", "GET"): MENTORS,
    ("mentorships.write_entry", "POST"): NOTHING_TYPED,
    ("mentorships.entry", "GET"): (302, 404, 404, 404, 200, 404),  # Grace's own
    ("mentorships.change_entry", "POST"): (302, 404, 404, 404, 422, 404),
    ("mentorships.remove_entry", "POST"): WHAT_IS_THERE,
    ("mentorships.beyond", "GET"): MENTORS,
    ("mentorships.add_referral", "POST"): NOTHING_TYPED,
    ("mentorships.referral", "GET"): (302, 404, 404, 404, 200, 404),  # Grace's own
    ("mentorships.change_referral", "POST"): (302, 404, 404, 404, 422, 404),
    ("mentorships.remove_referral", "POST"): WHAT_IS_THERE,
    ("hours.week", "GET"): MENTORS,
    ("hours.week", "POST"): MENTORS,  # no button was pressed: the page again
    ("hours.dates", "GET"): MENTORS,
    ("hours.dates", "POST"): MENTORS,
    ("hours.remove_dates", "POST"): (302, 404, 404, 404, 404, 404),  # none has been set
    ("hours.time_off", "GET"): MENTORS,
    ("hours.time_off", "POST"): MENTORS,
    ("hours.remove_time_off", "POST"): (302, 404, 303, 404, 404, 404),  # Edsger's
    ("hours.protected", "GET"): MENTORS,
    ("hours.protected", "POST"): MENTORS,
    ("hours.give_up", "POST"): (302, 404, 404, 404, 404, 404),  # none is protected
    ("hours.holidays", "GET"): MENTORS,
    ("hours.holidays", "POST"): MENTORS,
    ("hours.travel", "GET"): MENTORS,
    ("hours.travel", "POST"): MENTORS,
    ("hours.stay", "POST"): (302, 404, 404, 404, 404, 404),  # nobody travels
    ("hours.boundaries", "GET"): MENTORS,
    ("hours.boundaries", "POST"): MENTORS,
    ("hours.preview", "GET"): MENTORS,
    ("hours.load", "GET"): MENTORS,
    ("hours.close_week", "POST"): WHAT_IS_THERE,
    ("hours.open_week", "POST"): (302, 404, 409, 404, 409, 404),  # it is open
    ("offerings.index", "GET"): MENTORS,
    ("offerings.new", "GET"): MENTORS,
    ("offerings.new", "POST"): (302, 404, 422, 404, 422, 404),  # an empty form
    ("offerings.edit", "GET"): (302, 404, 404, 404, 200, 404),
    ("offerings.edit", "POST"): (302, 404, 404, 404, 303, 404),  # nothing typed, nothing changed
    ("offerings.arrange", "POST"): (302, 404, 404, 404, 303, 404),
    ("payouts.page", "GET"): MENTORS,
    ("payouts.begin", "POST"): WHAT_IS_THERE,  # on to Stripe
    ("payouts.again", "GET"): (302, 404, 303, 404, 303, 404),
    ("payouts.back", "GET"): (302, 404, 303, 404, 303, 404),
    ("earnings.page", "GET"): MENTORS,
    ("earnings.lines", "GET"): MENTORS,
    ("operator.home", "GET"): OPERATOR,
    ("operator.bookings", "GET"): OPERATOR,
    ("operator.booking", "GET"): OPERATOR,
    ("operator.cancel", "GET"): OPERATOR,
    ("operator.cancel_now", "POST"): (302, 404, 404, 422, 404, 404),  # no reason
    ("operator.disputes", "GET"): OPERATOR,
    ("operator.dispute", "GET"): OPERATOR,
    ("operator.preview_evidence", "POST"): OPERATOR,
    ("operator.send_evidence", "POST"): (302, 404, 404, 409, 404, 404),  # not what was read
    ("operator.claims", "GET"): OPERATOR,
    ("operator.claim", "GET"): OPERATOR,
    ("operator.rule", "POST"): (302, 404, 404, 422, 404, 404),  # nothing decided
    ("operator.reports", "GET"): OPERATOR,
    ("operator.report", "GET"): OPERATOR,
    ("operator.settle_report", "POST"): (302, 404, 404, 422, 404, 404),  # nothing said
    ("operator.mentors", "GET"): OPERATOR,
    ("operator.mentor", "GET"): OPERATOR,
    ("operator.decide", "POST"): (302, 404, 404, 422, 404, 404),  # no decision
    ("operator.seen", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.audit", "GET"): OPERATOR,
    ("operator.fit", "GET"): OPERATOR,
    ("operator.events", "GET"): OPERATOR,
    ("operator.event", "GET"): OPERATOR,
    ("operator.replay_event", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.park_event", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.books", "GET"): OPERATOR,
    ("operator.books_file", "GET"): OPERATOR,
    ("operator.fees", "GET"): OPERATOR,
    ("operator.change_fees", "POST"): OPERATOR,  # no button was pressed: the page again
    ("operator.mentor_fee", "GET"): OPERATOR,
    ("operator.change_mentor_fee", "POST"): OPERATOR,
    ("operator.give_back", "GET"): OPERATOR,
    ("operator.give_back_now", "POST"): (302, 404, 404, 422, 404, 404),  # no sum, no reason
    ("operator.transfers", "GET"): OPERATOR,
    ("operator.transfer_again", "POST"): (302, 404, 404, 409, 404, 404),  # Stripe refuses nothing
    ("operator.transfer_by_hand", "POST"): (302, 404, 404, 422, 404, 404),  # nothing said
    ("operator.exchanges", "GET"): OPERATOR,
    ("operator.release", "POST"): (302, 404, 404, 404, 404, 404),  # there is none
    ("operator.reconcile", "GET"): OPERATOR,
    ("operator.reconcile_now", "POST"): (302, 404, 404, 303, 404, 404),
    ("operator.refunds", "GET"): OPERATOR,
    ("operator.refund_again", "POST"): (302, 404, 404, 404, 404, 404),  # there is none
    ("operator.refund_by_hand", "POST"): (302, 404, 404, 422, 404, 404),  # nothing said
    ("accounts.account", "GET"): SIGNED_IN,
    ("accounts.account", "POST"): (302, 303, 303, 303, 303, 303),  # their own account, whatever is sent
    ("accounts.forgotten", "GET"): ANYBODY,
    ("accounts.forgotten", "POST"): (422,) * 6,
    ("accounts.forgotten_sent", "GET"): ANYBODY,
    ("accounts.reset", "GET"): (410,) * 6,  # a forged link
    ("accounts.reset", "POST"): (410,) * 6,
    ("accounts.change_password", "GET"): SIGNED_IN,
    ("accounts.change_password", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("accounts.sign_in_code", "GET"): (303,) * 6,  # nobody who has given a password alone
    ("accounts.sign_in_code", "POST"): (303,) * 6,
    ("accounts.second_step", "GET"): (302, 303, 303, 303, 303, 303),  # nobody has one yet
    ("accounts.set_up_second_step", "GET"): SIGNED_IN,
    ("accounts.set_up_second_step", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("accounts.renew_recovery_codes", "POST"): (302, 303, 303, 303, 303, 303),
    ("accounts.turn_off_second_step", "POST"): (302, 303, 303, 303, 303, 303),
    ("accounts.own_copy", "GET"): SIGNED_IN,
    ("accounts.own_copy_archive", "GET"): SIGNED_IN,
    ("accounts.close_account", "GET"): SIGNED_IN,
    ("accounts.close_account", "POST"): (302, 422, 422, 422, 422, 422),  # without the tick
    ("accounts.change_address", "GET"): SIGNED_IN,
    ("accounts.change_address", "POST"): (302, 422, 422, 422, 422, 422),  # an empty form
    ("accounts.forget_new_address", "POST"): (302, 303, 303, 303, 303, 303),  # their own
    ("accounts.move_address", "GET"): (410,) * 6,  # a forged link
    ("accounts.confirm_address", "POST"): (410,) * 6,
    ("accounts.move_back", "GET"): (410,) * 6,
    ("accounts.take_back", "POST"): (410,) * 6,
    ("accounts.confirm_password", "GET"): SIGNED_IN,
    ("accounts.confirm_password", "POST"): (302, 422, 422, 422, 422, 422),
    ("accounts.check_mail", "GET"): ANYBODY,
    ("accounts.language", "POST"): (422,) * 6,  # no language
    ("accounts.resend", "POST"): (422,) * 6,  # an empty form
    ("accounts.sign_ins", "GET"): SIGNED_IN,
    ("accounts.end_sign_in", "POST"): (302, 404, 404, 404, 404, 303),  # one of Ada's
    ("accounts.end_other_sign_ins", "POST"): (302, 303, 303, 303, 303, 303),  # their own
    ("accounts.sign_in", "GET"): (200, 303, 303, 303, 303, 303),
    ("accounts.sign_in", "POST"): (422,) * 6,
    ("accounts.sign_out", "POST"): (303,) * 6,
    ("accounts.sign_up", "GET"): (200, 303, 303, 303, 303, 303),
    ("accounts.sign_up", "POST"): (422,) * 6,
    ("accounts.verify_page", "GET"): (410,) * 6,  # a forged link
    ("accounts.verify", "POST"): (410,) * 6,
    ("accounts.zone", "POST"): (422,) * 6,  # no zone
    ("calendar.index", "GET"): SIGNED_IN,
    ("calendar.feed", "GET"): NOT_FOUND,  # a wrong secret
    ("calendar.make", "POST"): (302, 422, 422, 422, 422, 422),  # nothing is chosen
    ("calendar.options", "POST"): (302, 404, 404, 404, 404, 404),  # it is nobody's
    ("calendar.rotate", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.remove", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.session_ics", "GET"): BOTH_PEOPLE,
    ("calendar.busy", "GET"): SIGNED_IN,
    ("calendar.add_busy", "POST"): (302, 422, 422, 422, 422, 422),  # no address
    ("calendar.rename_busy", "POST"): (302, 404, 404, 404, 404, 404),  # it is nobody's
    ("calendar.read_busy", "POST"): (302, 404, 404, 404, 404, 404),
    ("calendar.remove_busy", "POST"): (302, 404, 404, 404, 404, 404),
    ("payments.hold", "POST"): (302, 409, 409, 409, 422, 303),  # the time is Ada's; Grace cannot book herself
    ("payments.go_on", "GET"): (302, 404, 404, 404, 404, 303),
    ("payments.returned", "GET"): THE_MENTEE,
    ("payments.cancelled", "GET"): THE_MENTEE,
    ("payments.give_back", "POST"): (302, 404, 404, 404, 404, 303),
    ("payments.cancel", "GET"): BOTH_PEOPLE,
    ("payments.attach_agenda", "POST"): (302, 404, 404, 404, 409, 409),  # there is no agenda
    ("payments.how_it_was", "GET"): BOTH_PEOPLE,
    ("payments.say_how_it_was", "POST"): (302, 404, 404, 404, 422, 422),  # nothing said
    ("payments.cancel_now", "POST"): (302, 404, 404, 404, 409, 409),  # no sum that a page has said
    ("pages.programme", "GET"): BOTH_PEOPLE,
    ("pages.book_bought", "GET"): (302, 404, 404, 404, 403, 200),
    ("pages.book_bought_now", "POST"): (302, 404, 404, 404, 403, 303),  # no time chosen
    ("pages.remaining", "GET"): (302, 404, 404, 404, 403, 200),
    ("pages.remaining_now", "POST"): (302, 404, 404, 404, 403, 303),  # no times chosen
    ("payments.end", "GET"): BOTH_PEOPLE,
    ("payments.end_now", "POST"): (302, 404, 404, 404, 409, 409),  # no sum that a page has said
    ("payments.money_back", "POST"): (302, 404, 404, 404, 404, 303),  # it is not cancelled
    ("payments.extend", "POST"): (302, 404, 404, 404, 404, 303),
    ("webhooks.stripe_event", "POST"): (400,) * 6,  # unsigned
    ("health.alive", "GET"): ANYBODY,
    ("health.ready", "GET"): ANYBODY,
    ("bootstrap.static", "GET"): ANYBODY,
    ("static", "GET"): ANYBODY,
    ("favicon", "GET"): ANYBODY,
}
