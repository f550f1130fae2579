"""The loader keeps one broken plugin from harming the others, and says what is wrong with it."""

import sys

import pytest
import records

from genaudit.errors import PluginError
from genaudit.plugin.manager import load_plugins
from genaudit.version import VERSION

GOOD = """
    from genaudit.plugin import GeneratorSpec, hookimpl

    @hookimpl
    def genaudit_generators():
        yield GeneratorSpec(name="aurora", summary="Lights.", target="aurora_model:build", capabilities=("Sampler",),
                            image_shape=(3, 16, 16), version="3")
"""


def status_of(catalog, name):
    (status,) = [status for status in catalog.statuses if status.name == name]
    return status


def load_module(site, source, **changes):
    """The status and the catalog after one module 'odd' of distribution 'odd-models' was loaded."""
    site.install("odd-models", {"odd": "odd_plugin"}, odd_plugin=source)
    catalog = load_plugins(**changes)
    return status_of(catalog, "odd"), catalog


def test_a_good_plugin_is_loaded_with_its_components_and_capabilities(site):
    site.install("aurora-models", {"aurora": "aurora_plugin"}, version="2.5", aurora_plugin=GOOD)
    status = status_of(load_plugins(), "aurora")
    assert (status.distribution, status.version, status.state, status.error) == ("aurora-models", "2.5", "loaded", "")
    assert status.components == ("generator:aurora",)
    assert status.capabilities == ("Sampler",)


def test_loading_does_not_import_the_target(site):
    site.install("aurora-models", {"aurora": "aurora_plugin"}, aurora_plugin=GOOD, aurora_model="raise SystemExit")
    load_plugins()
    assert "aurora_model" not in sys.modules


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("raise RuntimeError('no licence\\nfile')", "import: RuntimeError: no licence file"),
        ("import not_installed_anywhere", "import: ModuleNotFoundError: No module named 'not_installed_anywhere'"),
        ("import sys; sys.exit('goodbye')", "import: SystemExit: goodbye"),
        ("class Mute(Exception):\n    __str__ = None\nraise Mute", "import: Mute: its message cannot be read"),
        ("def broken(:", "import: SyntaxError: invalid syntax (odd_plugin.py, line 1)"),
    ],
)
def test_a_plugin_that_raises_at_import_fails_alone(site, source, error):
    site.install("aurora-models", {"aurora": "aurora_plugin"}, aurora_plugin=GOOD)
    status, catalog = load_module(site, source)
    assert (status.state, status.error) == ("failed", error)
    assert status_of(catalog, "aurora").state == "loaded"


def test_a_request_for_a_plugin_that_failed_names_plugin_distribution_stage_and_cause(site):
    _, catalog = load_module(site, "raise RuntimeError('no licence')")
    with pytest.raises(PluginError) as caught:
        catalog.generator("odd")
    assert str(caught.value) == (
        "Plugin 'odd' (odd-models 1.0) failed at stage import: RuntimeError: no licence; so there is no generator "
        "'odd'.  Mend or update odd-models. See 'genaudit plugins list'."
    )


@pytest.mark.parametrize("name", ["odd", "odd-models", "Odd_Models", "odd_models:odd"])
def test_a_blocked_plugin_is_not_imported(site, name):
    status, catalog = load_module(site, "raise AssertionError('it was imported')", block=[name])
    assert (status.state, status.error, status.components) == ("blocked", "", ())
    assert "odd_plugin" not in sys.modules
    with pytest.raises(
        PluginError, match=r"Plugin 'odd' \(odd-models 1.0\) is blocked, so there is no generator 'odd'"
    ):
        catalog.generator("odd")


def hook(body, decorator="@hookimpl", name="genaudit_generators", arguments=""):
    return f"""
    from genaudit.plugin import *
    from genaudit.plugin import hookimpl
    from genaudit.values.results import Direction
    def spec(**changes):
        fields = dict(name="odd", summary="", target="odd_model:build", image_shape=(3, 16, 16))
        return GeneratorSpec(**(fields | changes))
    {decorator}
    def {name}({arguments}):
        {body}
    """


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("raise ValueError('no weights')", "ValueError: no weights"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("return None", "TypeError: returned None, not an iterable of specs"),
        ("return 7", "TypeError: returned an object of type int, not an iterable of specs"),
        ("return 'odd'", "TypeError: returned an object of type str, not an iterable of specs"),
        ("return spec()", "TypeError: returned an object of type GeneratorSpec, not an iterable of specs"),
        ("return ['odd']", "returned a str, not a GeneratorSpec"),
        ("return [ReporterSpec(name='x', summary='', target='a:b', filename='x.y')]",
         "returned a ReporterSpec, not a GeneratorSpec"),
        ("return [GeneratorSpec(name='odd')]",
         "TypeError: GeneratorSpec.__init__() missing 2 required keyword-only arguments: 'summary' and 'target'"),
        ("return [spec(name='Odd One')]",
         "generator 'Odd One': the name is not made of lower-case letters, digits, '-' and '_', 64 at most"),
        ("return [spec(name=7)]",
         "generator 7: the name is not made of lower-case letters, digits, '-' and '_', 64 at most"),
        ("return [spec(capabilities=('Samplr',))]",
         "generator 'odd': no capability 'Samplr'; did you mean 'Sampler'?"),
        ("return [spec(capabilities='Sampler')]",
         "generator 'odd': capabilities is 'Sampler', not a tuple of names"),
        ("return [spec(target='odd_model')]",
         "generator 'odd': target 'odd_model' is not of the form 'module:Object'"),
        ("return [spec(data_kind='audio')]", "generator 'odd': data_kind is 'audio', not one of 'image', 'vector'"),
        ("return [spec(image_shape=(16, 16))]",
         "generator 'odd': the shape (16, 16) does not fit data_kind 'image': it has 3 sizes"),
        ("return [spec(image_shape=(3, 16, 0))]",
         "generator 'odd': the shape (3, 16, 0) is not a tuple of positive whole numbers"),
    ],
)  # fmt: skip
def test_a_defect_in_a_hook_is_the_error_of_its_plugin_alone(site, body, error):
    site.install("aurora-models", {"aurora": "aurora_plugin"}, aurora_plugin=GOOD)
    status, catalog = load_module(site, hook(body))
    assert (status.state, status.error) == ("failed", f"hook genaudit_generators: {error}")
    assert catalog.generator("aurora").origin == "aurora-models 1.0"


def test_what_a_generator_hook_yields_before_it_raises_can_be_used(site):
    status, catalog = load_module(site, hook("yield spec(); raise ValueError('second model')"))
    assert (status.state, status.components) == ("partial", ("generator:odd",))
    assert status.error == "hook genaudit_generators: ValueError: second model"
    assert catalog.generator("odd").plugin == "odd"


def test_a_reporter_cannot_write_outside_the_run_folder(site):
    body = "return [ReporterSpec(name='x', summary='', target='a:b', filename='../../report.html')]"
    status, _ = load_module(site, hook(body, name="genaudit_reporters"))
    assert status.error == (
        "hook genaudit_reporters: reporter 'x': filename '../../report.html' is not the name of a file in the run "
        "folder, such as 'report.html'"
    )


@pytest.mark.parametrize(
    ("kind", "change", "defect"),
    [
        ("generator", "licence=None", "licence is None, not a text"),
        ("generator", "title=7", "title is 7, not a text"),
        ("generator", "checkpoint=None", "checkpoint is None, not a text"),
        ("generator", r"summary='half \ud83d'", r"summary is 'half \ud83d', not a text"),
        ("generator", "image_shape=[3, 16, 16]", "the shape [3, 16, 16] is not a tuple of positive whole numbers"),
        ("generator", "image_shape=(True, 16, 16)", "the shape (True, 16, 16) is not a tuple of positive whole number"),
        ("dataset", "splits=('evaluation',)", "splits is ('evaluation',), not a mapping of texts to whole numbers"),
        ("dataset", "splits={'evaluation': 'all'}", "splits is {'evaluation': 'all'}, not a mapping of texts to who"),
        ("dataset", "attributes={'digit': 10}", "attributes is {'digit': 10}, not a mapping of texts to tuples of te"),
        ("dataset", "pairs=('digit',)", "pairs is ('digit',), not a tuple of pairs of texts"),
        ("extractor", "outputs={'features': 1.5}", "outputs is {'features': 1.5}, not a mapping of texts to whole num"),
        ("annotator", "levels=(0, 1)", "levels is (0, 1), not a tuple of texts"),
        ("metric", "title=None", "title is None, not a text"),
        ("metric", "bounds=(0,)", "bounds is (0,), not a pair of finite numbers, None where there is no bound"),
        ("metric", "bounds=(0, float('inf'))", "bounds is (0, inf), not a pair of finite numbers, None where there"),
        ("metric", "needs='features'", "needs is 'features', not a tuple of texts"),
        ("metric", "needs=()", "needs is (), not a tuple of observations"),
        ("metric", "direction='lower'", "direction is 'lower', not a Direction"),
        ("metric", "min_samples=0", "min_samples is 0, not a whole number from 1"),
        ("audit", "needs=(None,)", "needs is (None,), not a tuple of texts"),
        ("reporter", "filename=None", "filename is None, not a text"),
        ("reporter", "filename='run.json'", "filename 'run.json' is a file that the run itself writes; take another"),
        ("reporter", "filename='Log.txt'", "filename 'Log.txt' is a file that the run itself writes; take another"),
    ],
)  # fmt: skip
def test_a_field_of_a_wrong_type_is_the_error_of_its_plugin(site, kind, change, defect):
    body = f"return [{kind.capitalize()}Spec(**({KINDS[kind]} | dict({change})))]"
    status, _ = load_module(site, hook(body, name=f"genaudit_{kind}s"))
    assert status.state == "failed"
    assert status.error.startswith(f"hook genaudit_{kind}s: {kind} 'odd': {defect}")


COMMON = "dict(name='odd', summary='', target='a:b')"
KINDS = {
    "generator": COMMON,
    "dataset": COMMON,
    "extractor": COMMON,
    "annotator": f"{COMMON} | dict(attribute='digit', levels=('0', '1'))",
    "metric": f"{COMMON} | dict(title='', needs=('features',), unit='', direction=Direction.NONE)",
    "audit": f"{COMMON} | dict(title='', needs=('features',))",
    "reporter": f"{COMMON} | dict(filename='odd.txt')",
}
"""Fields with which a spec of each kind is sound."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_spec_of_each_kind_is_loaded(site, kind):
    body = f"return [{kind.capitalize()}Spec(**({KINDS[kind]}))]"
    status, _ = load_module(site, hook(body, name=f"genaudit_{kind}s"))
    assert (status.state, status.components) == ("loaded", (f"{kind}:odd",))


def test_a_misspelt_hook_is_reported_with_the_nearest_one(site):
    status, _ = load_module(site, hook("return [spec()]", name="genaudit_generator"))
    assert status.state == "failed"
    assert status.error == "hook genaudit_generator: there is no such hook; did you mean 'genaudit_generators'?"


def test_a_hook_without_its_marker_is_reported(site):
    status, _ = load_module(site, hook("return [spec()]", decorator=""))
    assert status.error == "hook genaudit_generators: it is not marked with @hookimpl"


def test_a_hook_with_an_argument_that_it_does_not_get_is_refused(site):
    status, _ = load_module(site, hook("return [spec()]", arguments="config"))
    assert status.state == "failed"
    assert status.error.startswith("hook: PluginValidationError: Plugin 'odd' for hook 'genaudit_generators'")


def test_what_a_plugin_prints_while_it_loads_is_kept_off_stdout(site, capsys):
    load_module(site, "print('loading the odd models')")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "loading the odd models\n")


def test_an_object_may_carry_the_hooks_instead_of_a_module(site):
    source = f"""{GOOD}
    class Plugin:
        genaudit_generators = staticmethod(genaudit_generators)

    plugin = Plugin()
    """
    site.install("odd-models", {"odd": "odd_plugin:plugin"}, odd_plugin=source)
    assert status_of(load_plugins(), "odd").components == ("generator:aurora",)


def test_a_damaged_entry_point_file_harms_only_its_distribution(site):
    site.install("aurora-models", {"aurora": "aurora_plugin"}, aurora_plugin=GOOD)
    site.install("damaged", "[genaudit]\nno equals sign here\n")
    catalog = load_plugins()
    assert status_of(catalog, "aurora").state == "loaded"
    assert status_of(catalog, "damaged").error.startswith("import: ValueError: entry_points.txt cannot be read (")


def test_a_damaged_entry_point_file_of_another_group_is_nobodys_business(site):
    site.install("foreign", "[console_scripts]\nno equals sign here\n")
    assert "foreign" not in [status.distribution for status in load_plugins().statuses]


def test_the_copy_of_a_distribution_that_comes_first_on_the_path_is_the_one_that_is_loaded(site, tmp_path_factory):
    import distributions

    site.install("aurora-models", {"aurora": "aurora_plugin"}, version="1.0", aurora_plugin=GOOD)
    with distributions.site(tmp_path_factory.mktemp("first")) as first:
        first.install("aurora-models", {"aurora": "aurora_plugin"}, version="2.0", aurora_plugin=GOOD)
        assert status_of(load_plugins(), "aurora").version == "2.0"


OBSERVER = """
    from genaudit.plugin import hookimpl
    seen = []

    @hookimpl
    def genaudit_run_finished(record):
        seen.append(record.run_id)
        {then}
"""


def test_an_observer_hears_of_a_finished_run(site):
    status, catalog = load_module(site, OBSERVER.format(then="return 'ignored'"))
    assert status.state == "loaded"
    assert catalog.notify_finished(records.record(run_id="one")) == []
    assert sys.modules["odd_plugin"].seen == ["one"]


def test_what_an_observer_raises_is_a_warning(site):
    _, catalog = load_module(site, OBSERVER.format(then="raise OSError('tracker is away')"))
    assert catalog.notify_finished(records.record()) == [
        "Plugin 'odd' (odd-models 1.0) failed at stage hook genaudit_run_finished: OSError: tracker is away."
    ]


def test_a_module_that_is_named_is_loaded_like_a_plugin(site, tmp_path):
    (tmp_path / "loose_model.py").write_text(GOOD.replace("\n    ", "\n").strip(), encoding="utf-8")
    catalog = load_plugins(load=["loose_model"])
    status = status_of(catalog, "loose_model")
    assert (status.distribution, status.state) == ("module loose_model", "loaded")
    assert catalog.generator("aurora").spec.version == "3"
    assert "aurora" not in load_plugins().names("generator")


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("not_there_at_all", "import: ModuleNotFoundError: No module named 'not_there_at_all'.*Give the dotted name"),
        ("no/module.py", "import: ModuleNotFoundError.*Give the dotted name"),
        ("odd_one", "lost.*Mend that module: it is there"),
        ("lacking_one", "No module named 'lacked'.*Mend that module: it is there"),
    ],
)
def test_a_named_module_that_cannot_be_loaded_is_refused(site, tmp_path, module, said):
    (tmp_path / "odd_one.py").write_text("raise OSError('lost')", encoding="utf-8")
    (tmp_path / "lacking_one.py").write_text("import lacked", encoding="utf-8")
    with pytest.raises(PluginError, match=f"The module '{module}' that was to be loaded failed at stage .*{said}"):
        load_plugins(load=[module])


def requiring(site, *requirements):
    """A sound plugin whose metadata hold these requirements."""
    site.install("aurora-models", {"aurora": "aurora_plugin"}, version="2.5", aurora_plugin=GOOD)
    (place,) = site.folder.glob("aurora_models-*.dist-info")
    lines = "".join(f"Requires-Dist: {text}\n" for text in requirements)
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: aurora-models\nVersion: 2.5\n{lines}\nA text.\n")
    return load_plugins()


@pytest.mark.parametrize("text", ["genaudit>=9", "Genaudit (<0.1)", "genaudit[hub]==7.*", "genaudit ~= 3.1"])
def test_a_plugin_for_another_version_is_not_imported_and_says_which(site, text):
    catalog = requiring(site, "torch", text)
    status = status_of(catalog, "aurora")
    asked = (
        text.strip("()")
        .removeprefix("Genaudit (")
        .removeprefix("genaudit[hub]")
        .removeprefix("genaudit")
        .replace(" ", "")
    )
    assert (status.state, status.error) == (
        "failed",
        f"version: it asks for genaudit{asked}, and this is genaudit {VERSION}",
    )
    assert "aurora_plugin" not in sys.modules
    with pytest.raises(PluginError, match=r"Plugin 'aurora' \(aurora-models 2\.5\) failed at stage version: it asks"):
        catalog.generator("aurora")
    assert status_of(catalog, "metrics").state == "loaded"  # nobody else is harmed


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("genaudit",),
        ("genaudit>=0.1,<9",),
        ("genaudit-extras>=9",),
        ("genaudit>=9; extra == 'test'",),
        ("genaudit @ https://example.org/genaudit.whl",),
        ("genaudit", "genaudit_models>=x", "genaudit.models"),
    ],
)
def test_a_range_that_is_met_or_says_nothing_lets_the_plugin_in(site, texts):
    assert status_of(requiring(site, *texts), "aurora").state == "loaded"


@pytest.mark.parametrize("text", ["genaudit!!", "Genaudit about nine", "genaudit>=x", "genaudit>=0.1; extra =="])
def test_a_requirement_that_nobody_can_read_is_told_of_and_the_plugin_works(site, text):
    catalog = requiring(site, "torch", text)
    status = status_of(catalog, "aurora")
    assert status.state == "partial"
    assert f"version: '{text}' in its metadata is no requirement that can be read" in status.error
    assert catalog.generator("aurora").distribution == "aurora-models"
    assert [warning for warning in catalog.warnings if text in warning and "aurora-models 2.5" in warning]


def test_a_name_that_two_distributions_bring_is_refused_with_both_and_a_way_out(site):
    site.install("aurora-models", {"aurora": "aurora_plugin"}, version="2.5", aurora_plugin=GOOD)
    site.install("polar-lights", {"aurora": "polar_plugin"}, version="0.3", polar_plugin=GOOD)
    with pytest.raises(PluginError) as refused:
        load_plugins().generator("aurora")
    assert "brought by aurora-models 2.5 (plugin 'aurora') and polar-lights 0.3 (plugin 'aurora')" in str(refused.value)
    assert "--block aurora-models:aurora or --block polar-lights:aurora" in str(refused.value)
    assert load_plugins(block=["polar-lights:aurora"]).generator("aurora").distribution == "aurora-models"


def test_a_hook_that_yields_without_an_end_is_asked_for_a_thousand_specs_and_no_more(site):
    endless = """
from genaudit.plugin import GeneratorSpec, hookimpl
from itertools import count

@hookimpl
def genaudit_generators():
    for n in count():
        yield GeneratorSpec(name=f"g{n}", summary="", target="m:m", image_shape=(3, 4, 4))
"""
    site.install("endless", {"endless": "endless_plugin"}, endless_plugin=endless)
    status = status_of(load_plugins(), "endless")
    assert status.state == "partial"
    assert (
        status.error
        == "hook genaudit_generators: ValueError: it gave more than 1,000 specs, and was not asked for more"
    )


def test_a_named_module_without_hooks_is_refused():
    with pytest.raises(
        PluginError, match=r"The module 'colorsys' that was to be loaded has no hooks of genaudit.*--load"
    ):
        load_plugins(load=["colorsys"])
