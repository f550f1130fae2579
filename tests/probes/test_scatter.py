"""Points of the plane stand in a picture where they lie, within the frame of the data."""

import numpy as np

from genaudit.probes.scatter import INK, MARGIN, SIDE, plotted

CORNERS = np.array([[0.0, 0.0], [2.0, 4.0]])


def inked(points, name="generated"):
    pictures = plotted(name, np.asarray(points, dtype=float), CORNERS, "Points.")
    (image,) = pictures[name].images
    return {
        (int(row), int(column)) for row, column in np.argwhere((image == np.array(INK[name])[:, None, None]).all(0))
    }


def test_a_point_is_four_pixels_and_the_second_axis_points_up():
    low, high = inked([CORNERS[0]]), inked([CORNERS[1]])
    assert len(low) == len(high) == 4
    assert min(row for row, _ in low) > max(row for row, _ in high)
    assert max(column for _, column in low) < min(column for _, column in high)
    # the data begin behind the margin: 0.15 of 1.3 of the width
    assert min(column for _, column in low) == int(MARGIN / (1 + 2 * MARGIN) * (SIDE - 2))


def test_the_frame_is_that_of_the_data_whatever_is_generated():
    assert inked([[1.0, 2.0]]) == inked([[1.0, 2.0], [500.0, 0.0]])
    assert plotted("real", CORNERS, CORNERS, "Points.")["real"].caption == "Points."
    far = plotted("generated", np.array([[1.0, 2.0], [500.0, 0.0]]), CORNERS, "Points.")["generated"]
    assert far.caption == "Points. Beyond the frame: 1."


def test_data_on_one_line_have_a_frame():
    flat = np.array([[0.0, 1.0], [1.0, 1.0]])
    picture = plotted("real", flat, flat, "")["real"]
    assert picture.images.any()
    assert picture.images.shape == (1, 3, SIDE, SIDE)
