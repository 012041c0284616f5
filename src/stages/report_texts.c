#include "stages/report_texts.h"

#include <stdio.h>

#include "data/decision.h"

#include "text/rules.h"

/* What each rule found, for people. */
static const char *const rule_text[RULE_COUNT] = {
    [RULE_KEPT] = "kept",
    [RULE_SLOTS] = "a slot missing or repeated",
    [RULE_NUMBER] = "a number of its own",
    [RULE_CLAIM] = "a claim nobody backs",
    [RULE_BANNED] = "a banned word",
    [RULE_LANGUAGE] = "the other language",
    [RULE_LENGTH] = "too long or too short",
    [RULE_SHAPE] = "a broken shape",
};

static int64_t number(const report_night *n, const char *name) { return accounts_get(&n->generate.numbers, name); }

static int64_t rejected(const report_night *n, rule r) {
  char name[64];
  snprintf(name, sizeof name, "rule.%s", rule_name(r));
  return number(n, name);
}

void report_texts_rules(report_page *p, const report_night *n) {
  const int64_t candidates = number(n, "candidates"), messages = accounts_total(&n->manifest.sources);
  report_page_section(p, "rules", "What the rules threw out");
  report_page_put(p, "<h3>");
  report_page_count(p, candidates);
  report_page_put(p, " texts were asked of the writer</h3>\n");
  for (int r = 0; r < RULE_COUNT; r++)
    if (r == RULE_KEPT || rejected(n, (rule)r) > 0) report_page_bar(p, rule_text[r], rejected(n, (rule)r), candidates);
  if (number(n, "candidates_strange") > 0)
    report_page_bar(p, "kept, but of words that do not belong together", number(n, "candidates_strange"), candidates);
  if (number(n, "candidates_unfinished") > 0)
    report_page_bar(p, "given up half-way", number(n, "candidates_unfinished"), candidates);
  report_page_put(p, "<h3>How alike the messages are</h3>\n<p>");
  report_page_count(p, number(n, "templates_distinct"));
  report_page_put(p, " different texts, slots taken out, for ");
  report_page_count(p, messages);
  report_page_put(p, " messages; the most frequent one stands in ");
  report_page_count(p, number(n, "templates_largest"));
  report_page_put(p, " (%.2f %%).</p>\n",
                  messages > 0 ? 100.0 * (double)number(n, "templates_largest") / (double)messages : 0.0);
  report_page_end(p);
}

void report_texts_sample(report_page *p, const report_night *n) {
  report_page_section(p, "sample", "Messages of this night");
  report_page_put(p,
                  "<p class=\"soft\">Taken from every language and tone in turn, unedited; whom they go to is left "
                  "out.</p>\n");
  for (int i = 0; i < n->sample_count; i++) {
    const message *m = &n->sample[i];
    report_page_put(p, "<blockquote lang=\"%s\">", language_name(m->language));
    report_page_text(p, m->text);
    report_page_put(p, "<small>%s · %s", tone_name(m->tone), source_name(m->source));
    if (m->reason[0] != '\0') {
      report_page_put(p, " · ");
      report_page_text(p, m->reason);
    }
    report_page_put(p, "</small></blockquote>\n");
  }
  report_page_end(p);
}

static void limit(report_page *p, const char *text) {
  report_page_put(p, "<li>");
  report_page_text(p, text);
  report_page_put(p, "</li>\n");
}

void report_texts_limits(report_page *p, const report_night *n) {
  const int64_t messages = accounts_total(&n->manifest.sources);
  const int64_t generic = accounts_get(&n->manifest.sources, source_name(SOURCE_GENERIC));
  const int64_t held_out = accounts_get(&n->manifest.users, outcome_name(OUTCOME_HELD_OUT));
  report_page_section(p, "limits", "What these numbers do not say");
  report_page_put(p, "<ul>\n");
  limit(p,
        "Recall and NDCG are measured on past events: they say how well habits are foretold, not whether a message "
        "changes what anybody does.");
  limit(p, held_out > 0 ? "Lift shows only in the users held out: compare them with those written to, after the night."
                        : "Nobody was held out this night, so the lift of the messages cannot be measured.");
  limit(p, "The rules know digits, claims, banned words and languages; they do not know taste. Read the sample.");
  limit(p, "Perplexity compares the writer with a trigram on the same lines of copy; it says nothing of other text.");
  if (generic > 0 && messages > 0) {
    char text[160];
    snprintf(text, sizeof text,
             "%.1f %% of the messages are the plainest line; more copy in their tone and domain would help.",
             100.0 * (double)generic / (double)messages);
    limit(p, text);
  }
  report_page_put(p, "</ul>\n");
  report_page_end(p);
}
