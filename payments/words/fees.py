"""A fee in one sentence's worth of words."""

from flask_babel import gettext as _

from marketplace.core import formats
from payments.domain.fees import FeeRule


def fee_words(rule: FeeRule) -> str:
    """`15% on top of the mentor’s price, and €0.30 for each session; 12% from a pair’s 4th session and 10% from …`"""
    rate = formats.rate(rule.rate_bp)
    words = (
        _("%(rate)s of the mentor’s price, taken from it", rate=rate)
        if rule.borne_by == "mentor"
        else _("%(rate)s on top of the mentor’s price", rate=rate)
    )
    if any(rule.fixed):
        words = _("%(fee)s, and %(sum)s for each session", fee=words, sum=formats.either(rule.fixed))
    if any(rule.least):
        words = _("%(fee)s, at least %(sum)s", fee=words, sum=formats.either(rule.least))
    if rule.rate_bp == rule.rate_bp_from_4th == rule.rate_bp_from_10th:
        return str(words)
    fourth, tenth = formats.rate(rule.rate_bp_from_4th), formats.rate(rule.rate_bp_from_10th)
    return str(
        _(
            "%(fee)s; %(fourth)s from a pair’s 4th session and %(tenth)s from their 10th",
            fee=words,
            fourth=fourth,
            tenth=tenth,
        )
    )
