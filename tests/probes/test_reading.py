"""What is read of images does not depend on what an extractor or an annotator does with the arrays that it is given."""

import numpy as np
import tiny
import torch
from tiny_context import tiny_context

from genaudit.probes.reading import Reader, SomeImages, read_images

SPECS = {spec.name: spec for spec in tiny.SPECS}


class ScribblingExtractor(tiny.TinyExtractor):
    def extract(self, images):
        said = super().extract(images)
        images.zero_()
        return said


class ScribblingAnnotator(tiny.LightAnnotator):
    def annotate(self, images, outputs):
        said = super().annotate(images, outputs)
        images[:] = 0
        for rows in outputs.values():
            rows[:] = 0
        return said


def readings(extractor, annotator):
    reader = Reader(tiny_context(extractor=extractor, annotators={"light": (SPECS["light-reader"], annotator)}))
    reader.read(torch.arange(8 * 48, dtype=torch.int64).reshape(8, *tiny.SHAPE).remainder(256).to(torch.uint8))
    return reader.readings()


def test_arrays_that_are_written_into_are_copies():
    sound = readings(tiny.TinyExtractor(), tiny.LightAnnotator())
    found = readings(ScribblingExtractor(), ScribblingAnnotator())
    for name, rows in sound.outputs.items():
        assert np.array_equal(found.outputs[name], rows)
    assert np.array_equal(found.attributes["light"], sound.attributes["light"])
    assert np.array_equal(found.first_images, sound.first_images)
    assert sound.first_images.any()


def test_some_images_of_a_split_are_read_as_if_they_stood_alone():
    context = tiny_context()
    images, places = context.dataset.split("train").images, np.array([1, 5, 6, 40, 59])
    some, alone = (read_images(context, found).outputs for found in (SomeImages(images, places), images[places]))
    assert np.array_equal(some["features"], alone["features"])


def test_some_images_of_a_folder_are_read_by_slices():
    class Folder:
        """Gives arrays for slices alone, and itself for places."""

        def __init__(self, rows):
            self.rows = rows

        def __len__(self):
            return len(self.rows)

        def __getitem__(self, rows):
            return self.rows[rows] if isinstance(rows, slice) else Folder(self.rows[rows])

    some = SomeImages(Folder(np.arange(10)), np.array([2, 4, 9]))
    assert some[0:2].tolist() == [2, 4]
    assert len(some) == 3
