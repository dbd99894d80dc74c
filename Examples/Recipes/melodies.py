"""Children's songs of the Essen folk-song collection as lines of MIDI pitches. usage: melodies.py OUT.txt

The tunes are those of `kinder0.abc` in the PyPI package music21 10.5.1, which is downloaded and not installed: 213 melodies,
8,393 notes, 27 pitches, Dataset 7 of Pearce (2005), "The construction and evaluation of statistical models of melodic structure
in music perception and composition". Their licence is unclear (non-commercial): they are not part of Chainrule."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# Sharps (flats below 0) of a major key by its name, and what a mode adds to them.
KEYS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F#": 6, "C#": 7, "F": -1, "Bb": -2, "Eb": -3, "Ab": -4, "Db": -5,
        "Gb": -6, "Cb": -7}
MODES = {"": 0, "maj": 0, "ion": 0, "mix": -1, "dor": -2, "m": -3, "min": -3, "aeo": -3, "phr": -4, "loc": -5, "lyd": 1}
ACCIDENTALS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
TOKEN = re.compile(r"\{[^}]*\}|\"[^\"]*\"|![^!]*!|(\^\^|\^|=|__|_)?([A-Ga-g])([,']*)[\d/]*(\s*-)?|\||z[\d/]*|\S|\s+")


def signature(key):
    """What each step of a key is raised by."""
    match = re.match(r"([A-G][#b]?)\s*([A-Za-z]*)", key.strip())
    sharps = KEYS[match[1]] + MODES[match[2].lower()[:3]]
    order = "FCGDAEB" if sharps > 0 else "BEADGCF"
    return {step: (1 if sharps > 0 else -1) for step in order[: abs(sharps)]}


def pitches(tune):
    """The notes of a tune in ABC, tied ones once, grace notes left out."""
    key, notes, altered, is_tied = {}, [], {}, False
    for line in tune.splitlines():
        field = re.match(r"([A-Za-z]):(.*)", line)
        if field:
            if field[1] == "K":
                key = signature(field[2])
            continue
        # A line ends a bar, with or without its stroke.
        altered = {}
        for token in TOKEN.finditer(line):
            if token[0] == "|":
                altered = {}
            if not token[2]:
                continue
            octave = (1 if token[2].islower() else 0) + token[3].count("'") - token[3].count(",")
            place = (token[2].upper(), octave)
            if token[1]:
                altered[place] = ACCIDENTALS[token[1]]
            pitch = 60 + 12 * octave + STEPS[place[0]] + altered.get(place, key.get(place[0], 0))
            if not (is_tied and notes and notes[-1] == pitch):
                notes.append(pitch)
            is_tied = bool(token[4])
    return notes


def main(out):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, "music21==10.5.1"], check=True)
        wheel = next(Path(folder).glob("*.whl"))
        text = zipfile.ZipFile(wheel).read("music21/corpus/essenFolksong/kinder0.abc").decode("utf-8")
    tunes = [pitches(tune) for tune in re.split(r"(?m)^(?=X:)", text) if tune.startswith("X:")]
    Path(out).write_text("".join(" ".join(map(str, tune)) + "\n" for tune in tunes), encoding="utf-8")
    notes = [note for tune in tunes for note in tune]
    print(f"{out}: {len(tunes)} melodies, {len(notes):,} notes, {len(set(notes))} pitches")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    main(sys.argv[1])
