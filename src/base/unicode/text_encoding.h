/* text_encoding.h - converts the text of a file to UTF-8. */
#ifndef BASE_UNICODE_TEXT_ENCODING_H
#define BASE_UNICODE_TEXT_ENCODING_H
#include "base/blob.h"

enum text_encoding {
    ENCODING_UTF8,        /* with or without a byte order mark */
    ENCODING_UTF16,       /* with a byte order mark */
    ENCODING_WINDOWS_1252 /* of which Latin-1 (ISO 8859-1) text is a part */
};

/* Recognizes the encoding by the bytes and writes the text as UTF-8, without a byte order mark and
 * with a zero byte after its end. Bytes that are not UTF-8 are read as Windows-1252. ERROR_INPUT
 * if the bytes are text in none of these encodings. The caller frees *out. */
bool text_to_utf8(const void *data, size_t size, struct blob *out, enum text_encoding *encoding,
                  struct error *err) MUST_CHECK;
#endif
