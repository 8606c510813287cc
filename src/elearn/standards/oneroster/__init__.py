"""OneRoster: classes and their participants as partner institutions export them (CSV 1.1 and 1.2, 1EdTech).

Words: a *feed* is one ZIP of such files, kept without what nobody needs; its *source* names the partner, within which a
sourcedId means the same thing in each feed; a *link* remembers what one became here. A *guest* is a participant whom no
unit of the regency knows.
"""
