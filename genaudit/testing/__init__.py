"""For people who test: generators of known behaviour, and checks that hold a generator to its contract.

Importing this package loads neither torch nor numpy. In a test suite, a file of three lines is enough:

    from genaudit.testing import conformance

    test_conformance = conformance("my-model")

``genaudit plugins check NAME`` runs the same checks on the command line.
"""

from genaudit.testing.contract import CHECKS, CheckResult, Nonconformity, Verdict, run_checks
from genaudit.testing.parametrised import conformance

__all__ = ["CHECKS", "CheckResult", "Nonconformity", "Verdict", "conformance", "run_checks"]
