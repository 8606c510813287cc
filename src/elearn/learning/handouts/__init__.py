"""Handouts: files that an organiser gives to the people of a class: schedule, materials, letters.

Words: a *handout* is one file of a class; those who have joined may open it, and who runs the class.
"""
