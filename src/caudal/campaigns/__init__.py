"""Campaigns: dated rules that reduce a debt or months paid ahead, who qualifies, and every centavo they forgave.

A rule is data: the council approves it, the window applies it, nobody writes an amount by hand.
"""
