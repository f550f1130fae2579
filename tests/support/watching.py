"""An observer of trainings that remembers what it was told."""

import torch


class Watcher:
    """Keeps steps, losses and epochs, and how many threads were in use."""

    def __init__(self):
        self.steps, self.losses, self.epochs, self.threads = [], [], [], set()

    def step(self, step, total, loss):
        self.steps.append((step, total))
        self.losses.append(loss)
        self.threads.add(torch.get_num_threads())

    def epoch(self, step, validation_loss):
        self.epochs.append((step, validation_loss))
