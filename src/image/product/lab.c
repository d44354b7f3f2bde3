/* lab.c - from sRGB to CIE Lab. */
#include "image/product/lab.h"

#include <math.h>
#include <pthread.h>

static float linear[256]; /* light of a level, 0 to 1 */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_linear(void)
{
    for (int i = 0; i < 256; i++) {
        double value = i / 255.0;

        linear[i] = (float)(value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
    }
}

static float lab_curve(float t)
{
    return t > 0.008856F ? cbrtf(t) : 7.787F * t + 16.0F / 116;
}

void lab_of_srgb(const uint8_t rgb[3], float lab[3])
{
    static const float m[3][3] = { { 0.4124F, 0.3576F, 0.1805F },
                                   { 0.2126F, 0.7152F, 0.0722F },
                                   { 0.0193F, 0.1192F, 0.9505F } };
    static const float white[3] = { 0.9505F, 1, 1.089F };
    float light[3], f[3];

    pthread_once(&once, make_linear);
    for (int i = 0; i < 3; i++) {
        light[i] = linear[rgb[i]];
    }
    for (int i = 0; i < 3; i++) {
        f[i] = lab_curve((m[i][0] * light[0] + m[i][1] * light[1] + m[i][2] * light[2]) / white[i]);
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}
