/* Every metric against what public implementations say of the same texts (support/text_figures.h). */
#include <string.h>

#include "support/suite.h"
#include "support/text_figures.h"
#include "text/bleu.h"
#include "text/diversity.h"
#include "text/nist.h"
#include "text/rouge.h"
#include "text/split.h"

static arena memory;

static void tokens_are_those_of_the_public_tokenisers(void) {
  char *out;
  for (int i = 0; i < ENGLISH; i++) {
    CU_ASSERT_EQUAL_FATAL(split_13a(english[i], &memory, &out), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(out, english_13a[i]);
    CU_ASSERT_EQUAL_FATAL(split_plain(english[i], &memory, &out), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(out, english_plain[i]);
  }
  for (int i = 0; i < CHINESE; i++) {
    CU_ASSERT_EQUAL_FATAL(split_characters(chinese[i], &memory, &out), STATUS_OK);
    CU_ASSERT_STRING_EQUAL(out, chinese_zh[i]);
  }
}

typedef status splitter(const char *line, arena *a, char **out);

static word_ids read(lexicon *l, const char *text, splitter *split, int is_lower) {
  word_ids ids = {0};
  char *line = NULL;
  CU_ASSERT_EQUAL_FATAL(split(text, &memory, &line), STATUS_OK);
  if (is_lower) split_lower(line);
  CU_ASSERT_EQUAL_FATAL(lexicon_ids(l, line, &memory, &ids), STATUS_OK);
  return ids;
}

typedef struct world {
  word_ids text[ENGLISH], reference[ENGLISH * REFERENCES];
} world;

static world read_english(splitter *split, int is_lower) {
  lexicon l;
  world w;
  CU_ASSERT_EQUAL_FATAL(lexicon_create(&memory, &l), STATUS_OK);
  for (int i = 0; i < ENGLISH; i++) w.text[i] = read(&l, english[i], split, is_lower);
  for (int i = 0; i < ENGLISH * REFERENCES; i++) w.reference[i] = read(&l, english_reference[i], split, is_lower);
  return w;
}

static double corpus_bleu(const world *w) {
  bleu b = {0};
  for (int i = 0; i < ENGLISH; i++) bleu_add(&b, BLEU_MTEVAL, &w->text[i], &w->reference[i * REFERENCES], REFERENCES);
  return bleu_score(&b, BLEU_MTEVAL);
}

static void bleu_is_that_of_sacrebleu(void) {
  const world as_is = read_english(split_13a, 0), lower = read_english(split_13a, 1);
  CU_ASSERT_TRUE(suite_close(corpus_bleu(&as_is), BLEU_ENGLISH, 1e-10));
  CU_ASSERT_TRUE(suite_close(corpus_bleu(&lower), BLEU_LOWER, 1e-10));
  /* An order without a match. */
  bleu b = {0};
  bleu_add(&b, BLEU_MTEVAL, &as_is.text[2], &as_is.reference[2 * REFERENCES], 1);
  CU_ASSERT_TRUE(suite_close(bleu_score(&b, BLEU_MTEVAL), BLEU_FIRST, 1e-10));
  lexicon l;
  CU_ASSERT_EQUAL_FATAL(lexicon_create(&memory, &l), STATUS_OK);
  b = (bleu){0};
  for (int i = 0; i < CHINESE; i++) {
    const word_ids text = read(&l, chinese[i], split_characters, 0);
    const word_ids reference = read(&l, chinese_reference[i], split_characters, 0);
    bleu_add(&b, BLEU_MTEVAL, &text, &reference, 1);
  }
  CU_ASSERT_TRUE(suite_close(bleu_score(&b, BLEU_MTEVAL), BLEU_CHINESE, 1e-10));
}

static void nothing_in_common_scores_nothing(void) {
  int32_t one[] = {1, 2, 3, 4, 5}, other[] = {6, 7, 8, 9, 10};
  const word_ids text = {5, one}, reference = {5, other}, empty = {0, one};
  bleu b = {0};
  bleu_add(&b, BLEU_MTEVAL, &text, &reference, 1);
  CU_ASSERT_EQUAL(bleu_score(&b, BLEU_MTEVAL), 0);
  b = (bleu){0};
  bleu_add(&b, BLEU_RNNLG, &empty, &reference, 1);
  CU_ASSERT_EQUAL(bleu_score(&b, BLEU_RNNLG), 0);
  b = (bleu){0};
  bleu_add(&b, BLEU_RNNLG, &text, &text, 1);
  CU_ASSERT_TRUE(suite_close(bleu_score(&b, BLEU_RNNLG), 1, 1e-6));
}

/* By hand: 3 of 4 words, 1 of 3 pairs, no longer ones; of two references as near the first counts. */
static void the_scorer_of_rnnlg_adds_a_little_to_each_order(void) {
  int32_t one[] = {1, 2, 3, 9}, longer[] = {1, 2, 7, 3, 8}, shorter[] = {5, 5, 5};
  const word_ids text = {4, one}, reference[] = {{5, longer}, {3, shorter}};
  bleu b = {0};
  bleu_add(&b, BLEU_RNNLG, &text, reference, 2);
  CU_ASSERT_EQUAL(b.reference_length, 5);
  const double p[] = {3 / (4 + 1e-7) + 1e-7, 1 / (3 + 1e-7) + 1e-7, 1e-7, 1e-7};
  double product = 1;
  for (int i = 0; i < 4; i++) product *= p[i];
  double score = bleu_score(&b, BLEU_RNNLG) / 0.778800783071405; /* e^(1 - 5/4) */
  CU_ASSERT_TRUE(suite_close(score * score * score * score * 1e14, product * 1e14, 1e-6));
  b = (bleu){0};
  bleu_add(&b, BLEU_MTEVAL, &text, reference, 2);
  CU_ASSERT_EQUAL(b.reference_length, 3);
}

static void nist_is_that_of_nltk_with_one_reference(void) {
  const world w = read_english(split_13a, 1);
  word_ids reference[ENGLISH];
  int first[ENGLISH + 1];
  double score;
  for (int i = 0; i <= ENGLISH; i++) first[i] = i;
  for (int i = 0; i < ENGLISH; i++) reference[i] = w.reference[i * REFERENCES];
  CU_ASSERT_EQUAL_FATAL(nist_score(&(nist_corpus){ENGLISH, w.text, reference, first}, &score), STATUS_OK);
  CU_ASSERT_TRUE(suite_close(score, NIST_FIRST, 1e-10));
}

/* By hand, one item: words 1 2 3, references 1 2 4 and 1 3 3 3. Information: log2 of 7 words over each word's count,
 * 2 for 1, 1 for 2, 3 for 3; of pair 1 2, log2(2 / 1). Matches: 1, 2, 3 of 3 words; 1 2 of 2 pairs. */
static void nist_clips_by_the_best_of_several_references(void) {
  int32_t own[] = {1, 2, 3}, one[] = {1, 2, 4}, two[] = {1, 3, 3, 3};
  const word_ids text = {3, own}, reference[] = {{3, one}, {4, two}};
  const int first[] = {0, 2};
  double score;
  CU_ASSERT_EQUAL_FATAL(nist_score(&(nist_corpus){1, &text, reference, first}, &score), STATUS_OK);
  const double words = (1.8073549220576042 + 2.807354922057604 + 1.222392421336448) / 3, pairs = 1.0 / 2;
  CU_ASSERT_TRUE(suite_close(score, (words + pairs) * 0.9046686460801637, 1e-12)); /* e^(ln .5 / ln² 1.5 × ln² 3/3.5) */
}

static void rouge_is_that_of_rouge_score_and_of_the_caption_evaluation(void) {
  const world plain = read_english(split_plain, 1), lower = read_english(split_13a, 1);
  double best = 0, coco = 0, one = 0;
  for (int i = 0; i < ENGLISH; i++) {
    CU_ASSERT_EQUAL(rouge_best(&plain.text[i], &plain.reference[i * REFERENCES], REFERENCES, &memory, &one), STATUS_OK);
    best += one / ENGLISH;
    CU_ASSERT_EQUAL(rouge_coco(&lower.text[i], &lower.reference[i * REFERENCES], REFERENCES, &memory, &one), STATUS_OK);
    coco += one / ENGLISH;
  }
  CU_ASSERT_TRUE(suite_close(best, ROUGE_BEST, 1e-10));
  CU_ASSERT_TRUE(suite_close(coco, ROUGE_COCO, 1e-10));
}

static void diversity_is_that_of_nltk(void) {
  const world w = read_english(split_13a, 1);
  const double self[] = {SELF_BLEU_2, SELF_BLEU_3, SELF_BLEU_4}, distinct[] = {DISTINCT_1, DISTINCT_2, DISTINCT_3};
  word_ids all[ENGLISH * (1 + REFERENCES)];
  memcpy(all, w.text, sizeof w.text);
  memcpy(all + ENGLISH, w.reference, sizeof w.reference);
  for (int i = 0; i < 3; i++) {
    double value;
    CU_ASSERT_EQUAL(diversity_self_bleu(all, ENGLISH * (1 + REFERENCES), i + 2, &value), STATUS_OK);
    CU_ASSERT_TRUE(suite_close(value, self[i], 1e-10));
    CU_ASSERT_EQUAL(diversity_distinct(all, ENGLISH * (1 + REFERENCES), i + 1, &value), STATUS_OK);
    CU_ASSERT_TRUE(suite_close(value, distinct[i], 1e-10));
  }
}

static void words_keep_their_numbers_as_the_lexicon_grows(void) {
  lexicon l;
  CU_ASSERT_EQUAL_FATAL(lexicon_create(&memory, &l), STATUS_OK);
  for (int round = 0; round < 2; round++)
    for (int i = 0; i < 1000; i++) {
      char word[16] = "w";
      for (int n = i, at = 1; at < 5; at++, n /= 10) word[at] = (char)('0' + n % 10);
      int32_t id;
      CU_ASSERT_EQUAL(lexicon_add(&l, word, 5, &id), STATUS_OK);
      CU_ASSERT_EQUAL(id, i);
    }
  CU_ASSERT_EQUAL(l.count, 1000);
  CU_ASSERT_EQUAL(lexicon_find(&l, "w", 1), -1);
}

int main(void) {
  const suite_test tests[] = {
      TEST(tokens_are_those_of_the_public_tokenisers),
      TEST(bleu_is_that_of_sacrebleu),
      TEST(nothing_in_common_scores_nothing),
      TEST(the_scorer_of_rnnlg_adds_a_little_to_each_order),
      TEST(nist_is_that_of_nltk_with_one_reference),
      TEST(nist_clips_by_the_best_of_several_references),
      TEST(rouge_is_that_of_rouge_score_and_of_the_caption_evaluation),
      TEST(diversity_is_that_of_nltk),
      TEST(words_keep_their_numbers_as_the_lexicon_grows),
  };
  const int code = SUITE_RUN("text metrics", tests);
  arena_free(&memory);
  return code;
}
