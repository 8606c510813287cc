"""Courses: course, modules, activities; drafting, publishing, who teaches; courses that live as files.

Words: a *course* has *modules*, a module has *activities*; an activity is of a *kind*. A published course is open to
learners. A *retired* activity has left the outline and keeps its records.
Announces: CoursePublished, CourseChanged.
"""
