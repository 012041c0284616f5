"""Writes tests/support/text_figures.h: texts, and what public implementations of the metrics say of them.

    pip install sacrebleu==2.6.0 rouge-score==0.1.2 nltk==3.10.4 pycocoevalcap
    python3 tests/peers/text_figures.py > tests/support/text_figures.h
"""

import json
import logging

import nltk
import sacrebleu
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
from nltk.translate.nist_score import corpus_nist
from pycocoevalcap.rouge.rouge import Rouge
from rouge_score import rouge_scorer, tokenizers
from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

logging.disable(logging.INFO)

ENGLISH = [
    ("The red kettle costs $19.99, and it boils in 3 minutes.",
     ["The red kettle is $19.99 and boils water in 3 minutes.", "For $19.99 you get a red kettle; it boils in 3 minutes.",
      "It boils in 3 minutes: the red kettle, now 19.99."]),
    ("Three out of five guests would come back - a 3-star rating.",
     ["Guests gave it three out of five.", "A 3-star place: three out of five guests would come back.",
      "Three of five guests would come back (a 3-star rating)."]),
    ("it's near the river, it is cheap and it is near the river",
     ["It's cheap and near the river.", "Near the river you'll find it; it is cheap.", "It is a cheap place by the river."]),
    ("Caf\u00e9 Sicilia serves Italian food in the city centre .",
     ["Italian food is served by Caf\u00e9 Sicilia in the city centre.", "In the city centre, Caf\u00e9 Sicilia serves Italian food.",
      "Caf\u00e9 Sicilia, in the centre, serves Italian food."]),
    ("A blue mug &amp; a white plate, \"as new\", for 1,250 yen...",
     ["A blue mug and a white plate as new for 1,250 yen.", "1,250 yen for a blue mug &amp; a white plate.",
      "\"As new\": a blue mug, a white plate. 1,250 yen!"]),
    ("Open from 9 to 5, Monday to Friday.",
     ["Opens at 9 and closes at 5, Monday to Friday.", "Open Monday to Friday, 9 to 5.", "Monday to Friday from 9 to 5."]),
]
CHINESE = [
    ("这款牛仔外套,采用2020年新款设计,白色的衣身十分百搭。", ["这款白色牛仔外套十分百搭,是2020年的新款设计。"]),
    ("简约的T恤,上身效果很好!", ["简约T恤，上身效果非常好！"]),
    ("物流很快，包装完好。", ["包装完好，物流也很快。"]),
]


def quoted(text):
    out = "".join(c if 32 <= ord(c) < 127 and c not in '"\\?' else "".join("\\%03o" % b for b in c.encode()) for c in text)
    return '"' + out + '"'


def table(name, values):
    print("static const char *const %s[] = {" % name)
    for value in values:
        print("    %s," % quoted(value))
    print("};")


def number(name, value, said_by):
    print("#define %s %.12f /* %s */" % (name, value, said_by))


def main():
    print("/* Written by tests/peers/text_figures.py: texts, and what public implementations of the metrics say of them. */")
    print("/* clang-format off */")
    print("#ifndef SUPPORT_TEXT_FIGURES_H\n#define SUPPORT_TEXT_FIGURES_H\n")
    print("enum { ENGLISH = %d, REFERENCES = 3, CHINESE = %d };" % (len(ENGLISH), len(CHINESE)))
    texts, references = [t for t, _ in ENGLISH], [r for _, r in ENGLISH]
    english = Tokenizer13a()
    table("english", texts)
    table("english_13a", [english(t) for t in texts])
    table("english_reference", [r for rs in references for r in rs])
    streams = [[rs[i] for rs in references] for i in range(3)]
    by = "sacrebleu %s" % sacrebleu.__version__
    number("BLEU_ENGLISH", sacrebleu.corpus_bleu(texts, streams).score / 100, by)
    number("BLEU_LOWER", sacrebleu.corpus_bleu(texts, streams, lowercase=True).score / 100, by + ", lowercase")
    number("BLEU_FIRST", sacrebleu.corpus_bleu(texts[2:3], [streams[0][2:3]]).score / 100, by + ", text 2 with its first")
    chinese = TokenizerZh()
    table("chinese", [t for t, _ in CHINESE])
    table("chinese_zh", [chinese(t) for t, _ in CHINESE])
    table("chinese_reference", [r[0] for _, r in CHINESE])
    number("BLEU_CHINESE", sacrebleu.corpus_bleu([t for t, _ in CHINESE], [[r[0] for _, r in CHINESE]], tokenize="zh").score / 100,
           by + ", tokenize zh")
    tokens = [english(t).lower().split() for t in texts]
    first = [[english(rs[0]).lower().split()] for rs in references]
    number("NIST_FIRST", corpus_nist(first, tokens, n=5), "nltk %s, the first reference of each" % nltk.__version__)
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    best = [scorer.score_multi(rs, t)["rougeL"].fmeasure for t, rs in ENGLISH]
    number("ROUGE_BEST", sum(best) / len(best), "rouge-score 0.1.2, mean of score_multi")
    plain = tokenizers.DefaultTokenizer(False)
    table("english_plain", [" ".join(plain.tokenize(t)) for t in texts])
    coco = Rouge()
    lower = [(" ".join(english(t).lower().split()), [" ".join(english(r).lower().split()) for r in rs]) for t, rs in ENGLISH]
    number("ROUGE_COCO", sum(coco.calc_score([t], rs) for t, rs in lower) / len(lower), "pycocoevalcap, on 13a tokens in lower case")
    everything = tokens + [english(r).lower().split() for rs in references for r in rs]
    for orders in range(2, 5):
        weights = tuple(1 / orders for _ in range(orders))
        scores = [sentence_bleu(everything[:i] + everything[i + 1:], t, weights, SmoothingFunction().method1)
                  for i, t in enumerate(everything)]
        number("SELF_BLEU_%d" % orders, sum(scores) / len(scores), "nltk, as Texygen: texts and references together")
    for n in range(1, 4):
        grams = [g for t in everything for g in nltk.ngrams(t, n)]
        number("DISTINCT_%d" % n, len(set(grams)) / len(grams), "nltk.ngrams")
    print("\n#endif")


main()
