"""`python -m tools.demo.prepare`: the tables and the sample people, in one process since each start costs a second."""

from flask_migrate import upgrade

from marketplace.app import create_app
from marketplace.demo.commands import add_people


def main() -> None:
    app = create_app()
    with app.app_context():
        upgrade()
        print(add_people())


if __name__ == "__main__":
    main()
