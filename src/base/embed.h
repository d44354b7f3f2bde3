/* embed.h - files of sql/ and assets/, embedded in the program by the build. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H
#include <stddef.h>

struct embedded {
    const char *name; /* path in the project: "sql/queries/claim.sql" */
    const unsigned char *data;
    size_t size; /* data[size] is a zero byte */
};

extern const struct embedded embedded_files[]; /* sorted by name; ends with a NULL name */

const struct embedded *embed_find(const char *name); /* NULL if not embedded */
#endif
