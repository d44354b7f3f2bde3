/* table.c - columns as wide as their content, or as the terminal allows. */
#include "term/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "term/state_style.h"
#include "term/term_link.h"

enum { CELL = 512, COLUMNS = 16, LAST_MIN = 20, NARROW = 8, NO_LIMIT = 1 << 20, EVENT_BYTES = 80 };

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

/* Writes a cell, padded to its width except in the last column. */
static void print_cell(FILE *to, const char *cell, const struct table_column *column, int width,
                       bool last, const cJSON *row)
{
    const char *address = column->link_key && row ? json_peek_text(row, column->link_key) : NULL;
    enum term_style style = column->style && row ? column->style(cell) : STYLE_NORMAL;
    char out[CELL * 2];
    int padding;

    term_fit(cell, width, false, out, sizeof out);
    padding = width - term_columns(out);
    fprintf(to, "%*s%s%s%s%s%s%*s%s", column->right && padding > 0 ? padding : 0, "",
            term_link_begin(to, address), style ? term_style_code(to, style) : "", out,
            style ? term_style_code(to, STYLE_NORMAL) : "", term_link_end(to, address),
            column->right || last || padding < 0 ? 0 : padding, "", last ? "\n" : "  ");
}

/* Index of the last column that is not left out. */
static int last_shown(const int *widths, int count)
{
    int last = 0;

    for (int i = 0; i < count && i < COLUMNS; i++) {
        last = widths[i] >= 0 ? i : last;
    }
    return last;
}

static void print_row(FILE *to, char cells[][CELL], const struct table_column *columns,
                      const int *widths, int count, const cJSON *row)
{
    int last = last_shown(widths, count);

    for (int i = 0; i <= last; i++) {
        if (widths[i] >= 0) {
            print_cell(to, cells[i], &columns[i], widths[i], i == last, row);
        }
    }
}

/* Width of the title or the widest value, limited by the column's maximum. */
static int column_width(const cJSON *rows, const struct table_column *column)
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

/* -- fitting ---------------------------------------------------------------------------------- */

static int width_of(const int *widths, int count)
{
    int sum = -2;

    for (int i = 0; i < count; i++) {
        sum += widths[i] < 0 ? 0 : widths[i] + 2;
    }
    return sum;
}

/* Takes columns from the widest of those above their floor until the table fits. */
static void shrink(int *widths, const int *floors, int count, int width)
{
    while (width_of(widths, count) > width) {
        int widest = -1;

        for (int i = 0; i < count; i++) {
            if (widths[i] > floors[i] && (widest < 0 || widths[i] > widths[widest])) {
                widest = i;
            }
        }
        if (widest < 0) {
            return;
        }
        widths[widest]--;
    }
}

/* Fits the columns that are not left out. False if they do not fit even at their min_width. */
static bool fit_shown(const cJSON *rows, const struct table_column *columns, int count, int width,
                      int *widths)
{
    int floors[COLUMNS] = { 0 }, last = last_shown(widths, count);

    for (int i = 0; i < count; i++) {
        widths[i] = widths[i] < 0 ? -1 : column_width(rows, &columns[i]);
        floors[i] = i == last && widths[i] > LAST_MIN ? LAST_MIN : widths[i];
    }
    shrink(widths, floors, count, width);
    for (int i = 0; i < count; i++) {
        floors[i] = columns[i].min_width && columns[i].min_width < widths[i] ? columns[i].min_width
                                                                             : widths[i];
    }
    shrink(widths, floors, count, width);
    return width_of(widths, count) <= width;
}

/* Returns false if a column is so narrow that its values cannot be read. */
static bool fit(const cJSON *rows, const struct table_column *columns, int count, int width,
                int *widths)
{
    int floors[COLUMNS] = { 0 }, full[COLUMNS] = { 0 };
    bool fits;

    for (int i = 0; i < count; i++) {
        widths[i] = 0;
        floors[i] = 1;
    }
    fits = fit_shown(rows, columns, count, width, widths);
    for (int i = 0; i < count && !fits; i++) {
        if (columns[i].optional) {
            widths[i] = -1;
            fits = fit_shown(rows, columns, count, width, widths);
        }
    }
    if (!fits) {
        (void)fit_shown(rows, columns, count, NO_LIMIT, full);
        shrink(widths, floors, count, width);
    }
    for (int i = 0; i < count && !fits; i++) {
        if (widths[i] >= 0 && widths[i] < full[i] && widths[i] < NARROW) {
            return false;
        }
    }
    return true;
}

/* The width that rows must fit; a very large one for a stream without a width. */
static int limit_of(FILE *to)
{
    const char *variable = getenv("COLUMNS");
    int columns = variable ? atoi(variable) : 0;

    return term_is_live(to) ? term_width(to) : columns > 0 ? columns : NO_LIMIT;
}

/* The width of the titles of a paragraph: of the widest, and at most a third of the line. */
static int paragraph_title_width(const struct table_column *columns, int count, int width)
{
    int widest = 0;

    for (int i = 1; i < count; i++) {
        int title = term_columns(columns[i].title);

        widest = title > widest ? title : widest;
    }
    return widest < width / 3 ? widest : width / 3;
}

/* Where columns would be too narrow: each row as a paragraph, with a line for each value. */
static void print_paragraph(FILE *to, char cells[][CELL], const struct table_column *columns,
                            int count, int width, const cJSON *row)
{
    int title = paragraph_title_width(columns, count, width);
    char name[CELL];

    print_cell(to, cells[0], &columns[0], width, true, row);
    for (int i = 1; i < count; i++) {
        if (strcmp(cells[i], "-") != 0 && cells[i][0] && !columns[i].optional) {
            struct table_column column = columns[i];

            column.right = false;
            term_fit(columns[i].title + strspn(columns[i].title, " "), title, false, name,
                     sizeof name);
            fprintf(to, "  %s%*s  ", name, title - term_columns(name), "");
            print_cell(to, cells[i], &column, width - title - 4, true, row);
        }
    }
}

static void print_within(FILE *to, const cJSON *rows, const struct table_column *columns, int count,
                         int width)
{
    char cells[COLUMNS][CELL];
    int widths[COLUMNS] = { 0 };
    const cJSON *row;
    bool as_rows;

    count = count < COLUMNS ? count : COLUMNS;
    if (count < 1) {
        return;
    }
    as_rows = fit(rows, columns, count, width, widths);
    for (int i = 0; i < count; i++) {
        snprintf(cells[i], CELL, "%s", columns[i].title);
    }
    if (as_rows) {
        print_row(to, cells, columns, widths, count, NULL);
    }
    cJSON_ArrayForEach(row, rows)
    {
        for (int i = 0; i < count; i++) {
            cell_of(row, columns[i].key, cells[i], CELL);
        }
        if (as_rows) {
            print_row(to, cells, columns, widths, count, row);
        } else {
            print_paragraph(to, cells, columns, count, width, row);
        }
    }
}

void table_print_columns(FILE *to, const cJSON *rows, const struct table_column *columns, int count)
{
    print_within(to, rows, columns, count, limit_of(to));
}

static struct table_column with_layout(const struct column *column)
{
    return (struct table_column){
        .key = column->key,
        .title = column->title,
        .max_width = column->max_width,
        .min_width = column->max_width ? NARROW : 0,
        .style = word_list_has("state status outcome verdict", column->key) ? state_style : NULL
    };
}

static void print_plain(FILE *to, const cJSON *rows, const struct column *columns, int count,
                        int width)
{
    struct table_column with[COLUMNS];

    count = count < COLUMNS ? count : COLUMNS;
    for (int i = 0; i < count; i++) {
        with[i] = with_layout(&columns[i]);
    }
    print_within(to, rows, with, count, width);
}

void table_print(FILE *to, const cJSON *rows, const struct column *columns, int count)
{
    print_plain(to, rows, columns, count, limit_of(to));
}

void table_print_whole(FILE *to, const cJSON *rows, const struct column *columns, int count)
{
    print_plain(to, rows, columns, count, NO_LIMIT);
}

int table_width(const cJSON *rows, const struct column *columns, int count)
{
    int sum = count > 0 ? 2 * (count - 1) : 0;

    for (int i = 0; i < count; i++) {
        struct table_column column = with_layout(&columns[i]);

        sum += column_width(rows, &column);
    }
    return sum;
}

/* Further lines of a value are indented, so that none looks like another fact. */
static void print_lines(FILE *to, const char *text, int indent)
{
    for (; *text; text++) {
        fputc(*text, to);
        if (*text == '\n') {
            fprintf(to, "%*s", indent, "");
        }
    }
}

void table_fact(FILE *to, const char *title, int width, const cJSON *value)
{
    char *text;

    if (!value || cJSON_IsNull(value) || (cJSON_IsString(value) && !value->valuestring[0])) {
        return;
    }
    text = cJSON_PrintUnformatted(value);
    if (cJSON_IsString(value)) {
        fprintf(to, "%-*s %s", width, title, term_link_begin(to, value->valuestring));
        print_lines(to, term_text(value->valuestring, true), width + 1);
        fprintf(to, "%s\n", term_link_end(to, value->valuestring));
    } else {
        fprintf(to, "%-*s %s\n", width, title, term_text(text, true));
    }
    cJSON_free(text);
}

void table_json(FILE *to, const cJSON *rows, const char *event)
{
    const cJSON *row = cJSON_IsArray(rows) ? rows->child : rows;

    for (; row; row = cJSON_IsArray(rows) ? row->next : NULL) {
        char *object = cJSON_PrintUnformatted(row);
        struct text line;

        text_begin(&line, strlen(object) + EVENT_BYTES);
        if (event) {
            text_printf(&line, "{\"event\":\"%s\"%s", event, row->child ? "," : "");
        }
        text_add(&line, object + (event != NULL));
        term_json(to, line.data);
        text_end(&line);
        free(object);
    }
}
