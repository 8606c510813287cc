"""Delivery: the forms (bentuk) in which competence is developed, and what each is worth in JP, dated.

Words: a *form* is one of the 25 ways of PerLAN 10/2018 or study leave; its *rule* says from which day on how JP are
counted: by the *programme's* minutes, by the *day*, by the *time* it was done, by minutes with a *daily* cap, or as
*stated* by the officer where the table gives no number.
"""
