"""Vectors of a map replaced by the nearest entries of a codebook that follows them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

DECAY = 0.99
"""Of the moving averages that the entries are (van den Oord et al. 2017, appendix A.1)."""
UNUSED = 0.05
"""Average count of a step below which an entry is put where a vector is."""


class Codebook(nn.Module):
    """``count`` vectors of length ``size``; an entry is the moving average of the vectors that chose it."""

    entries: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, count: int, size: int) -> None:
        super().__init__()
        self.register_buffer("entries", torch.zeros(count, size))
        self.register_buffer("counts", torch.zeros(count), persistent=False)
        self.register_buffer("sums", torch.zeros(count, size), persistent=False)

    def nearest(self, maps: Tensor) -> Tensor:
        """Indices ``(n, h, w)`` of the entries nearest to the vectors of maps ``(n, size, h, w)``."""
        rows = maps.movedim(1, -1)
        distances = (self.entries**2).sum(1) - 2 * rows @ self.entries.T
        return distances.argmin(dim=-1)

    def looked_up(self, codes: Tensor) -> Tensor:
        """Maps ``(n, size, h, w)`` of indices ``(n, h, w)``."""
        return self.entries[codes].movedim(-1, 1)

    def follow(self, maps: Tensor, codes: Tensor, draws: torch.Generator) -> None:
        """Move entries towards the vectors that chose them; entries that nobody chooses start again at a vector."""
        rows, chosen = maps.detach().movedim(1, -1).flatten(0, 2), codes.flatten()
        if not bool(self.counts.any()):
            self._start(rows, draws)
            return
        hits = torch.zeros_like(self.counts).index_add_(0, chosen, torch.ones_like(rows[:, 0]))
        self.counts.lerp_(hits, 1 - DECAY)
        self.sums.lerp_(torch.zeros_like(self.sums).index_add_(0, chosen, rows), 1 - DECAY)
        for dead in torch.nonzero(self.counts < UNUSED).flatten():
            row = rows[int(torch.randint(len(rows), (), generator=draws))]
            self.counts[dead], self.sums[dead] = 1.0, row
        self.entries.copy_(self.sums / self.counts[:, None])

    def _start(self, rows: Tensor, draws: torch.Generator) -> None:
        chosen = torch.randint(len(rows), (len(self.entries),), generator=draws)
        self.entries.copy_(rows[chosen.to(rows.device)])
        self.counts.fill_(1)
        self.sums.copy_(self.entries)
