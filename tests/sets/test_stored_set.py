"""A user's set is read the same from every container, and refused with what is wrong and where."""

import hashlib
import io
import os
import zipfile
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from genaudit.errors import GenauditError
from genaudit.sets import array_files, picture_files, stored_set
from genaudit.sets.stored_set import open_set

LEVELS = np.random.RandomState(0).randint(0, 256, (5, 4, 6, 3), dtype=np.uint8)


def png(levels, kind="PNG"):
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def folder(tmp_path):
    """Five images, some of them deeper, and what is no image beside them."""
    place = tmp_path / "crops"
    for number, levels in enumerate(LEVELS):
        path = place / ("deep" if number > 2 else "a") / f"{number}.{'PNG' if number % 2 else 'png'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png(levels))
    (place / "readme.txt").write_text("no image")
    (place / ".hidden.png").write_text("no image")
    return place


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def containers(folder, tmp_path):
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    np.savez(tmp_path / "nhwc.npz", LEVELS, np.arange(5))
    np.savez_compressed(tmp_path / "nchw.npz", images=LEVELS.transpose(0, 3, 1, 2).copy(), labels=np.arange(5))
    np.save(tmp_path / "plain.npy", LEVELS)
    yield folder
    yield zipped(tmp_path / "crops.zip", files)
    yield from (tmp_path / name for name in ("nhwc.npz", "nchw.npz", "plain.npy"))
    yield LEVELS
    yield LEVELS.transpose(0, 3, 1, 2)
    yield torch.from_numpy(LEVELS)
    yield torch.from_numpy(LEVELS).permute(0, 3, 1, 2) / 255


def test_the_same_images_have_the_same_digest_and_pixels_in_every_container(folder, tmp_path):
    expected = LEVELS.transpose(0, 3, 1, 2)
    digest = hashlib.sha256(expected.tobytes()).hexdigest()
    for source in containers(folder, tmp_path):
        opened = open_set(source)
        assert (opened.digest, opened.shape, opened.count, opened.data_kind) == (digest, (3, 4, 6), 5, "image")
        assert (opened.drawn(1, 3) == expected[1:4]).all()
        assert (opened.drawn(3, 9) == expected[3:]).all()
        assert (opened.drawn(0, 2) == expected[:2]).all()


def test_a_large_folder_is_decoded_again_instead_of_kept(folder, monkeypatch):
    monkeypatch.setattr(stored_set, "KEPT_BYTES", 100)
    opened = open_set(folder)
    assert opened.rows.kept == ()
    assert (opened.drawn(2, 2) == LEVELS.transpose(0, 3, 1, 2)[2:4]).all()


def test_features_are_float64_from_files_and_tensors(tmp_path):
    features = np.arange(12, dtype=np.float32).reshape(4, 3)
    np.savez(tmp_path / "f.npz", features)
    tensor = torch.from_numpy(features)
    for source in (tmp_path / "f.npz", features, features.astype(np.float16), tensor, tensor.bfloat16(), tensor.half()):
        opened = open_set(source)
        assert (opened.data_kind, opened.shape, opened.count) == ("vector", (3,), 4)
        assert opened.drawn(1, 2).tolist() == [[3, 4, 5], [6, 7, 8]]
        assert opened.drawn(0, 1).dtype == np.float64


def test_mixed_sizes_are_refused_unless_a_size_is_given(folder):
    (folder / "z.png").write_bytes(png(LEVELS[0][:2]))
    with pytest.raises(GenauditError, match=r"several sizes: a/0\.png is 4 × 6, z\.png is 2 × 6") as caught:
        open_set(folder)
    assert "--resize N" in caught.value.hint
    assert open_set(folder, resize=3).shape == (3, 3, 3)
    assert open_set(LEVELS, resize=3).drawn(0, 5).shape == (5, 3, 3, 3)


def test_a_corrupt_file_is_named_or_skipped_and_counted(folder):
    (folder / "deep" / "bad.png").write_bytes(png(LEVELS[0])[:50])
    with pytest.raises(GenauditError, match=r"In the folder crops: Cannot read the image deep/bad\.png"):
        open_set(folder)
    opened = open_set(folder, skip_corrupt=True)
    assert opened.count == 5
    assert opened.remarks[0] == "1 file in the folder crops could not be read: left out, deep/bad.png."


def test_conversions_and_lossy_files_are_counted(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.jpg").write_bytes(png(LEVELS[number][:, :, 0], "JPEG"))
    opened = open_set(tmp_path)
    assert opened.lossy == 3
    assert opened.remarks[0].startswith("3 of 3 images in the folder ")
    assert opened.remarks[0].endswith("had greyscale, repeated in three channels.")


def test_a_file_that_changes_after_opening_is_refused(folder, monkeypatch):
    monkeypatch.setattr(stored_set, "KEPT_BYTES", 0)
    opened = open_set(folder)
    (folder / "a" / "1.PNG").write_bytes(png(LEVELS[0][:3]))
    with pytest.raises(GenauditError, match="changed while they were read"):
        opened.drawn(0, 5)


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.full((3, 2), np.nan), r"NaN or infinity at index \(0, 0\)"),
        (np.array([[1.0, 2], [3, np.inf]]), r"NaN or infinity at index \(1, 1\): inf"),
        (np.array([[1.0, 2], [-1e200, 3]]), r"beyond ±1e\+20 at index \(1, 0\): -1e\+200"),
        (np.full((3, 4, 4, 3), 1.5), r"outside \[0, 1\] at index \(0, 0, 0, 0\): 1\.5"),
        (np.full((3, 4, 4), -0.1), r"outside \[0, 1\]"),
        (np.zeros((3, 4), dtype=np.int64), r"neither images nor features.*\.astype\(float\)"),
        (np.zeros((3, 4, 4, 5), dtype=np.uint8), "neither images nor features"),
        (np.zeros(7), "neither images nor features"),
        (np.zeros((3, 0)), "its items are empty"),
        (np.zeros((0, 3)), "holds no item"),
        (LEVELS[:1], "holds only one item"),
        ([[1.0, 2.0]], "type list"),
    ],
)
def test_an_array_that_is_no_set_is_refused_with_the_index_or_the_shape(array, said):
    with pytest.raises(GenauditError, match=said):
        open_set(array)


def test_a_bad_value_deep_in_a_set_is_found_with_its_own_index():
    features = np.zeros((700, 2))
    features[613, 1] = np.nan
    with pytest.raises(GenauditError, match=r"index \(613, 1\)"):
        open_set(features)


def test_who_listens_hears_how_far_a_set_has_been_read(folder):
    heard = []
    open_set(np.zeros((600, 2)), side="generated", heard=lambda *said: heard.append(said))
    assert heard == [("generated array in memory", done, 600) for done in (0, 256, 512)]
    open_set(folder, heard=lambda *said: heard.append(said))
    assert heard[-1] == ("folder crops", 0, 5)


def test_places_that_hold_no_set_are_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "no.zip").write_text("")
    for name, said in (("gone", "There is no"), ("empty", "no item"), ("notes.txt", "no set"), ("no.zip", "Cannot")):
        with pytest.raises(GenauditError, match=said):
            open_set(tmp_path / name)


def test_an_empty_path_is_not_the_working_directory():
    with pytest.raises(GenauditError, match="The path of a set is empty"):
        open_set("")


def test_pickled_and_unclear_arrays_are_refused(tmp_path):
    objects = np.array([{"a": 1}], dtype=object)
    np.save(tmp_path / "o.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "o.npz", objects)
    np.savez(tmp_path / "two.npz", a=LEVELS, b=LEVELS)
    (tmp_path / "cut.npy").write_bytes(b"\x93NUMPY\x01\x00")
    (tmp_path / "text.npy").write_text("0.1 0.2\n0.3 0.4\n")
    for name, said in (
        ("o.npy", "run any code"),
        ("o.npz", "run any code"),
        ("two.npz", "arrays a, b"),
        ("cut.npy", "Cannot"),
        ("text.npy", "does not begin as a file of numpy does"),
    ):
        with pytest.raises(GenauditError, match=said):
            open_set(tmp_path / name)


def test_an_array_that_is_shorter_than_it_says_is_refused(tmp_path):
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|u1", "fortran_order": False, "shape": (10**9, 64, 64, 3)})
    with pytest.raises(GenauditError, match="its size does not fit"):
        open_set(zipped(tmp_path / "bomb.npz", {"arr_0.npy": buffer.getvalue()}))


def test_a_zip_bomb_is_read_no_further_than_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(picture_files, "LARGEST_FILE", 1000)
    bomb = zipped(tmp_path / "bomb.zip", {"a.png": bytes(10**6)})
    with pytest.raises(GenauditError, match=r"Refused a\.png: it holds more than"):
        open_set(bomb)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_file_of_two_images_of_one_name_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        for name, levels in (("a/0.png", LEVELS[0]), ("1.png", LEVELS[1]), ("a/0.png", LEVELS[2])):
            archive.writestr(name, png(levels))
    with pytest.raises(GenauditError, match=r"holds 'a/0\.png' twice"):
        open_set(tmp_path / "two.zip")


def test_names_in_a_zip_file_are_only_names(tmp_path):
    files = {"../../out.png": png(LEVELS[0]), "/abs.png": png(LEVELS[1]), "C:\\x.png": png(LEVELS[2])}
    before = sorted(tmp_path.parent.rglob("*.png"))
    assert open_set(zipped(tmp_path / "tricks.zip", files)).count == 3
    assert sorted(tmp_path.parent.rglob("*.png")) == before


def test_resizing_is_for_images_and_within_reason():
    with pytest.raises(GenauditError, match="--resize is for images"):
        open_set(np.zeros((3, 2)), resize=8)
    with pytest.raises(GenauditError, match="--resize 0"):
        open_set(LEVELS, resize=0)


def test_reading_backwards_in_a_compressed_file_starts_again(tmp_path):
    np.savez_compressed(tmp_path / "x.npz", np.arange(20.0).reshape(10, 2))
    array, name = array_files.open_array_file(tmp_path / "x.npz")
    assert name == "arr_0"
    assert array[8:9].tolist() == [[16, 17]]
    assert array[1:2].tolist() == [[2, 3]]
    assert array[5:6].tolist() == [[10, 11]]


def bomb(side):
    """A PNG whose header promises a square of this side; nothing of it is there."""
    head = b"IHDR" + side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    pixels = zlib.compress(bytes(100))
    chunks = [head, b"IDAT" + pixels, b"IEND"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") for chunk in chunks
    )


@pytest.fixture
def undecoded(monkeypatch):
    """Decoding a pixel fails the test."""
    monkeypatch.setattr(stored_set, "decode", lambda content, name: pytest.fail(f"{name} was decoded"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
@pytest.mark.parametrize("container", ["folder", "zip"])
def test_an_image_of_another_size_is_refused_before_any_is_decoded(tmp_path, undecoded, kind, container):
    suffix = kind.lower()
    sides = {f"{number}.{suffix}": 200 for number in range(5)} | {f"last.{suffix}": 8}
    noise = np.random.RandomState(0).randint(0, 256, (200, 200, 3), dtype=np.uint8)  # more than the head of a file
    files = {name: png(noise[:side], kind) for name, side in sides.items()}
    assert max(map(len, files.values())) > (2**16 if kind in {"PNG", "BMP"} else 2**13)
    if container == "zip":
        place = zipped(tmp_path / "set.zip", files)
    else:
        place = tmp_path
        for name, content in files.items():
            (place / name).write_bytes(content)
    with pytest.raises(GenauditError, match=rf"0\.{suffix} is 200 × 200, last\.{suffix} is 8 × 200"):
        open_set(place)


@pytest.mark.parametrize("resize", [None, 3])
@pytest.mark.parametrize(("side", "said"), [(8193, "8193 × 8193 pixels"), (60_000, "far more pixels than any image")])
def test_a_bomb_at_the_end_of_a_set_is_refused_before_an_image_is_decoded(folder, undecoded, side, said, resize):
    (folder / "z.png").write_bytes(bomb(side))
    with pytest.raises(GenauditError, match=rf"In the folder crops: Refused the image z\.png: it has {said}") as caught:
        open_set(folder, resize=resize)
    assert "at most 67,108,864 are read" in caught.value.message


def test_a_bomb_or_a_damaged_file_of_another_size_is_left_out_if_that_was_asked_for(folder):
    (folder / "z.png").write_bytes(bomb(60_000))
    (folder / "cut.png").write_bytes(png(LEVELS[0][:2])[:60])
    opened = open_set(folder, skip_corrupt=True)
    assert (opened.count, opened.skipped) == (5, ("cut.png", "z.png"))


def test_a_header_behind_long_metadata_is_read_all_the_same(tmp_path):
    for number, levels in enumerate(LEVELS):
        Image.fromarray(levels).save(tmp_path / f"{number}.jpg", comment=b"x" * 65_000, icc_profile=bytes(65_000))
    assert open_set(tmp_path).count == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
def test_a_pipe_that_is_called_like_an_image_is_refused_or_left_out_and_keeps_nobody_waiting(folder):
    os.mkfifo(folder / "a.png")
    with pytest.raises(GenauditError, match=r"Cannot read a\.png: .*No regular file, but a pipe"):
        open_set(folder)
    assert open_set(folder, skip_corrupt=True).skipped == ("a.png",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are of POSIX")
@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.zip"])
def test_a_pipe_that_is_called_like_an_array_or_an_archive_is_refused(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(GenauditError, match="No regular file, but a pipe"):
        open_set(tmp_path / name)


def test_files_that_are_no_image_to_us_are_counted_by_suffix_and_texts_are_not(folder, tmp_path):
    for name in ("a.gif", "b.GIF", "c.tif", "d"):
        (folder / name).write_bytes(b"x")
    (folder / "._0.png").write_bytes(b"what macOS leaves")
    said = "left out of the {}: 2 .gif, 1 .tif, 1 hidden, 1 without a suffix. read are .png"
    assert open_set(folder).remarks[0].lower().startswith(said.format("folder crops"))
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert open_set(zipped(tmp_path / "z.zip", files)).remarks[0].lower().startswith(said.format("zip file z.zip"))


def test_a_folder_of_other_images_alone_says_what_lies_there(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.gif").write_bytes(b"x")
    with pytest.raises(GenauditError, match=r"holds no item that could be scored \(left out: 3 \.gif\)"):
        open_set(tmp_path)


def test_two_paths_to_one_file_are_told_of_and_copies_are_not_links(folder):
    (folder / "link.png").symlink_to(folder / "a" / "0.png")
    (folder / "hard.png").hardlink_to(folder / "a" / "0.png")
    (folder / "copy.png").write_bytes((folder / "a" / "0.png").read_bytes())
    (remark,) = [said for said in open_set(folder).remarks if "links" in said]
    assert remark.startswith(
        "2 of 8 paths in the folder crops are links to a file of the set that counts under another"
    )


def test_a_linked_folder_is_not_entered_and_is_told_of(folder, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    assert "1 linked folder" in open_set(folder).remarks[0]


def test_a_name_that_is_no_utf8_is_used_with_its_bytes_escaped(tmp_path):
    for number, name in enumerate((b"caf\xe9.png", b"caf\xc3\xa9.png")):
        (tmp_path / os.fsdecode(name)).write_bytes(png(LEVELS[number]))
    assert open_set(tmp_path).names == ("caf\\xe9.png", "café.png")


def test_an_encrypted_entry_is_refused_in_words(tmp_path):
    path = zipped(tmp_path / "enc.zip", {f"{number}.png": png(LEVELS[number]) for number in range(2)})
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # general purpose flags of either header
        content[content.index(signature) + place] |= 1
    path.write_bytes(content)
    with pytest.raises(GenauditError, match=r"Cannot read 0\.png: it is encrypted; pack it again without a password\."):
        open_set(path)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        (LEVELS // 255, "are at most 1 of 255, so that they are black to any network. Were they scaled twice"),
        (LEVELS / 255 / 255, "are at most 1 of 255"),
        (LEVELS // 2 + 128, "lie between 128 and 255 of 0 to 255, in half of the range or less"),
        (LEVELS, ""),
    ],
)
def test_images_of_a_part_of_the_range_are_told_of(levels, said):
    assert LEVELS.min() < 2
    assert LEVELS.max() == 255
    remarks = [remark for remark in open_set(levels, side="generated").remarks if remark.startswith("All levels")]
    assert [f"All levels in the generated array in memory {said}" in remark for remark in remarks] == (
        [True] if said else []
    )


def test_an_image_of_16_bits_that_holds_8_is_told_of(tmp_path):
    for number in range(3):
        Image.fromarray(LEVELS[number, :, :, 0].astype(np.uint16)).save(tmp_path / f"{number}.png")
    assert any("black to any network" in remark for remark in open_set(tmp_path).remarks)


def test_copies_are_counted_where_they_are_a_tenth_and_links_are_not_counted_again(folder):
    assert not any("pixel for pixel" in remark for remark in open_set(folder).remarks)
    (folder / "link.png").symlink_to(folder / "a" / "0.png")
    assert not any("pixel for pixel" in remark for remark in open_set(folder).remarks)
    (folder / "copy.png").write_bytes((folder / "a" / "0.png").read_bytes())
    assert any(
        remark.startswith("1 of 7 images in the folder crops are the same") for remark in open_set(folder).remarks
    )
    many = np.random.RandomState(0).randint(0, 256, (50, 4, 4, 3), dtype=np.uint8)
    many[-4:] = many[:4]
    assert open_set(many).remarks == ()  # 8 %: a data set may have a few
