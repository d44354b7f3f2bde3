/* fuzz_csv.c - arbitrary bytes as a CSV file in any encoding; what is read is bounded and valid
 * UTF-8.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "base/unicode/text_encoding.h"
#include "io/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum text_encoding encoding;
    struct blob text;
    struct csv csv;
    struct error err = { 0 };

    if (!text_to_utf8(data, size, &text, &encoding, &err)) {
        if (err.kind != ERROR_INPUT || !err.text[0] || text.data) {
            abort();
        }
        return 0;
    }
    if (!csv_read((const char *)text.data, &csv, &err) && err.kind != ERROR_INPUT) {
        abort();
    }
    for (int i = 0; i < csv.count && err.kind == ERROR_NONE; i++) {
        const struct csv_record *record = &csv.records[i];

        if (record->field_count < 1 || record->field_count > CSV_FIELDS || record->line < 1 ||
            (i > 0 && record->line <= csv.records[i - 1].line)) {
            abort();
        }
        for (int j = 0; j < record->field_count; j++) {
            if (utf8_length(record->fields[j]) == SIZE_MAX) {
                abort();
            }
        }
    }
    csv_free(&csv);
    blob_free(&text);
    return 0;
}
