/* The look of the page: calm, one column on a phone, dark where the reader's system is, plain on paper. */
#ifndef STAGES_REPORT_STYLE_H
#define STAGES_REPORT_STYLE_H

/* CSS. */
extern const char report_style[];

#endif
