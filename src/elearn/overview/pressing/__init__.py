"""Pressing: what needs one of the regency's organisers today, each thing with the way to where it is dealt with.

Words: something *waits* since the moment from which it could have been dealt with.
"""
