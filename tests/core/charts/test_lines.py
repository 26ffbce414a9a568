from datetime import UTC, datetime, timedelta

from marketplace.core.charts.lines import HEIGHT, LEFT, RIGHT, TOP, WIDTH, lines

BEGIN = datetime(2026, 12, 1, tzinfo=UTC)


def after(days):
    return BEGIN + timedelta(days=days)


def drawn(**readings):
    return lines(readings, lowest=0, highest=10, rules=(0, 10))


def test_nothing_read_is_no_chart():
    assert drawn(ada=[], grace=[]) is None


def test_time_goes_from_left_to_right_and_more_is_higher():
    chart = drawn(ada=[(after(10), 10), (after(0), 0)])

    (series,) = chart.series
    assert series.points == ((LEFT, HEIGHT - TOP), (WIDTH - RIGHT, TOP))
    assert series.path == "M30.0 138.0L310.0 12.0"
    assert (chart.first, chart.last) == (after(0), after(10))


def test_a_single_reading_stands_in_the_middle():
    assert drawn(ada=[(after(0), 5)]).series[0].points == ((170.0, HEIGHT / 2),)


def test_two_people_share_one_scale_and_who_said_nothing_has_no_line():
    chart = drawn(ada=[(after(0), 1), (after(4), 2)], alan=[], grace=[(after(8), 3)])

    assert [(series.number, series.name) for series in chart.series] == [(1, "ada"), (2, "grace")]
    assert chart.series[1].points[0][0] == WIDTH - RIGHT


def test_rules_are_written_with_a_real_minus():
    chart = lines({"ada": [(BEGIN, 0)]}, lowest=-2, highest=2, rules=(-2, 0, 2))

    assert chart is not None
    assert [label for _, label in chart.rules] == ["−2", "0", "2"]
