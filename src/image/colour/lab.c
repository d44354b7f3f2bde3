/* lab.c - from sRGB to CIE Lab. */
#include "image/colour/lab.h"

#include <math.h>
#include <pthread.h>

enum { CURVE_STEPS = 2048 };

static const float curve_end = 1.125F; /* above the light of white */

static float linear[256];            /* light of a level, 0 to 1 */
static float curve[CURVE_STEPS + 1]; /* of Lab, from no light to curve_end */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static float lab_curve(float t)
{
    return t > 0.008856F ? cbrtf(t) : 7.787F * t + 16.0F / 116;
}

static void make_tables(void)
{
    for (int i = 0; i < 256; i++) {
        double value = i / 255.0;

        linear[i] = (float)(value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
    for (int i = 0; i <= CURVE_STEPS; i++) {
        curve[i] = lab_curve((float)i * curve_end / CURVE_STEPS);
    }
}

/* Interpolates, since a cubic root takes most of the time of a conversion. */
static float curve_at(float t)
{
    float at = t * (CURVE_STEPS / curve_end);
    int i = (int)at < CURVE_STEPS ? (int)at : CURVE_STEPS - 1;

    return curve[i] + (at - (float)i) * (curve[i + 1] - curve[i]);
}

void lab_of_srgb(const uint8_t rgb[3], float lab[3])
{
    static const float m[3][3] = { { 0.4124F, 0.3576F, 0.1805F },
                                   { 0.2126F, 0.7152F, 0.0722F },
                                   { 0.0193F, 0.1192F, 0.9505F } };
    static const float white[3] = { 0.9505F, 1, 1.089F };
    float light[3], f[3];

    pthread_once(&once, make_tables);
    for (int i = 0; i < 3; i++) {
        light[i] = linear[rgb[i]];
    }
    for (int i = 0; i < 3; i++) {
        f[i] = curve_at((m[i][0] * light[0] + m[i][1] * light[1] + m[i][2] * light[2]) / white[i]);
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}
