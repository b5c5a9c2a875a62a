"""Who works here: clerks, their roles, and what each role may do."""
