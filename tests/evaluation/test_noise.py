import random

import pytest

from bot.nlu.lexical import sounds
from bot.nlu.normalise import plain
from evaluation.noise import noises

_TEXT = "我要退这件iPhone手机壳88元"


@pytest.mark.parametrize("name", ["traditional", "full width"])
def test_noise_that_normalisation_takes_back(name):
    made = noises([_TEXT])[name](_TEXT, random.Random(1))
    assert made != _TEXT
    assert plain(made) == plain(_TEXT)


def test_homophones_sound_the_same():
    made = noises([_TEXT, "推壳见者受及"])["homophone"]("我要退这件手机壳", random.Random(3))
    assert made != "我要退这件手机壳"
    assert sounds(made) == sounds("我要退这件手机壳")


def test_spacing_adds_nothing_but_spaces():
    made = noises([_TEXT])["spacing"](_TEXT, random.Random(1))
    assert made != _TEXT
    assert made.replace(" ", "") == _TEXT
