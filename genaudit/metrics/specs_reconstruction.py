"""Specs of the comparison of images with their reconstructions."""

from __future__ import annotations

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

MSE = MetricSpec(
    name="reconstruction_mse",
    title="Reconstruction error",
    summary="Mean squared difference between held-out images and their reconstructions.",
    target="genaudit.metrics.reconstruction:reconstruction_mse",
    source="mean squared error, per image",
    needs=("reconstructions",),
    unit="squared grey level, range 1",
    direction=Direction.LOWER,
    bounds=(0.0, 1.0),
    formula="mean over images of mean over entries of (x - x')²",
    meaning="What the codes lose, in pixels.",
    caveat="Prefers blur to a sharp detail in the wrong place, and says nothing of samples.",
)
MAE = MetricSpec(
    name="reconstruction_mae",
    title="Absolute reconstruction error",
    summary="Mean absolute difference between held-out images and their reconstructions.",
    target="genaudit.metrics.reconstruction:reconstruction_mae",
    source="mean absolute error, per image",
    needs=("reconstructions",),
    unit="grey level, range 1",
    direction=Direction.LOWER,
    bounds=(0.0, 1.0),
    formula="mean over images of mean over entries of |x - x'|",
    meaning="What the codes lose, in grey levels; a few large errors weigh less than in the squared one.",
    caveat="Shifts by a pixel cost as much as a missing stroke, and it says nothing of samples.",
)
PSNR = MetricSpec(
    name="psnr",
    title="Peak signal-to-noise ratio",
    summary="Reconstruction error in decibels below full range.",
    target="genaudit.metrics.reconstruction:psnr",
    options="genaudit.metrics.options:PsnrOptions",
    source="-10 log10 of the mean squared error of each image, peak 1",
    needs=("reconstructions",),
    unit="decibel",
    direction=Direction.HIGHER,
    formula="mean over images of -10 log10 mean (x - x')²",
    meaning="10 decibels more is a tenth of the squared error.",
    caveat="The mean of ratios and the ratio of the mean error differ by decibels, and tools disagree; both are given.",
)
SSIM = MetricSpec(
    name="ssim",
    title="Structural similarity",
    summary="Agreement of local means, spreads and patterns between images and their reconstructions.",
    target="genaudit.metrics.reconstruction:ssim",
    options="genaudit.metrics.options:SsimOptions",
    source="Wang et al. 2004, Image Quality Assessment: From Error Visibility to Structural Similarity, eq. 13",
    needs=("reconstructions",),
    unit="similarity",
    direction=Direction.HIGHER,
    bounds=(-1.0, 1.0),
    formula="mean over positions of (2 m m' + c1)(2 s + c2) / ((m² + m'² + c1)(v + v' + c2)) in a Gaussian window",
    meaning="1 for equal images. Closer to what eyes see than squared error.",
    caveat="On small images the window of 11 pixels reaches over the edges, and tools differ in what they do there.",
)

MS_SSIM = MetricSpec(
    name="ms_ssim",
    title="Structural similarity over scales",
    summary="Structural similarity of images and reconstructions at five scales, from fine to coarse.",
    target="genaudit.metrics.reconstruction:ms_ssim",
    options="genaudit.metrics.options:MultiscaleOptions",
    source="Wang et al. 2003, Multiscale Structural Similarity for Image Quality Assessment, eq. 7",
    needs=("reconstructions",),
    unit="similarity",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="Π over scales of contrast-structure^weight, times luminance^weight at the coarsest; terms below 0 are 0",
    meaning="1 for equal images. Forgives fine detail more than the similarity at one scale does.",
    caveat="Needs 176 pixels a side for five scales; with fewer scales the values are no longer the published ones.",
)
LPIPS = MetricSpec(
    name="lpips",
    title="Learned perceptual distance",
    summary="Distance of images and reconstructions in a network that was fitted to what people see.",
    target="genaudit.metrics.perceptual:lpips",
    options="genaudit.metrics.options:PerceptualOptions",
    source="Zhang et al. 2018, The Unreasonable Effectiveness of Deep Features, eq. 1",
    needs=("reconstructions",),
    unit="perceptual distance",
    direction=Direction.LOWER,
    formula="mean over images of the program's distance of x and x', both in [-1, 1]",
    meaning="0 for equal images. Agrees with people better than pixels do.",
    caveat="Is what the given program computes: its digest is in the protocol. Small images are outside its training.",
)

RECONSTRUCTION = (MSE, MAE, PSNR, SSIM, MS_SSIM, LPIPS)
