"""The report of activities: one heading a month, one bullet for each activity that happened, with its figures."""
