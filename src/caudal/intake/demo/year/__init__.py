"""The year 2019: the town lives its twelve months through the doors that clerks, phones and banks use.

`almanac` says which day is for what, `town` who lives there and how they pay; `window`, `bank`, `dials`, `bills`,
`relief`, `notices`, `cuts` and `reports` do the work of each desk; `play` moves the clock from day to day.
"""
