from tools.bench.slots import measure


def test_slots_of_a_month_take_at_most_one_and_a_half_times_the_plainest_loop():
    measured = measure(rounds=60)

    assert measured["slots"] >= 300
    assert measured["ratio"] <= 1.5
