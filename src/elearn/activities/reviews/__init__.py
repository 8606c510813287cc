"""Reviews (latihan ulang): questions of courses that one has completed come back after growing gaps; no JP, no score.

Words: a *review* is one question that one person is to remember; its *gap* says how long it rests after a right answer;
it is *due* on a WIB day and *done* when it was remembered over all gaps.
"""
