"""Names lead to components, or to a message that says which names there are and what became of the others."""

from dataclasses import replace

import pytest

from genaudit.errors import PluginError, UnknownName
from genaudit.plugin import GeneratorSpec, MetricSpec, ReporterSpec
from genaudit.plugin.catalog import Catalog, Registered
from genaudit.plugin.loading import load_target
from genaudit.values.results import Direction
from genaudit.values.run import PluginStatus


def generator(name="vae", plugin="vae", distribution="genaudit", target="json:dumps"):
    spec = GeneratorSpec(name=name, summary="", target=target)
    return Registered(spec=spec, plugin=plugin, distribution=distribution, version="0.1.0")


def metric(name="fid", view="", distribution="genaudit"):
    spec = MetricSpec(
        name=name,
        view=view,
        summary="",
        target="a:b",
        title="",
        needs=("features",),
        unit="",
        direction=Direction.LOWER,
    )
    return Registered(spec=spec, plugin="metrics", distribution=distribution, version="0.1.0")


def reporter(name, filename, distribution="genaudit"):
    spec = ReporterSpec(name=name, summary="", target="a:b", filename=filename)
    return Registered(spec=spec, plugin=f"{name}-reports", distribution=distribution, version="0.1.0")


def catalog(*registered, statuses=()):
    return Catalog(statuses=tuple(statuses), registered=registered)


def test_a_component_is_found_with_its_origin():
    found = catalog(generator()).generator("vae")
    assert (found.spec.name, found.origin) == ("vae", "genaudit 0.1.0")


def test_an_unknown_name_gets_the_nearest_one_and_the_list():
    with pytest.raises(UnknownName) as caught:
        catalog(generator(), generator("dcgan")).get("generator", "vea")
    assert str(caught.value) == (
        "No generator 'vea'. Did you mean 'vae'? Installed: dcgan, vae.  See 'genaudit plugins list'."
    )


def test_an_unknown_name_mentions_the_plugins_that_did_not_load():
    blocked = PluginStatus(name="extras", distribution="extras", version="1", state="blocked")
    with pytest.raises(UnknownName, match=r"Blocked: extras\.$"):
        catalog(generator(), statuses=[blocked]).generator("pixelcnn")


def test_an_unknown_name_tells_why_the_plugin_that_may_bring_it_was_not_loaded():
    error = "version: it asks for genaudit>=99, and this is genaudit 0.1.0"
    refused = PluginStatus(name="old", distribution="old-models", version="2", state="failed", error=error)
    with pytest.raises(UnknownName) as caught:
        catalog(generator(), statuses=[refused]).generator("old-vae")
    assert (
        "A plugin that was not loaded may bring it: Plugin 'old' (old-models 2) failed at stage version: it asks for "
        "genaudit>=99, and this is genaudit 0.1.0. Install a version of it that works with this genaudit"
    ) in str(caught.value)


def test_names_of_one_kind_are_not_names_of_another():
    with pytest.raises(UnknownName, match="No dataset 'vae'"):
        catalog(generator()).dataset("vae")


def test_two_plugins_with_one_name_are_refused_when_that_name_is_asked_for():
    both = catalog(generator(), generator(plugin="my-vae", distribution="other"), generator("dcgan"))
    with pytest.raises(PluginError) as caught:
        both.generator("vae")
    assert str(caught.value) == (
        "The generator 'vae' is brought by genaudit 0.1.0 (plugin 'vae') and other 0.1.0 (plugin 'my-vae'), so it is "
        "not clear which one is meant.  Keep one out: --block vae or --block my-vae."
    )
    assert both.generator("dcgan").spec.name == "dcgan"


def test_entry_points_with_one_name_are_told_apart_by_distribution():
    with pytest.raises(PluginError, match="--block genaudit:vae or --block other:vae"):
        catalog(generator(), generator(distribution="other")).generator("vae")


def test_a_clash_is_listed_by_name_and_left_out_of_all():
    both = catalog(generator(), generator(plugin="my-vae", distribution="other"), generator("dcgan"))
    assert both.names("generator") == ["dcgan", "vae"]
    assert [found.spec.name for found in both.all("generator")] == ["dcgan"]
    assert len(both.clashes) == 1
    assert both.warnings == both.clashes


def test_a_metric_may_have_several_views():
    both = catalog(metric(view="reconstructions"), metric())
    assert [found.spec.view for found in both.metrics("fid")] == ["", "reconstructions"]
    assert both.get("metric", "fid").spec.view == ""
    assert both.clashes == ()


def test_the_same_view_of_a_metric_twice_is_a_clash():
    with pytest.raises(PluginError, match=r"The metric 'fid' is brought by genaudit 0.1.0 .* and other 0.1.0"):
        catalog(metric(), metric(distribution="other")).metrics("fid")


def test_a_view_of_anothers_metric_is_left_out_and_told_of_whoever_comes_first():
    for order in (1, -1):
        both = catalog(*[metric(), metric(view="mine", distribution="other")][::order])
        assert [found.spec.view for found in both.metrics("fid")] == [""]
        assert [found.distribution for found in both.all("metric")] == ["genaudit"]
        (said,) = both.warnings
        assert said.startswith("The view 'mine' of the metric 'fid', brought by other 0.1.0 (plugin ")
        assert "is left out: the name belongs to genaudit 0.1.0." in said


def test_an_unknown_metric_is_refused():
    with pytest.raises(UnknownName, match="Did you mean 'fid'"):
        catalog(metric()).metrics("fdi")


def test_a_plugin_that_did_not_load_wholly_is_a_warning_of_one_line():
    partial = PluginStatus(name="odd", distribution="odd-models", version="1.0", state="partial", error="hook h: X: y")
    assert catalog(statuses=[partial]).warnings == (
        "Plugin 'odd' (odd-models 1.0) partly failed at stage hook h: X: y.",
    )


def test_a_target_is_imported_on_first_use():
    import json

    assert load_target(generator()) is json.dumps


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("absent_module:build", "ModuleNotFoundError: No module named 'absent_module'"),
        ("json:bild", "AttributeError: module 'json' has no attribute 'bild'"),
    ],
)
def test_a_target_that_cannot_be_imported_names_component_plugin_distribution_stage_and_cause(target, cause):
    with pytest.raises(PluginError) as caught:
        load_target(generator("blobs", "stranger", "stranger-models", target))
    assert caught.value.message == (
        f"The generator 'blobs' of plugin 'stranger' (stranger-models 0.1.0) failed at stage import, in {target}: "
        f"{cause}."
    )
    assert "--block stranger" in caught.value.hint


def test_a_target_whose_import_ends_the_program_is_an_error_like_any_other(tmp_path, monkeypatch):
    (tmp_path / "leaving.py").write_text("raise SystemExit(0)")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(PluginError, match="SystemExit: 0"):
        load_target(generator(target="leaving:build"))


def test_two_reporters_of_one_file_are_refused_when_one_of_them_is_asked_for():
    both = catalog(reporter("html", "report.html"), reporter("page", "Report.html", "other"), reporter("csv", "m.csv"))
    with pytest.raises(PluginError) as caught:
        both.reporter("html")
    assert str(caught.value) == (
        "The reporters 'html' of genaudit 0.1.0 (plugin 'html-reports') and 'page' of other 0.1.0 (plugin "
        "'page-reports') write the same file, report.html.  Keep one out: --block html-reports or --block page-reports."
    )
    assert len(both.clashes) == 1
    assert both.reporter("csv").spec.filename == "m.csv"


def test_a_component_whose_requirement_is_absent_is_refused_with_the_command_that_helps():
    spec = ReporterSpec(
        name="rare", summary="", target="rare:rare", filename="rare.txt", requires=("no_such_module",), install="a[b]"
    )
    catalog = Catalog(statuses=(), registered=(Registered(spec=spec, plugin="p", distribution="d", version="1"),))
    with pytest.raises(PluginError, match=r"'rare' needs no_such_module, which is not installed.*pip install 'a\[b\]'"):
        catalog.reporter("rare")


def test_with_the_layout_of_a_folder_the_reporter_of_folders_writes_where_there_is_one():
    page, folder, table = reporter("page", "p.html"), reporter("page-dir", "p/index.html"), reporter("table", "t.csv")
    either = catalog(replace(page, spec=replace(page.spec, as_folder="page-dir")), folder, table)
    names = {layout: either.reporters(["page", "table"], layout) for layout in ("file", "dir")}
    assert [one.spec.name for one in names["file"].values()] == ["page", "table"]
    assert {asked: one.spec.name for asked, one in names["dir"].items()} == {"page": "page-dir", "table": "table"}
    with pytest.raises(UnknownName, match="No layout 'folder'"):
        either.reporters(["page"], "folder")
