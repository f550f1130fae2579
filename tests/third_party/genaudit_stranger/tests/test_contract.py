"""The stranger's generators and genaudit's contract; one is broken on purpose, and says so."""

from genaudit.testing import conformance

test_blobs = conformance("stranger-blobs")
test_out_of_range = conformance(
    "stranger-out-of-range",
    expected_failures={
        "ranges": "it returns levels",
        "licence-and-source": "it has neither",
        "heeds-latents": "it is flat",
    },
)
