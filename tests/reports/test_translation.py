from dataclasses import replace

import numpy as np
from PIL import Image
from records import record, result

from genaudit.values.run import ImageSheet
from genaudit_reports.content.grouping import described
from genaudit_reports.content.metric_rows import briefly, metric_row
from genaudit_reports.content.summary import summary
from genaudit_reports.content.translation import UNFAITHFUL, translation_sentences
from genaudit_reports.html_report import html_report


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2060", "")


def translated(beyond=(0.004, 0.05), metrics=("translation_accuracy", "attribute_flip_rate", "cycle_consistency")):
    """The record of a translator that samples nothing."""
    flips = {"in_true_translations": 0.011, "beyond_them": sum(beyond) / 2}
    details = {
        "translation_accuracy": {"untranslated": 0.165},
        "attribute_flip_rate": {**flips, "beyond_them_low": beyond[0], "beyond_them_high": beyond[1]},
    }
    values = {"translation_accuracy": 0.023, "attribute_flip_rate": 0.04, "cycle_consistency": 0.024}
    results = [
        result(name, values[name], interval=(0.9 * values[name], 1.1 * values[name]), details=details.get(name, {}))
        for name in metrics
    ]
    directions = [
        result("fid", value, group=f"translations, {way}") for value, way in ((0.5, "a to b"), (0.7, "b to a"))
    ]
    return record(results=(*results, *directions), failures=())


def test_the_lead_of_a_translator_is_its_distance_to_the_truth_and_to_doing_nothing():
    assert plain(summary(translated()).lead) == (
        "10 000 translated images differ from what they truly look like in the other domain by 0.0230 "
        "(95 % interval 0.0207 – 0.0253), on a scale from 0 to 1; left as they were, by 0.1650."
    )


def test_the_only_distance_of_a_translator_that_goes_one_way_stands_on_its_page(tmp_path):
    both = translated()
    one_way = replace(both, results=tuple(each for each in both.results if each.group != "translations, b to a"))
    page = plain(html_report(one_way, tmp_path).decode())
    assert 'id="fidelity"' in page
    assert "Distance of translations" in page
    assert "translations, a to b" in page


def test_flips_beyond_what_readers_err_are_the_models():
    _, flips, _ = map(plain, translation_sentences(translated()))
    assert "In 4.0 % (95 % interval 3.6 – 4.4 %) of them something is read otherwise" in flips
    assert "in true translations the same readers see that in 1.1 %" in flips
    assert flips.endswith("The difference, 0.4 – 5.0 percentage points, is the model's: it changes what it shows.")


def test_flips_within_what_readers_err_are_not_held_against_the_model():
    said = plain(translation_sentences(translated(beyond=(-0.01, 0.02)))[1])
    assert said.endswith("percentage points, which may be none.")
    steadier = plain(translation_sentences(translated(beyond=(-0.02, -0.01)))[1])
    assert steadier.endswith("the model's translations are read more steadily.")


def test_the_cycle_is_never_told_without_what_it_cannot_tell():
    assert translation_sentences(translated())[-1].endswith(UNFAITHFUL)
    assert translation_sentences(translated(metrics=("translation_accuracy",)))[-1].count("Cycle") == 0


def test_the_text_of_a_view_is_found_for_each_of_its_directions():
    made = translated()
    own = replace(made.metrics[0], view="translations", title="Fréchet distance of translations")
    made = replace(made, metrics=(*made.metrics, own))
    assert described(made, "fid", "translations, a to b").title == "Fréchet distance of translations"
    assert described(made, "fid", "translationsandmore").title == "Fréchet distance"


def sheets(folder):
    (folder / "samples").mkdir()
    shown = []
    for number in (1, 2):
        path = f"samples/translations-{number}.png"
        Image.fromarray(np.full((64, 256, 3), 40 * number, np.uint8)).save(folder / path)
        shown.append(
            ImageSheet(
                name=f"translations-{number}",
                path=path,
                caption=f"Way {number}.",
                columns=16,
                rows=4,
                tile=(16, 16),
                sha256="",
            )
        )
    return tuple(shown)


def test_the_page_shows_the_strips_of_every_direction_and_says_what_the_cycle_cannot_tell(tmp_path):
    page = html_report(replace(translated(), images=sheets(tmp_path)), tmp_path).decode()
    opening = page[page.index('<section class="first') : page.index("</section>")]
    section = page[page.index('<h2 id="translation">') :]
    section = section[: section.index("</section>")]
    assert (opening.count("<img"), section.count("<img")) == (4, 0)  # two strips in two halves each
    assert "Way 1." in opening
    assert "The strips of each direction stand at the top of this page." in section
    assert "Cycle error alone is not faithfulness" in opening
    assert "That the last row, translated back, is like the first proves little." in section
    assert "Distance of translations" in page
    assert "Samples start from random latents" not in page


def test_a_page_of_a_model_without_a_way_back_speaks_of_no_cycle(tmp_path):
    one_way = translated(metrics=("translation_accuracy", "attribute_flip_rate"))
    page = html_report(replace(one_way, images=sheets(tmp_path)), tmp_path).decode()
    assert 'id="translation"' in page
    assert "Cycle error alone" not in page
    assert "translated back" not in page[page.index('id="translation"') :]


def test_a_page_without_translations_has_no_such_section(tmp_path):
    assert 'id="translation"' not in html_report(record(), tmp_path).decode()


def of_a_translator():
    """The same record, of a generator that is a translator and samples nothing."""
    made = translated()
    return replace(made, generator=replace(made.generator, capabilities=("Translator", "Trainable")))


def test_the_page_of_a_translator_counts_no_generated_images(tmp_path):
    page = html_report(of_a_translator(), tmp_path).decode()
    assert "translated images" in page
    assert "<dt>generated images</dt>" not in page
    assert "Numbers count translations of held-out images" in page
    assert "Most numbers count generated" not in page
    sampler = html_report(translated(), tmp_path).decode()
    assert "<dt>generated images</dt>" in sampler


def test_a_note_that_two_directions_share_is_said_once_and_then_referred_to_in_plain_words():
    long = "With 397 independent items for 64 dimensions, fewer than 10 each, the value holds much small-sample bias."
    rows = [
        metric_row(translated(), result("fid", 0.6, group=f"translations, {way}", note=long))
        for way in ("a to b", "b to a")
    ]
    rows = [replace(row, title="Fréchet distance of translations") for row in rows]
    assert [row.note for row in briefly(rows)] == [
        long,
        "The note on Fréchet distance of translations (a to b) holds here too.",
    ]
