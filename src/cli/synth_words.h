/* The words that a planted platform is named with: pairs that mean the same in Chinese and English. No brands, no
 * digits, no claims. A title is a head put into a frame of its category: "胡桃木%" / "Walnut %" around "手冲咖啡架" /
 * "Pour-Over Coffee Stand". */
#ifndef CLI_SYNTH_WORDS_H
#define CLI_SYNTH_WORDS_H

enum { SYNTH_GROUPS = 3, SYNTH_GROUP_HEADS = 5, SYNTH_HEADS = SYNTH_GROUPS * SYNTH_GROUP_HEADS, SYNTH_FRAMES = 10 };

/* What is written, and the keyword it stands for ("" : none). In a frame, '%' is where the head goes. */
typedef struct synth_word {
  const char *zh, *en;
  const char *keyword_zh, *keyword_en;
} synth_word;

typedef struct synth_category {
  const char *zh, *en;
  int lowest, highest;            /* price in whole units of money; 0, 0: has no price */
  synth_word group[SYNTH_GROUPS]; /* only the keywords: what the heads of a group share, and people's taste is for */
  synth_word head[SYNTH_HEADS];   /* group g holds heads [5g, 5g + 5) */
  const synth_word *frame;        /* [SYNTH_FRAMES] */
} synth_category;

enum { SYNTH_SHOPS = 8, SYNTH_NEWS = 7, SYNTH_TRAVELS = 6, SYNTH_SOCIALS = 7 };

extern const synth_category synth_shop_categories[SYNTH_SHOPS];
extern const synth_category synth_news_categories[SYNTH_NEWS];
extern const synth_category synth_travel_categories[SYNTH_TRAVELS];
extern const synth_category synth_social_categories[SYNTH_SOCIALS];

#endif
