/* table.c - columns as wide as their content; the last one is limited by the terminal. */
#include "term/table.h"

#include <stdlib.h>
#include <string.h>

#include "term/term.h"

enum { CELL = 512, COLUMNS = 16 };

static void cell_of(const cJSON *row, const char *key, char *out, size_t size)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(row, key);

    if (!value || cJSON_IsNull(value)) {
        snprintf(out, size, "-");
    } else if (cJSON_IsString(value)) {
        snprintf(out, size, "%s", value->valuestring);
    } else if (cJSON_IsNumber(value)) {
        snprintf(out, size, "%.12g", value->valuedouble);
    } else {
        snprintf(out, size, "%s", cJSON_IsTrue(value) ? "yes" : "no");
    }
}

static void print_row(FILE *to, char cells[][CELL], const int *widths, int count)
{
    for (int i = 0; i < count; i++) {
        char out[CELL * 2];
        bool last = i + 1 == count;

        term_fit(cells[i], widths[i], !last, out, sizeof out);
        fprintf(to, "%s%s", out, last ? "\n" : "  ");
    }
}

/* Width of the title or the widest value, limited by the column's maximum. */
static int column_width(const cJSON *rows, const struct column *column)
{
    int max_width = term_columns(column->title);
    char cell[CELL];
    const cJSON *row;

    cJSON_ArrayForEach(row, rows)
    {
        int width;

        cell_of(row, column->key, cell, CELL);
        width = term_columns(cell);
        width = column->max_width && width > column->max_width ? column->max_width : width;
        max_width = width > max_width ? width : max_width;
    }
    return max_width;
}

int table_width(const cJSON *rows, const struct column *columns, int count)
{
    int sum = count > 0 ? 2 * (count - 1) : 0;

    for (int i = 0; i < count; i++) {
        sum += column_width(rows, &columns[i]);
    }
    return sum;
}

void table_print(FILE *to, const cJSON *rows, const struct column *columns, int count)
{
    char cells[COLUMNS][CELL];
    int widths[COLUMNS], used = 0;
    const cJSON *row;

    count = count < COLUMNS ? count : COLUMNS;
    for (int i = 0; i < count; i++) {
        widths[i] = column_width(rows, &columns[i]);
        used += i + 1 < count ? widths[i] + 2 : 0;
        snprintf(cells[i], CELL, "%s", columns[i].title);
    }
    if (term_is_live(to) && used + widths[count - 1] > term_width(to)) {
        int rest = term_width(to) - used;

        widths[count - 1] = rest > 20 ? rest : 20;
    }
    print_row(to, cells, widths, count);
    cJSON_ArrayForEach(row, rows)
    {
        for (int i = 0; i < count; i++) {
            cell_of(row, columns[i].key, cells[i], CELL);
        }
        print_row(to, cells, widths, count);
    }
}

void table_fact(FILE *to, const char *title, int width, const cJSON *value)
{
    char *text;

    if (!value || cJSON_IsNull(value) || (cJSON_IsString(value) && !value->valuestring[0])) {
        return;
    }
    text = cJSON_PrintUnformatted(value);
    fprintf(to, "%-*s %s\n", width, title,
            term_text(cJSON_IsString(value) ? value->valuestring : text, true));
    cJSON_free(text);
}

void table_json(FILE *to, const cJSON *rows)
{
    const cJSON *row = cJSON_IsArray(rows) ? rows->child : rows;

    for (; row; row = cJSON_IsArray(rows) ? row->next : NULL) {
        char *line = cJSON_PrintUnformatted(row);

        term_json(to, line);
        free(line);
    }
}
