"""`python -m tools.bench`: every measurement, as one JSON object on standard output."""

import json

from tools.bench import feeds, holds, slots


def main() -> None:
    print(json.dumps({"slots": slots.measure(), "holds": holds.measure(), "feeds": feeds.measure()}, indent=1))


if __name__ == "__main__":
    main()
