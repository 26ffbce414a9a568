"""`python -m tools.bench`: every measurement, as one JSON object on standard output."""

import json

from tools.bench import calendars, confirmations, feeds, holds, search, slots, webhooks


def main() -> None:
    figures = {
        "slots_month_vs_naive": slots.measure(),
        "slots_all_features_vs_naive": slots.measure_all_features(),
        "slots_year_vs_month": slots.measure_year(),
        "holds_vs_raw_inserts": holds.measure(),
        "confirm_vs_raw_inserts": confirmations.measure(),
        "feed_304_vs_empty_view": feeds.measure(),
        **calendars.measure(),
        "webhook_vs_empty_view": webhooks.measure(),
        "search_10000_vs_100": search.measure(),
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
