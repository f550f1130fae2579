"""Small networks as files: TorchScript, torch.export, and things that are neither."""

import io
import json
import warnings
import zipfile

import torch


class Edges(torch.nn.Module):
    """Six features of an image: means over space of a fixed convolution and of its square."""

    def __init__(self, noise=0.0):
        super().__init__()
        rng = torch.Generator().manual_seed(0)
        self.register_buffer("kernel", torch.randn(3, 3, 3, 3, generator=rng))
        self.dropout = torch.nn.Dropout(noise)

    def forward(self, images):
        edges = torch.nn.functional.conv2d(images, self.kernel, padding=1)
        return self.dropout(torch.cat([edges.mean((2, 3)), edges.square().mean((2, 3))], dim=1))


class Named(Edges):
    """The same as one of two named outputs."""

    def forward(self, images):
        features = super().forward(images)
        return {"features": features, "logits": 3 * features[:, :4]}


def torchscript_file(path, network=None, size=16):
    with warnings.catch_warnings():  # torch would rather have another format
        warnings.simplefilter("ignore")
        example = torch.zeros(2, 3, size, size)
        torch.jit.trace((network or Edges()).eval(), example, strict=False).save(str(path))
    return path


def exported_file(path, network=None, size=16, batch=None):
    """A ``.pt2`` file for any number of images, or for ``batch`` of them alone."""
    example = torch.zeros(batch or 2, 3, size, size)
    dynamic = None if batch else ({0: torch.export.Dim("images")},)
    torch.export.save(torch.export.export(network or Edges().eval(), (example,), dynamic_shapes=dynamic), path)
    return path


def with_entry(path, name, change):
    """The same archive with one entry changed, or added: ``change`` takes its bytes, empty if there are none."""
    with zipfile.ZipFile(path) as archive:
        root = archive.namelist()[0].partition("/")[0]
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    entries[f"{root}/{name}"] = change(entries.get(f"{root}/{name}", b""))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for entry, content in entries.items():
            archive.writestr(zipfile.ZipInfo(entry), content)
    path.write_bytes(written.getvalue())
    return path


def with_graph(path, change):
    """A ``.pt2`` file whose graph, as JSON, went through a function that changes it in place."""

    def changed(content):
        model = json.loads(content)
        change(model)
        return json.dumps(model).encode()

    return with_entry(path, "models/model.json", changed)
