"""What gunicorn serves: `gunicorn wsgi:app`."""

import gc

from marketplace.app import create_app

app = create_app()
# What was made up to here stays: without it the collector looks through it all again, in the middle of somebody's page.
gc.collect()
gc.freeze()
