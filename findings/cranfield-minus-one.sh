#!/bin/sh
# A document of grade -1, as Cranfield has them, is judged, unjudged or an error within one library.
#
# Versions: ir_measures 0.4.3 with pytrec_eval-terrier 0.5.11, ranx 0.3.21 (seen with CPython 3.11 on
# Linux; perl for one measure).
#
# Behaviour: of a ranking with a document of grade -1 first, `Judged` says that all of it is judged.
# `Bpref` is what it is without that judgement: trec_eval takes negative grades for none, so the
# document is passed over and nothing is lost by ranking it first. `nDCG(dcg="exp-log2")` ends with an
# error, as the gdeval script that computes it reads no sign. ranx's bpref counts the document as not
# relevant, and is half of ir_measures'. `AP` and the usual `nDCG` agree everywhere.
#
# Expected: ir_datasets describes the grade as references of no interest: judged and not relevant, in
# all measures, so that Bpref were .5 in both libraries.
#
# `benchmarks/relevance.py` prints MAP and nDCG@10, which are not affected.
#
# Seen: the lines of `expected` below. Exits with 1 where they are others.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=${PYTHON:-python3}

cat > "$folder/show.py" <<'END'
import ir_measures
import ranx
from ir_measures import AP, Bpref, Judged, nDCG

QRELS = {"q": {"a": 2, "b": -1, "c": 1, "d": 0}}
WITHOUT = {"q": {"a": 2, "c": 1, "d": 0}}
RUN = {"q": {"b": 4.0, "a": 3.0, "c": 2.0}}


def measured(measure, qrels):
    return round(ir_measures.calc_aggregate([measure], qrels, RUN)[measure], 3)


for measure in (Judged @ 3, Bpref, AP, nDCG @ 10):
    print(measure, "with -1:", measured(measure, QRELS), "without:", measured(measure, WITHOUT))
try:
    measured(nDCG(dcg="exp-log2") @ 10, QRELS)
except Exception as error:
    print("nDCG(dcg='exp-log2')@10", "with -1:", type(error).__name__)
found = ranx.evaluate(ranx.Qrels(QRELS), ranx.Run(RUN), ["bpref", "map", "ndcg@10"])
print("ranx", {name: round(float(value), 3) for name, value in found.items()})
END

expected="Judged@3 with -1: 1.0 without: 0.667
Bpref with -1: 1.0 without: 1.0
AP with -1: 0.583 without: 0.583
nDCG@10 with -1: 0.67 without: 0.67
nDCG(dcg='exp-log2')@10 with -1: CalledProcessError
ranx {'bpref': 0.5, 'map': 0.583, 'ndcg@10': 0.67}"

seen=$(
    "$python" -m venv "$folder/venv"
    pip="$folder/venv/bin/python -m pip install --quiet --disable-pip-version-check"
    $pip "ir-measures==0.4.3" "pytrec_eval-terrier==0.5.11" "ranx==0.3.21" >&2
    "$folder/venv/bin/python" -W ignore "$folder/show.py" 2> /dev/null
)

echo "$seen"
[ "$seen" = "$expected" ]
