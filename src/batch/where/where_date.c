/* where_date.c - parses dates and ages: 2026-06-01, today, 30d ago, two weeks. UTC. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "batch/where/where_internal.h"

static const int64_t second_ms = 1000, minute_ms = 60000, hour_ms = 3600000, day_ms = 86400000;

/* Writes the range with seconds, the format of dates in darkroom.selectable. */
static void set_range(int64_t from_ms, int64_t width_ms, struct where_date *out)
{
    clock_format(from_ms, out->from);
    clock_format(from_ms + width_ms, out->to);
    memcpy(out->from + 19, "Z", 2);
    memcpy(out->to + 19, "Z", 2);
}

static int64_t unit_ms(const char *word)
{
    static const struct {
        const char *words;
        int64_t ms;
    } units[] = {
        { " s sec secs second seconds ", 1000 }, { " min mins minute minutes ", 60000 },
        { " h hr hrs hour hours ", 3600000 },    { " d day days ", 86400000 },
        { " w week weeks ", 604800000 },         { " month months ", 2592000000 }, /* 30 days */
        { " y year years ", 31536000000 },                                         /* 365 days */
    };
    char wanted[16];

    snprintf(wanted, sizeof wanted, " %.12s ", word);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (word[0] && !strchr(word, ' ') && strcasestr(units[i].words, wanted)) {
            return units[i].ms;
        }
    }
    return 0;
}

/* Returns the number that the word spells; 0 if it is none. */
static int64_t spelled_number(const char *word, size_t size)
{
    static const char *const words[] = { "a",    "an",   "one",    "two",   "three",
                                         "four", "five", "six",    "seven", "eight",
                                         "nine", "ten",  "eleven", "twelve" };

    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++) {
        if (strlen(words[i]) == size && strncasecmp(words[i], word, size) == 0) {
            return i < 2 ? 1 : i - 1;
        }
    }
    return 0;
}

static bool ends_with(const char *text, size_t size, const char *end)
{
    size_t length = strlen(end);

    return size > length && strncasecmp(text + size - length, end, length) == 0;
}

bool where_age_read(const char *text, int64_t now_ms, struct where_date *out, struct error *err)
{
    size_t size = strlen(text), digits;
    const char *at = text;
    int64_t count = 0, unit;
    char word[16] = "";

    if (ends_with(text, size, " ago") || ends_with(text, size, " old")) {
        size -= 4;
    }
    digits = strspn(at, "0123456789");
    for (size_t i = 0; i < digits && i < 7; i++) {
        count = count * 10 + (at[i] - '0');
    }
    if (digits == 0) {
        digits = strcspn(at, " ");
        count = spelled_number(at, digits);
        if (count == 0 && digits >= size) { /* "the last week" */
            digits = 0;
            count = 1;
        }
    }
    for (at += digits; *at == ' ';) {
        at++;
    }
    if (at < text + size && (size_t)(text + size - at) < sizeof word) {
        memcpy(word, at, (size_t)(text + size - at));
    }
    unit = unit_ms(word);
    if (count == 0 || unit == 0) {
        error_set(err, ERROR_INPUT, "'%.40s' is not a time", text);
        return error_hint(err, "Write 30d ago, 12h ago, 90min ago, 2w ago, or a date.");
    }
    if (digits > 6 || now_ms - count * unit < 0) {
        return error_set(err, ERROR_INPUT, "'%.40s' is too long ago", text);
    }
    set_range(now_ms - count * unit, second_ms, out);
    return true;
}

/* Parses "T12:30" or "T12:30:15", with or without a Z. Returns the milliseconds since midnight, or
 * -1. */
static int64_t read_time(const char *text, int64_t *width_ms)
{
    int hour, minute, second = 0, used = 0;

    if ((*text != 'T' && *text != 't' && *text != ' ') || !isdigit((unsigned char)text[1]) ||
        sscanf(text + 1, "%2d:%2d%n", &hour, &minute, &used) != 2 || used != 5 ||
        !isdigit((unsigned char)text[4])) {
        return -1;
    }
    *width_ms = minute_ms;
    text += 6;
    if (text[0] == ':' && isdigit((unsigned char)text[1]) && isdigit((unsigned char)text[2])) {
        second = (text[1] - '0') * 10 + text[2] - '0';
        *width_ms = second_ms;
        text += 3;
    }
    text += *text == 'Z' || *text == 'z';
    if (*text || hour > 23 || minute > 59 || second > 59) {
        return -1;
    }
    return hour * hour_ms + minute * minute_ms + second * second_ms;
}

static bool read_date(const char *text, struct where_date *out)
{
    char date[11];
    int64_t day, time = 0, width = day_ms;

    snprintf(date, sizeof date, "%.10s", text);
    day = clock_parse_date(date);
    if (day < 0) { /* invalid, or before 1970 */
        return false;
    }
    if (text[10]) {
        time = read_time(text + 10, &width);
    }
    if (time < 0) {
        return false;
    }
    set_range(day + time, width, out);
    return true;
}

/* Parses "2026-06": the whole month. */
static bool read_month(const char *text, struct where_date *out)
{
    char date[40];
    int64_t from, to;
    int year, month, used = 0;

    if (strlen(text) != 7 || sscanf(text, "%4d-%2d%n", &year, &month, &used) != 2 || used != 7 ||
        month < 1 || month > 12) {
        return false;
    }
    snprintf(date, sizeof date, "%04d-%02d-01", year % 10000, month);
    from = clock_parse_date(date);
    snprintf(date, sizeof date, "%04d-%02d-01", (month == 12 ? year + 1 : year) % 10000,
             month % 12 + 1);
    to = clock_parse_date(date);
    if (from < 0 || to < from) {
        return false;
    }
    set_range(from, to - from, out);
    return true;
}

bool where_date_read(const char *text, int64_t now_ms, struct where_date *out, struct error *err)
{
    size_t size = strlen(text);
    int64_t today = now_ms - now_ms % day_ms;

    if (strcasecmp(text, "now") == 0) {
        set_range(now_ms, second_ms, out);
        return true;
    }
    if (strcasecmp(text, "today") == 0 || strcasecmp(text, "yesterday") == 0) {
        set_range(size == 5 ? today : today - day_ms, day_ms, out);
        return true;
    }
    if (ends_with(text, size, " ago")) {
        return where_age_read(text, now_ms, out, err);
    }
    if (read_date(text, out) || read_month(text, out)) {
        return true;
    }
    error_set(err, ERROR_INPUT, "'%.40s' is not a date", text);
    return error_hint(err, "Write 2026-06-01, 2026-06-01T12:30, 2026-06, today, yesterday, or 30d "
                           "ago.");
}
