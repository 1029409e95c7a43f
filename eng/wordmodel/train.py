#!/usr/bin/env python3
"""Trains the letter-triple model that tells words from random letters in request paths.

    fetch.sh DIR && train.py DIR > report.md

Writes src/Beyla.Core/Routing/WordModel.Table.cs and prints the rates measured on words and random letters that the
training never saw. The same word lists give the same bytes.
"""
import hashlib
import math
import pathlib
import random
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE.parent.parent / "src/Beyla.Core/Routing/WordModel.Table.cs"
# English weighs most because paths are mostly English. Those of weight 0 are languages that the model never saw.
LANGUAGES = {"american-english": 3, "british-english": 1, "french": 1, "ngerman": 1, "spanish": 1, "brazilian": 1,
             "italian": 1, "dutch": 1, "swedish": 1, "polish": 1, "catalan": 0, "danish": 0}
TRAINING_WORDS, HELD_OUT_WORDS = 60_000, 4_000
MISSED_WORDS = 0.01
# A triple seen rarely leans on its last pair as if that had been seen so many times more.
PRIOR = 20
LETTERS = 27
LOWEST, STEP, LEVELS, FIRST_CHARACTER = -6.0, 1 / 6, 57, ord("#")
FRACTION = 16
LATIN = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"})


def fold(word):
    decomposed = unicodedata.normalize("NFKD", word.lower().removesuffix("'s").translate(LATIN))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return letters if len(letters) >= 2 and letters.isascii() and letters.isalpha() else None


def words_of(path):
    encoding = "latin-1" if path.name == "swedish" else "utf-8"
    folded = {fold(line) for line in path.read_text(encoding).split() if not line.isupper()}
    # Ordered by digest: a sample that is fair and the same at every run.
    return sorted(folded - {None}, key=lambda word: hashlib.sha256(word.encode()).digest())[:HELD_OUT_WORDS + TRAINING_WORDS]


def indices(word):
    return [0, 0, *(ord(c) - 96 for c in word), 0]


def train(samples):
    pairs = [[0.5] * LETTERS for _ in range(LETTERS)]
    triples = [[[0.0] * LETTERS for _ in range(LETTERS)] for _ in range(LETTERS)]
    for words, weight in samples:
        for word in words:
            at = indices(word)
            for a, b, c in zip(at, at[1:], at[2:]):
                pairs[b][c] += weight
                triples[a][b][c] += weight
    table = []
    for a in range(LETTERS):
        for b in range(LETTERS):
            seen, total = sum(triples[a][b]), sum(pairs[b])
            for c in range(LETTERS):
                chance = (triples[a][b][c] + PRIOR * pairs[b][c] / total) / (seen + PRIOR)
                level = round((math.log(chance * LETTERS) - LOWEST) / STEP)
                table.append(min(max(level, 0), LEVELS - 1))
    return table


def humps(word):
    """Splits camelCase: before an upper-case letter that follows a lower-case one or precedes one."""
    start = 0
    for at in range(1, len(word)):
        if word[at].isupper() and (word[at - 1].islower() or word[at + 1:at + 2].islower()):
            yield word[start:at].lower()
            start = at
    yield word[start:].lower()


class Model:
    def __init__(self, table):
        self.table = table
        self.threshold = 0
        self.known = frozenset()

    def score(self, word):
        levels = count = 0
        for hump in humps(word):
            if hump in self.known:
                continue
            at = indices(hump)
            for a, b, c in zip(at, at[1:], at[2:]):
                levels += self.table[(a * LETTERS + b) * LETTERS + c]
                count += 1
        return levels * FRACTION / count if count else math.inf

    def is_word(self, word):
        return len(word) <= 3 or self.score(word) >= self.threshold


def rate(verdicts):
    verdicts = list(verdicts)
    return f"{100 * sum(verdicts) / len(verdicts):.1f} %"


def report(model, held_out):
    print("| words taken for random | rate |\n| --- | --- |")
    for name, words in held_out.items():
        print(f"| {name}{'' if LANGUAGES[name] else ' (not trained)'} | {rate(not model.is_word(w) for w in words)} |")
    generator = random.Random(2)
    english = held_out["american-english"]
    camels = [generator.choice(english) + "".join(generator.choice(english).title() for _ in range(generator.randint(1, 3)))
              for _ in range(4000)]
    print(f"| camelCase of two to four English words | {rate(not model.is_word(w) for w in camels)} |")
    print("\n| random letters taken for a word | lower case | mixed case |\n| --- | --- | --- |")
    lower = "abcdefghijklmnopqrstuvwxyz"
    for length in (4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32):
        rates = [rate(model.is_word("".join(generator.choice(letters) for _ in range(length))) for _ in range(20_000))
                 for letters in (lower, lower + lower.upper())]
        print(f"| {length} | {rates[0]} | {rates[1]} |")


def write(model, exceptions):
    rows = "".join(chr(FIRST_CHARACTER + level) for level in model.table)
    width = LETTERS * 4
    lines = [rows[at:at + width] for at in range(0, len(rows), width)]
    literal = " +\n".join(f'        "{line}"u8' for line in lines)
    listed, line = [], ""
    for word in exceptions:
        if len(line) + len(word) > 118:
            listed.append(line + " ")
            line = ""
        line = f"{line} {word}".lstrip()
    listed.append(line)
    words = " +\n".join(f'        "{line}"' for line in listed)
    OUTPUT.write_text(f"""// <auto-generated>Written by eng/wordmodel/train.py.</auto-generated>
#nullable enable
namespace Beyla.Routing;

internal static partial class WordModel
{{
    /// <summary>Least mean of a word's levels, in 1/{FRACTION} of a level.</summary>
    private const int Threshold = {model.threshold};

    /// <summary>Fractions of a level that <see cref="Threshold"/> counts in.</summary>
    private const int Fraction = {FRACTION};

    private const byte LowestLevel = (byte)'{chr(FIRST_CHARACTER)}';

    /// <summary>Levels of likelihood by the two letters before and the letter itself; 0 is a word's start or end.</summary>
    private static ReadOnlySpan<byte> Levels =>
{literal};

    /// <summary>Path words that the model alone takes for random, those with digits and short ones.</summary>
    private const string KnownWords =
{words};
}}
""", "ascii")


def main():
    lists = pathlib.Path(sys.argv[1]) / "unpacked/usr/share/dict"
    words = {name: words_of(lists / name) for name in LANGUAGES}
    held_out = {name: [w for w in sample[:HELD_OUT_WORDS] if len(w) > 3] for name, sample in words.items()}
    # A word of two languages counts as seen in both: the held-out words of one must not come back by another.
    unseen = {w for sample in words.values() for w in sample[:HELD_OUT_WORDS]}
    model = Model(train([([w for w in sample[HELD_OUT_WORDS:] if w not in unseen], LANGUAGES[name])
                         for name, sample in words.items() if LANGUAGES[name]]))
    scores = sorted(model.score(w) for name, sample in held_out.items() if LANGUAGES[name] for w in sample)
    model.threshold = math.floor(scores[int(len(scores) * MISSED_WORDS)])
    path_words = [w for line in (HERE / "path-words.txt").read_text("ascii").splitlines() if not line.startswith("#")
                  for w in line.split()]
    alphabetic = [w for w in path_words if len(w) > 3 and w.isalpha()]
    missed = {w for w in alphabetic if not model.is_word(w)}
    model.known = frozenset(missed.union(w for w in path_words if len(w) <= 3 or not w.isalpha()))
    report(model, held_out)
    print(f"\n{len(missed)} of {len(alphabetic)} path words of four letters or more need the table of exceptions.")
    write(model, sorted(model.known))


if __name__ == "__main__":
    main()
