#include <stdint.h>

#include "base/settings.h"

#define INT SETTINGS_INT
#define REAL SETTINGS_REAL
#define BOOL SETTINGS_BOOL
#define TEXT SETTINGS_TEXT
#define PATH SETTINGS_PATH
#define CHOICE SETTINGS_CHOICE
#define LIST SETTINGS_LIST

#define FORMATS "csv|tsv|pipe|list"
#define ENCODINGS "utf-8|gb18030|latin-1"
#define DOMAINS "shop|news|travel|social|film"
#define LANGUAGES "zh|en"

const settings_row settings_table[] = {
    {"job", TEXT, 0, 0, NULL, NULL, "", "name of the job; its runs stand in RUNS/JOB"},
    {"seed", INT, 0, 9007199254740992.0, "1", NULL, "",
     "seed of every random choice; the same seed gives the same bytes"},
    {"night", TEXT, 0, 0, "", NULL, "", "name of the night; empty: today in UTC, as 2026-05-01"},
    {"runs", PATH, 0, 0, "runs", NULL, "", "folder in which runs are kept"},

    {"partitions.users", INT, 1, 65536, "64", NULL, "",
     "logical user partitions, a power of two; also the number of shards"},
    {"partitions.items", INT, 1, 65536, "16", NULL, "", "logical item partitions, a power of two"},
    {"layout.event_cost", REAL, 0, 1e9, "1", NULL, "", "work of one event, when partitions are cut over ranks"},
    {"layout.user_cost", REAL, 0, 1e9, "8", NULL, "", "work of one user, in the same unit"},
    {"layout.score_block", INT, 16, 65536, "256", NULL, "users",
     "users scored at once; memory against speed, never results"},

    {"privacy.key_file", PATH, 0, 0, "", NULL, "",
     "file of 16 or more secret bytes, mode 600, that user ids are keyed with; empty: the seed"},
    {"privacy.user_names", BOOL, 0, 0, "true", NULL, "", "whether messages carry the platform's own user id"},

    {"inputs.interactions.path", PATH, 0, 0, NULL, NULL, "", "what users did: a file of events"},
    {"inputs.interactions.format", CHOICE, 0, 0, "csv", FORMATS, "",
     "how rows are written; list: a line a user, `user item item …`"},
    {"inputs.interactions.encoding", CHOICE, 0, 0, "utf-8", ENCODINGS, "", "encoding of the file"},
    {"inputs.interactions.names", LIST, 0, 0, "", NULL, "", "column names, where the file has no header"},
    {"inputs.interactions.columns.user", TEXT, 0, 0, "user", NULL, "", "column of the user's id"},
    {"inputs.interactions.columns.item", TEXT, 0, 0, "item", NULL, "", "column of the item's id"},
    {"inputs.interactions.columns.time", TEXT, 0, 0, "", NULL, "",
     "column of the time; empty: all events are of one moment"},
    {"inputs.interactions.columns.kind", TEXT, 0, 0, "", NULL, "",
     "column of the event kind; empty: all are of the first kind"},
    {"inputs.interactions.columns.rating", TEXT, 0, 0, "", NULL, "", "column of the rating, for explicit feedback"},
    {"inputs.interactions.columns.quantity", TEXT, 0, 0, "", NULL, "", "column of the quantity bought"},
    {"inputs.interactions.columns.price", TEXT, 0, 0, "", NULL, "", "column of the price of one piece"},
    {"inputs.interactions.columns.weight", TEXT, 0, 0, "", NULL, "",
     "column of a weight that multiplies the kind's; negative weights are rejected"},
    {"inputs.interactions.columns.title", TEXT, 0, 0, "", NULL, "",
     "column of the item's title, for a catalogue derived from the events"},
    {"inputs.interactions.time_format", TEXT, 0, 0, "iso", NULL, "",
     "iso (2010-12-01 08:26:00), unix (seconds), or a strptime format; read as UTC"},
    {"inputs.interactions.exclude[].column", TEXT, 0, 0, NULL, NULL, "", "column that the test looks at"},
    {"inputs.interactions.exclude[].test", CHOICE, 0, 0, NULL, "equals|prefix|empty|below|above|without_digit", "",
     "what must hold for a row to be left out"},
    {"inputs.interactions.exclude[].values", TEXT, 0, 0, "", NULL, "",
     "values for equals and prefix, comma-separated; the bound for below and above"},
    {"inputs.interactions.exclude[].reason", TEXT, 0, 0, NULL, NULL, "", "name under which such rows are counted"},
    {"inputs.rejects_share", REAL, 0, 1, "0.05", NULL, "",
     "share of damaged rows above which the job stops; excluded rows do not count"},

    {"inputs.catalogue.path", PATH, 0, 0, "", NULL, "",
     "the items; empty: derived from the events (most frequent title, median price)"},
    {"inputs.catalogue.format", CHOICE, 0, 0, "csv", FORMATS, "", "how rows are written"},
    {"inputs.catalogue.encoding", CHOICE, 0, 0, "utf-8", ENCODINGS, "", "encoding of the file"},
    {"inputs.catalogue.names", LIST, 0, 0, "", NULL, "", "column names, where the file has no header"},
    {"inputs.catalogue.columns.item", TEXT, 0, 0, "item", NULL, "", "column of the item's id"},
    {"inputs.catalogue.columns.title", TEXT, 0, 0, "", NULL, "", "column of a title in the default language"},
    {"inputs.catalogue.columns.title_zh", TEXT, 0, 0, "", NULL, "", "column of the Chinese title"},
    {"inputs.catalogue.columns.title_en", TEXT, 0, 0, "", NULL, "", "column of the English title"},
    {"inputs.catalogue.columns.category", TEXT, 0, 0, "", NULL, "",
     "column of a category name in the default language"},
    {"inputs.catalogue.columns.category_zh", TEXT, 0, 0, "", NULL, "", "column of the Chinese category name"},
    {"inputs.catalogue.columns.category_en", TEXT, 0, 0, "", NULL, "", "column of the English category name"},
    {"inputs.catalogue.columns.keywords_zh", TEXT, 0, 0, "", NULL, "", "column of Chinese keywords, separated by ;"},
    {"inputs.catalogue.columns.keywords_en", TEXT, 0, 0, "", NULL, "", "column of English keywords, separated by ;"},
    {"inputs.catalogue.columns.price", TEXT, 0, 0, "", NULL, "", "column of the price"},
    {"inputs.catalogue.columns.old_price", TEXT, 0, 0, "", NULL, "", "column of the earlier price, where it fell"},
    {"inputs.catalogue.columns.domain", TEXT, 0, 0, "", NULL, "", "column with one of " DOMAINS},
    {"inputs.catalogue.columns.available", TEXT, 0, 0, "", NULL, "", "column with 0 for items not to be recommended"},
    {"inputs.catalogue.columns.added", TEXT, 0, 0, "", NULL, "",
     "column of the time since which the item is there (format as for events)"},
    {"inputs.catalogue.added_format", TEXT, 0, 0, "iso", NULL, "", "time format of that column"},
    {"inputs.catalogue.flags", LIST, 0, 0, "", NULL, "",
     "names of 0/1 columns; the first that is 1 names the category"},
    {"inputs.catalogue.domain", CHOICE, 0, 0, "shop", DOMAINS, "", "domain of items that name none"},
    {"inputs.catalogue.capitalise", BOOL, 0, 0, "false", NULL, "", "turn titles in capitals only into Title Case"},
    {"inputs.catalogue.article_first", BOOL, 0, 0, "false", NULL, "", "turn `Godfather, The` into `The Godfather`"},
    {"inputs.catalogue.title_columns", INT, 8, 200, "48", NULL, "columns", "longer titles are cut at a word"},
    {"inputs.catalogue.categories_by_words", INT, 0, 1000, "0", NULL, "",
     "where items have no category: cluster their title words into so many; 0: none"},

    {"inputs.users.path", PATH, 0, 0, "", NULL, "", "the users; empty: those with events"},
    {"inputs.users.format", CHOICE, 0, 0, "csv", FORMATS, "", "how rows are written"},
    {"inputs.users.encoding", CHOICE, 0, 0, "utf-8", ENCODINGS, "", "encoding of the file"},
    {"inputs.users.names", LIST, 0, 0, "", NULL, "", "column names, where the file has no header"},
    {"inputs.users.columns.user", TEXT, 0, 0, "user", NULL, "", "column of the user's id"},
    {"inputs.users.columns.language", TEXT, 0, 0, "", NULL, "", "column with one of " LANGUAGES},

    {"inputs.suppression.path", PATH, 0, 0, "", NULL, "",
     "user ids that must not be written to, one a line, those with a comma in quotes; not there or empty: the job "
     "stops"},

    {"inputs.copy.paths", LIST, 0, 0, "", NULL, "", "files of copy: item or domain, text, tone, language"},

    {"events.kinds[].name", TEXT, 0, 0, NULL, NULL, "", "the platform's word for an event"},
    {"events.kinds[].means", CHOICE, 0, 0, "viewed", "viewed|liked|bought", "", "what the event says"},
    {"events.kinds[].weight", REAL, 0, 1e6, "1", NULL, "", "how much it says, for implicit feedback"},
    {"events.liked_from", REAL, -1e6, 1e6, "4", NULL, "", "a rating from which an event means liked"},
    {"events.half_life", REAL, 0, 100000, "0", NULL, "days", "age at which an event counts half; 0: never"},
    {"events.validation_share", REAL, 0, 0.9, "0.1", NULL, "",
     "share of events, the last by time, that sweeps and early stops are judged by"},

    {"language", CHOICE, 0, 0, "en", LANGUAGES, "", "language of users that name none, and of unnamed titles"},
    {"money", TEXT, 0, 0, "$%", NULL, "", "how a price is written; % stands for the number"},

    {"profile.segments", INT, 1, 1000, "8", NULL, "", "user segments"},
    {"profile.iterations", INT, 1, 1000, "20", NULL, "", "iterations of k-means at most"},

    {"als.feedback", CHOICE, 0, 0, "implicit", "implicit|explicit", "", "events as confidence, or ratings"},
    {"als.width", INT, 1, 1024, "32", NULL, "", "length of a factor"},
    {"als.sweeps", INT, 1, 1000, "12", NULL, "", "sweeps at most"},
    {"als.steps", INT, 1, 100, "3", NULL, "", "steps of conjugate gradients per half-sweep"},
    {"als.unobserved", REAL, 1e-9, 1000, "0.1", NULL, "", "weight of each pair without an event (alpha_0), implicit"},
    {"als.regularisation", REAL, 0, 1e6, "0.01", NULL, "", "lambda"},
    {"als.exponent", REAL, 0, 2, "1", NULL, "", "nu: lambda is scaled by (events + unobserved weight)^nu"},
    {"als.rating_regularisation", REAL, 0, 1e6, "0.12", NULL, "",
     "lambda of the model of ratings, times the ratings of a row; explicit"},
    {"als.patience", INT, 1, 1000, "3", NULL, "sweeps", "sweeps without a better NDCG before it stops"},

    {"writer.vocabulary", INT, 512, 64000, "2000", NULL, "pieces", "tokens of the writer at most"},
    {"writer.embedding", INT, 8, 4096, "256", NULL, "", "length of a token's vector"},
    {"writer.hidden", INT, 8, 4096, "256", NULL, "", "cells of an LSTM layer"},
    {"writer.layers", INT, 1, 2, "1", NULL, "", "LSTM layers"},
    {"writer.dropout", REAL, 0, 0.9, "0.35", NULL, "", "share of variational dropout"},
    {"writer.batch", INT, 1, 65536, "32", NULL, "lines", "lines of copy in a minibatch"},
    {"writer.lanes", INT, 1, 4096, "4", NULL, "",
     "pieces of a minibatch whose gradients are summed in fixed order; ranks beyond it idle"},
    {"writer.epochs", INT, 1, 10000, "16", NULL, "", "passes over the copy at most"},
    {"writer.rate", REAL, 1e-8, 1, "0.005", NULL, "", "learning rate of AdamW at its peak"},
    {"writer.warmup", REAL, 0, 1, "0.05", NULL, "", "share of steps in which the rate rises"},
    {"writer.decay", REAL, 0, 1, "0.05", NULL, "", "weight decay of AdamW"},
    {"writer.clip", REAL, 0, 1e6, "1", NULL, "", "largest norm of the gradient per token; 0: none"},
    {"writer.patience", INT, 1, 1000, "4", NULL, "epochs", "epochs without a better validation loss before it stops"},
    {"writer.validation_share", REAL, 0.01, 0.5, "0.08", NULL, "", "share of lines that is held back to judge by"},

    {"gan.rounds", INT, 0, 100000, "12", NULL, "", "rounds of adversarial tuning; 0: none"},
    {"gan.batch", INT, 1, 65536, "64", NULL, "texts", "texts sampled per round"},
    {"gan.rollouts", INT, 1, 1000, "2", NULL, "", "completions that judge each prefix"},
    {"gan.anchor", REAL, 0, 1000, "0.3", NULL, "",
     "weight of the likelihood of real lines, which ties the tuned writer to the learned one"},
    {"gan.rate", REAL, 1e-9, 1, "0.0005", NULL, "", "learning rate of the tuned writer"},
    {"gan.discriminator_rate", REAL, 1e-9, 1, "0.002", NULL, "", "learning rate of the discriminator"},
    {"gan.discriminator_steps", INT, 1, 100000, "300", NULL, "steps",
     "steps in which the discriminator learns before the first round"},

    {"decide.new_days", REAL, 0, 100000, "14", NULL, "days", "an item counts as new so long after it was added"},
    {"decide.hot_share", REAL, 0, 1, "0.1", NULL, "",
     "an item counts as popular if it is among this share of its category, or of all"},
    {"decide.away_days", REAL, 0, 100000, "7", NULL, "days", "a user counts as away after so long without an event"},
    {"decide.explore", INT, 1, 10, "3", NULL, "items", "how many of the best items the choice is drawn from"},
    {"decide.temperature", REAL, 0.001, 100, "0.1", NULL, "",
     "softmax temperature of that draw, in units of the spread of the candidates' scores"},
    {"decide.holdout_share", REAL, 0, 1, "0.05", NULL, "",
     "share of users that are never written to, for measuring lift; stable over nights"},
    {"decide.holdout_salt", TEXT, 0, 0, "holdout", NULL, "", "change it to draw another holdout"},

    {"generate.temperature", REAL, 0, 10, "0.6", NULL, "", "sampling temperature of the writer; 0: greedy"},
    {"generate.candidates", INT, 1, 64, "8", NULL, "texts",
     "texts sampled for each user, ranked by likelihood and discriminator"},
    {"generate.columns", INT, 40, 1000, "160", NULL, "columns",
     "longest message as displayed; a Chinese character takes two"},
    {"generate.utf16", INT, 40, 4000, "160", NULL, "units", "longest message in UTF-16 units"},
    {"generate.duplicate_share", REAL, 0, 1, "0.01", NULL, "",
     "share of the night that one text, slots taken out, may make up"},
    {"generate.banned", LIST, 0, 0, "", NULL, "", "words that no message may hold, besides the built-in ones"},
    {"generate.banned_path", PATH, 0, 0, "", NULL, "", "file of such words, one a line"},

    {"output.frame_bytes", INT, 4096, 67108864, "1048576", NULL, "bytes", "text that a frame of a shard holds at most"},
    {"output.level", INT, 1, 19, "3", NULL, "", "zstd level"},
};

const int settings_table_count = (int)(sizeof settings_table / sizeof *settings_table);
