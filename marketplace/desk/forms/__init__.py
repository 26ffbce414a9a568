"""The forms of the desk. They put the sentence beside the field, and hand a value of the mentors' rules on."""
