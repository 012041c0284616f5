/* The languages and domains that nightmail writes in. */
#ifndef DATA_LANGUAGE_H
#define DATA_LANGUAGE_H

typedef enum language { LANGUAGE_ZH, LANGUAGE_EN, LANGUAGE_COUNT } language;

/* What kind of thing an item is; copy is written per domain. */
typedef enum domain { DOMAIN_SHOP, DOMAIN_NEWS, DOMAIN_TRAVEL, DOMAIN_SOCIAL, DOMAIN_FILM, DOMAIN_COUNT } domain;

/* "zh", "en"; "shop", "news", … */
const char *language_name(language l);
const char *domain_name(domain d);

/* -1 if the name is not known. */
int language_find(const char *name);
int domain_find(const char *name);

#endif
