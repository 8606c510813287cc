"""Home: what the learner should do now, and the JP of the year."""
