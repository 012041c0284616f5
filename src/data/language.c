#include "data/language.h"

#include "data/names.h"

static const char *const languages[LANGUAGE_COUNT] = {"zh", "en"};
static const char *const domains[DOMAIN_COUNT] = {"shop", "news", "travel", "social", "film"};

const char *language_name(language l) { return languages[l]; }
const char *domain_name(domain d) { return domains[d]; }
int language_find(const char *name) { return names_find(languages, LANGUAGE_COUNT, name); }
int domain_find(const char *name) { return names_find(domains, DOMAIN_COUNT, name); }
