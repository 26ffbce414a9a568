"""The demo: sample people, a page that says where to click, a clock to move, and the mail that would have gone out."""
