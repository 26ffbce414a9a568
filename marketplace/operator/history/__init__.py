"""One session and its sale as the operator reads them: all that happened, and the case if two people do not agree."""
