/* aplus_pages.h - fifty A+ pages of varied products, languages and hostile texts. */
#ifndef LIB_APLUS_PAGES_H
#define LIB_APLUS_PAGES_H
#include <stdbool.h>

struct aplus_page {
    const char *product; /* its name */
    const char *modules; /* JSON, as it is stored for the application */
    bool premium;
};

/* Calls `check` for each page. */
void aplus_pages(void (*check)(const struct aplus_page *page, void *context), void *context);
#endif
