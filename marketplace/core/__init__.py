"""What every feature stands on: money, clock, errors, settings, database, jobs, mail."""
