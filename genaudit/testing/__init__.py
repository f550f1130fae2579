"""For people who test: generators of known behaviour, and checks that hold a generator to its contract.

Importing this package loads neither torch nor numpy.
"""
