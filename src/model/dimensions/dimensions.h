/* dimensions.h - dimensions of a product, as its seller gives them: what each number measures,
 * which of them an image shows, and how they are printed. Never estimated. */
#ifndef MODEL_DIMENSIONS_DIMENSIONS_H
#define MODEL_DIMENSIONS_DIMENSIONS_H
#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/error.h"

enum dimension_axis {
    AXIS_UNKNOWN,
    AXIS_HEIGHT,
    AXIS_WIDTH,
    AXIS_DEPTH,
    AXIS_LENGTH,
    AXIS_DIAMETER,
    AXIS_THICKNESS,
    DIMENSION_AXES
};

struct dimension {
    const char *name;  /* "handle length", "height", "handle"; "" if nothing is known */
    const char *part;  /* "handle"; "" for the product as a whole */
    const char *label; /* name of the axis, "height"; "" if unknown */
    enum dimension_axis axis;
    int series; /* 1 or more for the numbers of one unlabelled "9 x 8 x 8.5 cm", otherwise 0 */
    double value;
    const char *unit;        /* "cm", "mm", "m", "in", "ft" */
    const char *text;        /* text to print: "12 cm" */
    const char *series_text; /* the whole series, "9 x 8 x 8.5 cm"; NULL if series is 0 */
};

const char *axis_name(enum dimension_axis axis); /* "height"; "" for AXIS_UNKNOWN */

/* Finds dimensions in free text: "24 x 7 cm", "Height: 12 in", "30 cm handle, 36 cm long", "Ø 8
 * cm", "9 x 8 x 8.5 cm (L x W x H)". `names` are the names of the product ("Clay Cup, Tools"): a
 * noun after a number that is not among them is a part. Numbers that measure something else ("fits
 * 30 cm pans", "range 10 m", "box: 30 x 20 cm") and the same size in another unit ("12 cm / 4.7
 * in") are left out. Returns how many were found, at most `capacity`. */
int dimensions_find(const char *text, const char *names, struct arena *arena, struct dimension *out,
                    int capacity);

/* Reads the key "dimensions" of a payload: a text as above; an object {"height": 12, "width": "8
 * cm", "unit": "cm"}; or a list of texts or of objects {"label", "part", "value", "unit"}. Returns
 * how many were read; 0 if the value has another form. */
int dimensions_read(const cJSON *value, const char *names, struct arena *arena,
                    struct dimension *out, int capacity);

/* The dimensions to draw along the horizontal and the vertical extent of a product in an image.
 * Indexes into the list; -1 for none. */
struct dimension_view {
    int horizontal, vertical;
    int depth; /* the third number of a series, which the image does not show; -1 for none */
    enum dimension_axis horizontal_axis, vertical_axis; /* what their lines are called */
    bool ambiguous; /* a series fits the image in no way, or in several: the seller must say more */
};

/* Decides which dimensions an image of the product shows. `aspect` is the width of the product's
 * extent in the image divided by its height. Depth, thickness and parts are never an extent. */
struct dimension_view dimensions_view(const struct dimension *list, int count, double aspect);

/* Returns true if one of the dimensions is of the product as a whole, not of a part. */
bool dimensions_describe_product(const struct dimension *list, int count);

/* Returns true if list[i] is not the first number of its series, which is printed as a whole. */
bool dimension_continues(const struct dimension *list, int i);
/* Returns the text of the dimension, or of the series that it begins. */
const char *dimension_print(const struct dimension *dimension);

double dimension_mm(const struct dimension *dimension);

enum dimension_units { UNITS_AS_GIVEN, UNITS_INCH_AND_CM };

/* Sets the texts to print, of the dimensions and of their series: "12 cm", or "12 cm (4.7 in)".
 * Other units are rounded to one decimal place, below 1 to two. */
void dimensions_print(struct dimension *list, int count, enum dimension_units wanted,
                      struct arena *arena);

/* Returns "handle length" for a part and an axis, of which either may be missing. */
const char *dimension_name(const char *part, enum dimension_axis axis, struct arena *arena);
#endif
