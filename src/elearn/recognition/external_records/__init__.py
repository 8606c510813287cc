"""External records: training taken elsewhere, with its evidence, and what an officer decides about it.

Words: a *record* is one training that a person files; it is a draft until it is filed, then *waiting* until it is
approved or refused; an officer may *ask back*, which lets its owner change it; a decision may be *taken back*.
Announces: RecordApproved, ApprovalTakenBack.
"""
