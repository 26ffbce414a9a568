"""What Stripe takes in which currency (https://docs.stripe.com/currencies)."""

from payments.sandbox.errors import ApiError
from payments.sandbox.params import words

ZERO_DECIMAL = words("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf")
THREE_DECIMAL = words("bhd jod kwd omr tnd")
WHOLE_ONLY = words("isk ugx")  # two decimals on the wire, both of them zero
SUPPORTED = (
    ZERO_DECIMAL
    | THREE_DECIMAL
    | WHOLE_ONLY
    | words(
        """aed afn all amd ang aoa ars aud awg azn bam bbd bdt bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny
    cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl hrk htg huf idr ils
    inr jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad
    ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std
    szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw"""
    )
)
MINIMUM = {
    **dict.fromkeys(words("usd eur chf aud cad nzd sgd brl inr jpy"), 50),
    **dict.fromkeys(words("sek nok"), 300),
    **dict.fromkeys(words("aed myr pln ron"), 200),
    "gbp": 30,
    "dkk": 250,
    "hkd": 400,
    "thb": 1000,
    "mxn": 1000,
    "czk": 1500,
    "huf": 17500,
}
SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}
MOST = 99_999_999


def step(currency: str) -> int:
    """The amounts of a currency are multiples of this."""
    if currency in WHOLE_ONLY:
        return 100
    return 10 if currency in THREE_DECIMAL else 1


def check_currency(currency: str, param: str) -> str:
    known = currency.lower()
    if known not in SUPPORTED:
        raise ApiError(f"Invalid currency: {currency}. Stripe currently supports these currencies: …", param=param)
    return known


def check_step(amount: int, currency: str, param: str) -> None:
    if amount % step(currency):
        wrong = f"Invalid integer: {amount}. Amounts in {currency} must be divisible by {step(currency)}."
        raise ApiError(wrong, code="parameter_invalid_integer", param=param)


def check_total(total: int, currency: str) -> None:
    """Nothing, or at least the currency's minimum, and at most eight digits."""
    least = MINIMUM.get(currency, 0)
    if 0 < total < least:
        wrong = f"The Checkout Session's total amount due must add up to at least {shown(least, currency)} {currency}"
        raise ApiError(wrong, code="amount_too_small")
    if total > MOST:
        wrong = f"The Checkout Session's total amount due must be no more than {shown(MOST, currency)}"
        raise ApiError(wrong, code="amount_too_large")


def shown(amount: int, currency: str) -> str:
    """For people: €1,234.50, or SEK 1,234.50 where the sign is not known to all."""
    digits = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, rest = divmod(abs(amount), 10**digits)
    number = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    sign = SIGNS.get(currency, f"{currency.upper()} ")
    return f"{'−' if amount < 0 else ''}{sign}{number}"
