"""Progress: completion rules and how far each learner is. Kept by the server; it never goes back.

Words: *evidence* is what a kind reports: opened, seen to the end, seconds of activity, exercise saved, handed in,
passed; an activity is *done* when its rule is met, a course when all its required activities are.
Announces: ActivityCompleted, CourseCompleted, and WorkedAgain after that.
"""
