"""Labels in the order of files that are numbered without zeros are of other images than their author thinks."""

import pytest

from genaudit.errors import GenauditError
from genaudit.sets.file_order import check_order


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["0.png", "1.png", "10.png", "2.png"], "abab"),
        (["a/img_10.png", "a/img_9.png"], "ab"),
        (["cat/10.png", "cat/2.png", "dog/10.png", "dog/2.png"], "aabc"),
    ],
)
def test_names_that_people_count_in_another_order_are_refused(names, labels):
    with pytest.raises(GenauditError, match=r"comes before .* which label is of which image cannot be told") as why:
        check_order(names, list(labels), "labels.txt")
    assert why.value.hint.startswith("Give lines 'file,label' with that header")


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["00.png", "01.png", "10.png"], "abc"),
        (["cat/10.png", "cat/2.png", "dog/10.png", "dog/2.png"], "aabb"),  # either order gives each image its label
        (["1f09.png", "1f9a.png", "2e4d.png", "a10b.png", "a1c3.png"], "abcab"),  # no numbers but digests
        ([], "ab"),
    ],
)
def test_names_of_one_order_only_are_taken(names, labels):
    check_order(names, list(labels), "labels.txt")
