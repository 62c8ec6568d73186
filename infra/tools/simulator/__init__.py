"""A synthetic province that knows its own truth: its people, their days, what is planted in them.

It knows every true meeting, too.
"""
