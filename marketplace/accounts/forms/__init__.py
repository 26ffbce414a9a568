"""The forms about accounts. What they hold is judged by `credentials`; they put the sentence beside the field."""
