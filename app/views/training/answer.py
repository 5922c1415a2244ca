"""What the API says of the Training lab."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from app.nn.architecture import named as parts
from app.nn.datasets import ceiling, conflicts
from app.playground.actions.training import most_steps
from app.playground.training import RECORD, Training
from app.views.json import named, nested
from app.views.moment import Moment
from app.views.panels import words
from app.views.training.judged import judged
from app.views.training.numbers import scores, worst
from app.views.training.runs import MOST, different
from app.views.training.sentence import sentence

LAB = "training:"


def answer(moment: Moment) -> dict[str, Any]:
    """Return the lab at a moment: set, network, how it learns, how far it is, and how well it does."""
    lab = moment.table.training
    found, taken = judged(lab), moment.line("training").taken
    ready = found is not None
    known = scores(found) if found else {}
    numbers = {name: known[name] for name in SCORES if name in known}
    weights = parts(lab.net, lab.vector)
    gradient = parts(lab.net, np.frombuffer(lab.gradient, np.float32)) if lab.gradient else {}
    wrong: dict[str, str] = {}
    tensors = {}
    for kind, prefix, group in (("weights", "", weights), ("gradient", "grad.", gradient)):
        tensors[kind] = named(group, f"{LAB}{prefix}")
        wrong |= tensors[kind].pop("not_finite")
    shown = named(numbers, LAB)
    wrong |= shown.pop("not_finite")
    return {
        "data": {
            "set": lab.data.name,
            "count": lab.material.whole.size,
            "train": lab.material.size,
            "test": len(lab.material.test),
            "wrong": lab.data.wrong,
            "shift": lab.data.shift,
            "flip": lab.data.flip,
            "own": len(lab.own),
        },
        "network": {
            **asdict(lab.net),
            "parameters": lab.net.parameters,
            "printed": lab.net.printed,
            "layers": [{"name": layer.name, "shape": list(layer.shape)} for layer in lab.net.layers],
            "unfinished": lab.net.unfinished or None,
        },
        "optimizer": asdict(lab.sgd),
        "batch": lab.batch,
        "start": lab.start,
        "seed": lab.seed,
        "shuffle": lab.shuffle,
        "step": lab.step,
        "epoch": lab.epoch,
        "seen": lab.seen,
        "steps_an_epoch": lab.steps_an_epoch if ready else None,
        "most_steps": most_steps(lab) if ready else None,
        "lesson": lab.lesson or None,
        "scores": {name: shown.get(name) for name in SCORES},
        "weights": tensors["weights"],
        "gradient": tensors["gradient"] or None,
        "losses": {name: nested(taken[name]) for name in RECORD.names or ()},
        "sentence": words(sentence(moment, found)),
        "not_finite": wrong,
    }


SCORES = ("test.right", "test.loss", "train.right", "train.loss")


def data(lab: Training) -> dict[str, Any]:
    """Return the set that is learned from, sample by sample, and what is ambiguous in it."""
    found = lab.material
    whole = found.whole
    taught = dict(zip(found.train.tolist(), found.taught.tolist(), strict=True))
    images = whole.images.astype(np.uint8).tolist()
    return {
        "set": lab.data.name,
        "samples": [
            {"pixels": image, "label": label, "taught": taught.get(place)}
            for place, (image, label) in enumerate(zip(images, whole.labels.tolist(), strict=True))
        ],
        "ceiling": ceiling(whole),
        "conflicts": [{"pixels": list(one.pixels), "counts": list(one.counts)} for one in conflicts(whole)],
    }


def confused(lab: Training) -> dict[str, Any]:
    """Return the confusion matrix of the test set, and the worst mistakes."""
    found = judged(lab)
    if found is None:
        return {"count": 0, "confusion": None, "undecided": 0, "worst": [], "not_finite": {}}
    test, whole = found.material.test, found.material.whole
    said, losses, labels = found.test.predictions, found.test.losses, whole.labels[found.material.test]
    places = worst(found)
    return {
        "count": len(test),
        "confusion": found.confusion.tolist(),
        "undecided": int((said < 0).sum()),
        "worst": [
            {
                "index": int(test[place]),
                "label": int(labels[place]),
                "said": int(said[place]) if said[place] >= 0 else None,
                "loss": nested(losses[place]),
            }
            for place in places
        ],
        "not_finite": named({"worst": losses[places]}, LAB)["not_finite"],
    }


def runs(moment: Moment) -> list[dict[str, Any]]:
    """Return the run that is shown, and the latest of those that were left, the oldest first."""
    here, line = moment.table.training, moment.line("training")
    shown = _run(line.end, len(line.losses), [], line.losses.tobytes())
    left = moment.session.left("training", line.end, MOST)
    return [
        shown | {"here": True},
        *(_run(run.end, run.lab.step, different(run.lab, here), run.records) for run in left),
    ]


def _run(end: int, steps: int, words: list[str], records: bytes) -> dict[str, Any]:
    losses = np.frombuffer(records, RECORD)["loss"]
    last = nested(losses[-1]) if len(losses) else None
    return {"revision": end, "here": False, "steps": steps, "different": words, "loss": last}
