"""The demonstration: a made-up town goes from its old system's files to an issued month, by the public verbs.

`stage` sets the scene, `month` lives January 2019, `papers` prints it, `telling` says what happened; `year` lives all of 2019.
"""
