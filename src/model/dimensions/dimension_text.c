/* dimension_text.c - lengths in other units. */
#include <math.h>
#include <string.h>

#include "model/dimensions/dimensions.h"

static const struct length_unit {
    const char *unit;
    double mm;
    const char *other; /* what people of the other system use for such a length */
} units[] = { { "mm", 1, "in" },
              { "cm", 10, "in" },
              { "m", 1000, "ft" },
              { "in", 25.4, "cm" },
              { "ft", 304.8, "m" } };

static const struct length_unit *find_unit(const char *name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(name, units[i].unit) == 0) {
            return &units[i];
        }
    }
    return &units[0];
}

double dimension_mm(const struct dimension *dimension)
{
    return dimension->value * find_unit(dimension->unit)->mm;
}

const char *axis_name(enum dimension_axis axis)
{
    static const char *const names[DIMENSION_AXES] = {
        [AXIS_UNKNOWN] = "",
        [AXIS_HEIGHT] = "height",
        [AXIS_WIDTH] = "width",
        [AXIS_DEPTH] = "depth",
        [AXIS_LENGTH] = "length",
        [AXIS_DIAMETER] = "diameter",
        [AXIS_THICKNESS] = "thickness",
    };

    return names[axis];
}

bool dimension_continues(const struct dimension *list, int i)
{
    return i > 0 && list[i].series > 0 && list[i].series == list[i - 1].series;
}

const char *dimension_print(const struct dimension *dimension)
{
    return dimension->series_text ? dimension->series_text : dimension->text;
}

const char *dimension_name(const char *part, enum dimension_axis axis, struct arena *arena)
{
    return arena_printf(arena, "%s%s%s", part, part[0] && axis != AXIS_UNKNOWN ? " " : "",
                        axis_name(axis));
}

static double converted(const struct dimension *dimension, const char *unit)
{
    double value = dimension_mm(dimension) / find_unit(unit)->mm, step = value < 1 ? 100 : 10;

    return round(value * step) / step;
}

/* The text of a series, whose numbers are list[0 .. count), in the unit that the last number has,
 * or in `unit`. */
static const char *print_series(const struct dimension *list, int count, const char *unit,
                                struct arena *arena)
{
    const char *text = "";

    for (int i = 0; i < count; i++) {
        text = arena_printf(arena, "%s%s%g", text, i > 0 ? " x " : "",
                            unit ? converted(&list[i], unit) : list[i].value);
    }
    return arena_printf(arena, "%s %s", text, unit ? unit : list[count - 1].unit);
}

void dimensions_print(struct dimension *list, int count, enum dimension_units wanted,
                      struct arena *arena)
{
    for (int i = 0, numbers; i < count; i += numbers) {
        const char *text;

        for (numbers = 1; i + numbers < count && dimension_continues(list, i + numbers);) {
            numbers++;
        }
        text = print_series(&list[i], numbers, NULL, arena);
        if (wanted == UNITS_INCH_AND_CM) {
            text = arena_printf(arena, "%s (%s)", text,
                                print_series(&list[i], numbers, find_unit(list[i].unit)->other,
                                             arena));
        }
        for (int j = i; j < i + numbers; j++) {
            const char *other = find_unit(list[j].unit)->other;

            list[j].series_text = list[j].series > 0 ? text : NULL;
            list[j].text = arena_printf(arena, "%g %s", list[j].value, list[j].unit);
            if (wanted == UNITS_INCH_AND_CM) {
                list[j].text = arena_printf(arena, "%s (%g %s)", list[j].text,
                                            converted(&list[j], other), other);
            }
        }
    }
}
