"""Jobs: work that takes longer than a page may, done once and for certain.

Words: a *job* is one piece of work somebody waits for; its *kind* names the function that does it; an *attempt* is
one run of it, and a killed job gets another; a *schedule* runs a kind again and again.
The queue is DBOS. What people see, and what makes each step happen once, is our own row in `jobs`.
"""
