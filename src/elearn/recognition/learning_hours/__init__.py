"""Learning hours: each person's account of JP, year by year, and where they came from.

Words: a *line* is one entry of somebody's account and is never changed; a *correction* is a new line that names the one
it corrects. What was *earned* is what the learning was worth; what is *recognised* is left of it by the caps of its
form. A PPPK's *ceiling* holds for the year as a whole and changes no line.
"""
