/* lab.c - from sRGB to CIE Lab. */
#include "image/product/lab.h"

#include <math.h>

static double linear(double value)
{
    value /= 255;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double lab_curve(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

void lab_of_srgb(const uint8_t rgb[3], float lab[3])
{
    static const double m[3][3] = { { 0.4124, 0.3576, 0.1805 },
                                    { 0.2126, 0.7152, 0.0722 },
                                    { 0.0193, 0.1192, 0.9505 } };
    static const double white[3] = { 0.9505, 1, 1.089 };
    double light[3] = { linear(rgb[0]), linear(rgb[1]), linear(rgb[2]) }, f[3];

    for (int i = 0; i < 3; i++) {
        f[i] = lab_curve((m[i][0] * light[0] + m[i][1] * light[1] + m[i][2] * light[2]) / white[i]);
    }
    lab[0] = (float)(116 * f[1] - 16);
    lab[1] = (float)(500 * (f[0] - f[1]));
    lab[2] = (float)(200 * (f[1] - f[2]));
}
