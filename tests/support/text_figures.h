/* Written by tests/peers/text_figures.py: texts, and what public implementations of the metrics say of them. */
/* clang-format off */
#ifndef SUPPORT_TEXT_FIGURES_H
#define SUPPORT_TEXT_FIGURES_H

enum { ENGLISH = 6, REFERENCES = 3, CHINESE = 3 };
static const char *const english[] = {
    "The red kettle costs $19.99, and it boils in 3 minutes.",
    "Three out of five guests would come back - a 3-star rating.",
    "it's near the river, it is cheap and it is near the river",
    "Caf\303\251 Sicilia serves Italian food in the city centre .",
    "A blue mug &amp; a white plate, \042as new\042, for 1,250 yen...",
    "Open from 9 to 5, Monday to Friday.",
};
static const char *const english_13a[] = {
    "The red kettle costs $ 19.99 , and it boils in 3 minutes .",
    "Three out of five guests would come back - a 3 - star rating .",
    "it's near the river , it is cheap and it is near the river",
    "Caf\303\251 Sicilia serves Italian food in the city centre .",
    "A blue mug & a white plate , \042 as new \042 , for 1,250 yen . . .",
    "Open from 9 to 5 , Monday to Friday .",
};
static const char *const english_reference[] = {
    "The red kettle is $19.99 and boils water in 3 minutes.",
    "For $19.99 you get a red kettle; it boils in 3 minutes.",
    "It boils in 3 minutes: the red kettle, now 19.99.",
    "Guests gave it three out of five.",
    "A 3-star place: three out of five guests would come back.",
    "Three of five guests would come back (a 3-star rating).",
    "It's cheap and near the river.",
    "Near the river you'll find it; it is cheap.",
    "It is a cheap place by the river.",
    "Italian food is served by Caf\303\251 Sicilia in the city centre.",
    "In the city centre, Caf\303\251 Sicilia serves Italian food.",
    "Caf\303\251 Sicilia, in the centre, serves Italian food.",
    "A blue mug and a white plate as new for 1,250 yen.",
    "1,250 yen for a blue mug &amp; a white plate.",
    "\042As new\042: a blue mug, a white plate. 1,250 yen!",
    "Opens at 9 and closes at 5, Monday to Friday.",
    "Open Monday to Friday, 9 to 5.",
    "Monday to Friday from 9 to 5.",
};
#define BLEU_ENGLISH 0.548915224715 /* sacrebleu 2.6.0 */
#define BLEU_LOWER 0.587436377120 /* sacrebleu 2.6.0, lowercase */
#define BLEU_FIRST 0.132924178833 /* sacrebleu 2.6.0, text 2 with its first */
static const char *const chinese[] = {
    "\350\277\231\346\254\276\347\211\233\344\273\224\345\244\226\345\245\227,\351\207\207\347\224\2502020\345\271\264\346\226\260\346\254\276\350\256\276\350\256\241,\347\231\275\350\211\262\347\232\204\350\241\243\350\272\253\345\215\201\345\210\206\347\231\276\346\220\255\343\200\202",
    "\347\256\200\347\272\246\347\232\204T\346\201\244,\344\270\212\350\272\253\346\225\210\346\236\234\345\276\210\345\245\275!",
    "\347\211\251\346\265\201\345\276\210\345\277\253\357\274\214\345\214\205\350\243\205\345\256\214\345\245\275\343\200\202",
};
static const char *const chinese_zh[] = {
    "\350\277\231 \346\254\276 \347\211\233 \344\273\224 \345\244\226 \345\245\227 , \351\207\207 \347\224\250 2020 \345\271\264 \346\226\260 \346\254\276 \350\256\276 \350\256\241 , \347\231\275 \350\211\262 \347\232\204 \350\241\243 \350\272\253 \345\215\201 \345\210\206 \347\231\276 \346\220\255 \343\200\202",
    "\347\256\200 \347\272\246 \347\232\204 T \346\201\244 , \344\270\212 \350\272\253 \346\225\210 \346\236\234 \345\276\210 \345\245\275 !",
    "\347\211\251 \346\265\201 \345\276\210 \345\277\253 \357\274\214 \345\214\205 \350\243\205 \345\256\214 \345\245\275 \343\200\202",
};
static const char *const chinese_reference[] = {
    "\350\277\231\346\254\276\347\231\275\350\211\262\347\211\233\344\273\224\345\244\226\345\245\227\345\215\201\345\210\206\347\231\276\346\220\255,\346\230\2572020\345\271\264\347\232\204\346\226\260\346\254\276\350\256\276\350\256\241\343\200\202",
    "\347\256\200\347\272\246T\346\201\244\357\274\214\344\270\212\350\272\253\346\225\210\346\236\234\351\235\236\345\270\270\345\245\275\357\274\201",
    "\345\214\205\350\243\205\345\256\214\345\245\275\357\274\214\347\211\251\346\265\201\344\271\237\345\276\210\345\277\253\343\200\202",
};
#define BLEU_CHINESE 0.326394310250 /* sacrebleu 2.6.0, tokenize zh */
#define NIST_FIRST 3.547647820609 /* nltk 3.10.4, the first reference of each */
#define ROUGE_BEST 0.755859036294 /* rouge-score 0.1.2, mean of score_multi */
static const char *const english_plain[] = {
    "the red kettle costs 19 99 and it boils in 3 minutes",
    "three out of five guests would come back a 3 star rating",
    "it s near the river it is cheap and it is near the river",
    "caf sicilia serves italian food in the city centre",
    "a blue mug amp a white plate as new for 1 250 yen",
    "open from 9 to 5 monday to friday",
};
#define ROUGE_COCO 0.725164009154 /* pycocoevalcap, on 13a tokens in lower case */
#define SELF_BLEU_2 0.761442433249 /* nltk, as Texygen: texts and references together */
#define SELF_BLEU_3 0.626127686320 /* nltk, as Texygen: texts and references together */
#define SELF_BLEU_4 0.489611196591 /* nltk, as Texygen: texts and references together */
#define DISTINCT_1 0.254295532646 /* nltk.ngrams */
#define DISTINCT_2 0.569288389513 /* nltk.ngrams */
#define DISTINCT_3 0.724279835391 /* nltk.ngrams */

#endif
