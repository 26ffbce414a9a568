"""Pages that join several features: home, mentor page, sessions."""
