"""Attainment: which units' people have the JP of the year, and who lacks how many.

Words: everybody but PPPK *owes* JP; who has the year's least has *reached* it, who has less than half is *behind*.
"""
