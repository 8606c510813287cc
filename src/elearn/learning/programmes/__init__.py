"""Programmes: paths of courses that people owe by rule, with a day until which, renewed when they lapse.

Words: a *programme* asks for all of its courses, in order or not, or for some of them; its *owner* is the regency or a
unit, whose subtree it reaches; a *rule* says who is meant, by conditions that all hold; a *duty* is what somebody owes
in one *term*: open, done, *moved* when no rule means that person any more, or *missed* when its year is over; a
*run* brings duties up to date with the rules; a *nudge* notes that somebody changed; a *moment* is so many days before
or after the due day.
"""
