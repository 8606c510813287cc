"""Player: the learner's desk: outline with status, next and previous, files of lessons."""
