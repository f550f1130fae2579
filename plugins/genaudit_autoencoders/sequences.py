"""A recurrent network over the codes of an image, in reading order."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

EMBEDDED = 32
HIDDEN = 64


class CodePrior(nn.Module):
    """Probabilities of each code given those before it, by a gated recurrent unit (Cho et al. 2014).

    Args:
        codes: Entries of the codebook.
    """

    def __init__(self, codes: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(codes + 1, EMBEDDED)
        """The last row stands for the beginning."""
        self.recurrent = nn.GRU(EMBEDDED, HIDDEN, batch_first=True)
        self.head = nn.Linear(HIDDEN, codes)

    def draw_first(self, draws: torch.Generator) -> None:
        """First weights of embedding and recurrent unit."""
        with torch.no_grad():
            self.embedding.weight.normal_(0, 1, generator=draws)
            for tensor in self.recurrent.parameters():
                tensor.uniform_(-1 / math.sqrt(HIDDEN), 1 / math.sqrt(HIDDEN), generator=draws)

    def forward(self, codes: Tensor) -> Tensor:
        """Logits ``(n, length, codes)``; those at a place see only the codes ``(n, length)`` before it."""
        begin = torch.full_like(codes[:, :1], self.embedding.num_embeddings - 1)
        states, _ = self.recurrent(self.embedding(torch.cat([begin, codes[:, :-1]], dim=1)))
        logits: Tensor = self.head(states)
        return logits

    def drawn(self, uniform: Tensor) -> Tensor:
        """Codes ``(n, length)`` of numbers in [0, 1]: at each place the one whose share of [0, 1] holds its number."""
        before = torch.full((len(uniform), 1), self.embedding.num_embeddings - 1, device=uniform.device)
        state, chosen = None, []
        for place in range(uniform.shape[1]):
            output, state = self.recurrent(self.embedding(before), state)
            bounds = self.head(output[:, 0]).softmax(dim=1).cumsum(dim=1)
            before = torch.searchsorted(bounds[:, :-1].contiguous(), uniform[:, place : place + 1].contiguous())
            chosen.append(before)
        return torch.cat(chosen, dim=1)
