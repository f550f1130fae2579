"""Images that a model drew before, evaluated as they are, or refused with what is wrong with them."""

import zipfile

import numpy as np
import pytest
from PIL import Image

import genaudit
from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import GenauditError
from genaudit.probes.subset import subset_places
from genaudit.stats.seeds import generator
from genaudit_files.labels import read_labels
from genaudit_files.samples_options import SamplesOptions

IMAGES = generator(0, "files").integers(256, size=(12, 16, 16, 3), dtype=np.uint8)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "drawn").mkdir()
    for number, image in enumerate(IMAGES):
        Image.fromarray(image).save(tmp_path / "drawn" / f"{number:02}.png")
    return tmp_path / "drawn"


@pytest.fixture
def plan(installed, tmp_path):
    def make(samples=None, metrics=(), annotators=(), further=None, **options):
        given = {f"samples.{name}": value for name, value in options.items()} | (further or {})
        inputs = RunInputs(
            plugin="samples", samples=samples, metrics=metrics, annotators=annotators, options=given,
            out=tmp_path / "runs",
        )  # fmt: skip
        return make_plan(inputs, installed)

    return make


def test_a_folder_a_zip_file_and_an_array_of_the_same_images_give_the_same_numbers(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "drawn.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    np.savez(tmp_path / "drawn.npz", IMAGES)
    found = [
        genaudit.run(
            plugin="samples", metrics=["fid", "precision"], options={"samples.path": str(path)}, formats=("json",),
            out=tmp_path / "runs",
        )
        for path in (folder, tmp_path / "drawn.zip", tmp_path / "drawn.npz")
    ]  # fmt: skip
    assert len({(record.value("fid"), record.value("precision"), record.generator.digest) for record in found}) == 1
    assert found[0].result("fid").n_generated == 12


def test_the_plan_knows_what_the_folder_holds(plan, folder):
    made = plan(path=str(folder))
    assert made.request.samples == 12
    assert made.generator.spec.image_shape == (3, 16, 16)
    assert "'samples' holds 12 items, fewer than profile standard asks for." in made.warnings
    reasons = {missing.component: missing.reason_code for missing in made.unavailable}
    assert reasons["interpolation_smoothness"] == "needs-generator"
    assert reasons["conditional_accuracy"] == "needs-labels"


def test_images_of_several_sizes_are_refused_with_both_sizes_and_the_option(plan, folder):
    Image.fromarray(IMAGES[0, :9]).save(folder / "99.png")
    with pytest.raises(GenauditError, match=r"of several sizes: 00\.png is 16 × 16, 99\.png is 9 × 16") as why:
        plan(path=str(folder))
    assert "--set samples.resize=N" in why.value.hint
    assert plan(path=str(folder), resize="16").request.samples == 13


def test_a_damaged_image_is_refused_and_may_be_left_out(plan, folder):
    (folder / "05.png").write_bytes(b"no image")
    with pytest.raises(GenauditError, match=r"05\.png") as why:
        plan(path=str(folder))
    assert "--set samples.skip_corrupt=true" in why.value.hint
    made = plan(path=str(folder), skip_corrupt="true")
    assert made.request.samples == 11
    assert any("could not be read: left out, 05.png" in warning for warning in made.warnings)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_images_are_refused(plan, folder, count):
    for path in sorted(folder.iterdir())[count:]:
        path.unlink()
    with pytest.raises(GenauditError, match=r"The folder drawn holds (no|only one) item"):
        plan(path=str(folder))


def test_more_images_than_there_are_cannot_be_asked_for(plan, folder):
    with pytest.raises(GenauditError, match="--samples 13 is not possible: 'samples' holds 12 items"):
        plan(path=str(folder), samples=13)


def test_images_of_another_size_than_the_data_are_refused(plan, folder):
    with pytest.raises(GenauditError, match=r"makes images of shape \(3, 8, 8\), data set 'colored-digits'") as refused:
        plan(path=str(folder), resize="8")
    assert refused.value.hint.startswith("Give --set samples.resize=16. Choose a data set")


def test_an_array_of_swapped_axes_is_not_advised_to_be_stretched_without_a_question(plan, tmp_path):
    np.save(tmp_path / "swapped.npy", np.zeros((16, 12, 16, 3), dtype=np.uint8))
    with pytest.raises(GenauditError, match=r"makes images of shape \(3, 12, 16\)") as refused:
        plan(path=str(tmp_path / "swapped.npy"))
    assert refused.value.hint.startswith("Do they have 12 × 16 pixels (height × width)?")
    assert "if its axes are swapped, save the array as (n, height, width, 3)." in refused.value.hint


def test_a_path_must_be_given_and_be_there(plan, tmp_path):
    with pytest.raises(GenauditError, match="option 'path' must be given"):
        plan()
    with pytest.raises(GenauditError, match="There is no"):
        plan(path=str(tmp_path / "nowhere"))


def test_labels_say_how_many_items_are_what_they_should_be(folder, tmp_path):
    (tmp_path / "labels.csv").write_text(
        "file,label\n" + "".join(f"{n:02}.png,{n % 10}\n" for n in reversed(range(12)))
    )
    record = genaudit.run(
        plugin="samples", metrics=["conditional_accuracy"], formats=("json",), out=tmp_path / "runs",
        options={"samples.path": str(folder), "samples.labels": str(tmp_path / "labels.csv")},
    )  # fmt: skip
    assert record.result("conditional_accuracy").n_generated == 12
    assert record.result("conditional_accuracy", group="class=1").n_generated == 2  # items 1 and 11
    assert record.generator.capabilities == ("DrawnSamples", "LabelledSamples")


def labels_of(tmp_path, text, folder, classes=()):
    (tmp_path / "labels.txt").write_text(text, encoding="utf-8")
    return read_labels(tmp_path / "labels.txt", SamplesOptions(path=str(folder)).stored, classes)


def test_numbers_are_sorted_as_numbers_and_names_as_names(folder, tmp_path):
    found = labels_of(tmp_path, "\n".join(["10", "2"] * 6), folder)
    assert found.classes == ("2", "10")
    assert found.numbers.tolist() == [1, 0] * 6
    assert labels_of(tmp_path, "\n".join(["dog", "cat"] * 6), folder).classes == ("cat", "dog")


def test_classes_are_in_the_order_in_which_they_are_given(folder, tmp_path):
    found = labels_of(tmp_path, "\n".join(["dog", "cat"] * 6), folder, ("dog", "cat", "bird"))
    assert found.classes == ("dog", "cat", "bird")
    assert found.numbers.tolist() == [0, 1] * 6


@pytest.mark.parametrize(
    ("text", "classes", "said"),
    [
        ("a\nb\n" * 5, (), "file .* holds 10 labels, and the folder drawn 12 items"),
        ("a\nb\n" * 6, ("a", "c"), "gives item 1 the label 'b', which is none of the classes a, c; 6 of 12 labels"),
        ("a\n" * 12, (), "The classes of .* are a"),
        ("", (), "hold no line"),
        ("a,b,c\n" * 12, (), "lines of 3 columns"),
        ("a\na,b\n", (), "lines of 1 and 2 columns"),
        ("00.png,a\n01.png,b\n", (), "have no line for '02.png' and for 9 more of the 12 images"),
        ("".join(f"{n:02}.png,{n % 2}\n" for n in range(11)), (), "have no line for '11.png' of the 12 images"),
        ("00.png,a\n00.png,b\n", (), "name the file '00.png' twice"),
        ("".join(f"{n % 2},{n:02}.png\n" for n in range(12)), (), "name the file '0' twice"),
        (
            "".join(f"{n:02}.png,{n % 2}\n" for n in range(13)),
            (),
            "the file '12.png', which is none of the 12 images; 1",
        ),
        ("file;label\n" + "".join(f"{n:02}.png;{n % 2}\n" for n in range(12)), (), "separated by semicolons"),
        ("".join(f"{n:02}.png\t{n % 2}\n" for n in range(12)), (), "separated by tabs"),
        ("file,label\n" + "a\n" * 12, (), "have the header 'file,label', and the line 'a'"),
    ],
)
def test_labels_that_do_not_match_are_refused_with_the_first_that_does_not(folder, tmp_path, text, classes, said):
    with pytest.raises(GenauditError, match=said):
        labels_of(tmp_path, text, folder, classes)


def test_a_header_tells_which_column_is_which(folder, tmp_path):
    found = labels_of(tmp_path, "label,file\n" + "".join(f"{n % 2},{n:02}.png\n" for n in range(12)), folder)
    assert found.numbers.tolist() == [0, 1] * 6


def test_a_file_given_twice_is_told_of_a_header_before_a_line_is_given_up(folder, tmp_path):
    with pytest.raises(GenauditError) as refused:
        labels_of(tmp_path, "0,00.png\n0,01.png\n", folder)
    assert refused.value.hint.startswith("If the file stands in the second column, write the header label,file")


def test_a_line_of_an_image_that_was_skipped_as_damaged_is_no_mistake(folder, tmp_path):
    (folder / "05.png").write_bytes(b"no picture")
    stored = SamplesOptions(path=str(folder), skip_corrupt=True).stored
    (tmp_path / "labels.csv").write_text("".join(f"{n:02}.png,{n % 2}\n" for n in range(12)))
    assert read_labels(tmp_path / "labels.csv", stored, ()).numbers.tolist() == [0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1]


def test_labels_that_are_not_utf8_say_how_to_save_them(folder, tmp_path):
    (tmp_path / "labels.csv").write_bytes("Käse\n".encode("latin-1") * 12)
    with pytest.raises(GenauditError, match="not UTF-8") as refused:
        read_labels(tmp_path / "labels.csv", SamplesOptions(path=str(folder)).stored, ())
    assert refused.value.hint == "Save the file as UTF-8."


def test_labels_by_file_need_files(tmp_path):
    np.save(tmp_path / "drawn.npy", IMAGES)
    with pytest.raises(GenauditError, match=r"name files, and the file drawn\.npy holds none"):
        labels_of(tmp_path, "00.png,a\n01.png,b\n", tmp_path / "drawn.npy")


def test_labels_that_cannot_be_read_are_refused(plan, folder, tmp_path):
    (tmp_path / "labels.bin").write_bytes(b"\xff\xfe\x00")
    for labels in (tmp_path / "labels.bin", tmp_path / "nowhere.csv"):
        with pytest.raises(GenauditError, match="Cannot read the labels"):
            plan(path=str(folder), labels=str(labels))


def test_classes_without_labels_are_refused(plan, folder):
    with pytest.raises(GenauditError, match="names classes, and there is no labels file"):
        plan(path=str(folder), classes="a,b")


@pytest.fixture
def sorted_by_class(tmp_path):
    """200 pictures of ten grey levels, those of one level behind one another as in folders of classes."""
    kinds = np.repeat(np.arange(10), 20)
    levels = (kinds * 28).astype(np.uint8)
    np.save(tmp_path / "sorted.npy", np.broadcast_to(levels[:, None, None], (200, 16, 16)))
    (tmp_path / "labels.txt").write_text("".join(f"{kind}\n" for kind in kinds))
    (tmp_path / "all.csv").write_text("digit\n" + "".join(f"{kind}\n" for kind in kinds))
    return tmp_path


def run_of(place, samples, tmp_path, seed=0, batch_size=64, **further):
    return genaudit.run(
        plugin="samples", metrics=["fid", "conditional_accuracy"], samples=samples, seed=seed, batch_size=batch_size,
        formats=("json",), out=tmp_path / "runs",
        options={"samples.path": str(place / "sorted.npy"), "samples.labels": str(place / "labels.txt")}, **further,
    )  # fmt: skip


def test_fewer_samples_are_drawn_at_random_so_that_files_sorted_by_class_mislead_nobody(sorted_by_class, tmp_path):
    record = run_of(sorted_by_class, 40, tmp_path)
    assert record.result("fid").n_generated == 40
    counts = [record.result("conditional_accuracy", group=f"class={name}").n_generated for name in range(10)]
    assert sum(counts) == 40
    assert sorted(counts)[1] >= 1  # the first 40 in order would be of two classes alone, 20 each
    assert max(counts) <= 9  # of 4 expected: this has a chance of 1 in 100 to fail, and the seed is fixed
    said = (
        "40 of the 200 items of 'samples' are evaluated, drawn at random without replacement by seed 0; --samples 200"
    )
    assert any(warning.startswith(said) for warning in record.warnings)
    shown = {sheet.name: sheet.caption for sheet in record.images}
    assert shown["generated"] == "All 40 images that seed 0 drew from 200, in order."


def test_what_is_drawn_depends_on_the_seed_and_not_on_the_batch_size(sorted_by_class, tmp_path):
    one, other, third = (
        run_of(sorted_by_class, 40, tmp_path, seed=seed, batch_size=size).value("fid")
        for seed, size in ((0, 64), (0, 7), (1, 64))
    )
    assert one == other
    assert one != third


def test_all_items_are_evaluated_in_their_order_without_a_word(sorted_by_class, tmp_path):
    record = run_of(sorted_by_class, 200, tmp_path)
    assert not any("drawn at random" in warning for warning in record.warnings)


def test_labels_of_a_file_go_with_the_items_that_were_drawn(sorted_by_class, plan):
    made = plan(
        path=str(sorted_by_class / "sorted.npy"), samples=40, annotators=("digit=labels",),
        further={"labels.file": str(sorted_by_class / "all.csv")},
    )  # fmt: skip
    assert (made.given["digit"].codes == subset_places(0, 200, 40) // 20).all()


def test_labels_in_the_order_of_files_whose_numbers_have_no_zeros_are_refused(folder, tmp_path):
    for path in folder.iterdir():
        path.rename(folder / f"{int(path.stem)}.png")
    with pytest.raises(GenauditError, match=r"'11\.png' comes before '2\.png' where images are sorted by path"):
        labels_of(tmp_path, "a\n" * 6 + "b\n" * 6, folder)
    named = labels_of(tmp_path, "file,label\n" + "".join(f"{n}.png,{n % 2}\n" for n in range(12)), folder)
    assert named.numbers.tolist() == [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]  # of 0, 1, 10, 11, 2, 3, …


@pytest.mark.parametrize("name", ["path", "labels"])
def test_an_empty_path_is_refused_and_is_not_the_working_directory(plan, folder, name):
    with pytest.raises(GenauditError, match=f"{name} is empty; allowed: the path of a file"):
        plan(**{"path": str(folder), name: ""})
