#include "jepaflow/results/statistics.h"

#include <math.h>
#include <stdlib.h>

/* slope = sum (x - mean x)(y - mean y) / sum (x - mean x)^2 */
jf_line jf_statistics_line(size_t count, const double *x, const double *y)
{
    jf_line line = {.count = 0, .slope = NAN};
    double mean_x = 0.0, mean_y = 0.0, square = 0.0, product = 0.0;

    for (size_t i = 0; i < count; i++) {
        if (!isnan(x[i]) && !isnan(y[i])) {
            line.count++;
            mean_x += (x[i] - mean_x) / (double)line.count;
            mean_y += (y[i] - mean_y) / (double)line.count;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!isnan(x[i]) && !isnan(y[i])) {
            square += (x[i] - mean_x) * (x[i] - mean_x);
            product += (x[i] - mean_x) * (y[i] - mean_y);
        }
    }
    if (square > 0.0) {
        line.slope = product / square;
    }
    return line;
}

/* tau-b = (C - D) / sqrt((C + D + Tx) (C + D + Ty)), Tx the pairs tied in x only, Ty in y only. */
jf_ranking jf_statistics_ranking(size_t count, const double *x, const double *y)
{
    jf_ranking r = {.tau = NAN};
    size_t tied_x = 0, tied_y = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (isnan(x[i]) || isnan(y[i]) || isnan(x[j]) || isnan(y[j])) {
                continue;
            }
            const int by_x = (x[i] > x[j]) - (x[i] < x[j]);
            const int by_y = (y[i] > y[j]) - (y[i] < y[j]);
            r.concordant += by_x * by_y > 0;
            r.discordant += by_x * by_y < 0;
            tied_x += by_x == 0 && by_y != 0;
            tied_y += by_y == 0 && by_x != 0;
        }
    }
    const double ordered = (double)(r.concordant + r.discordant);
    const double pairs = (ordered + (double)tied_x) * (ordered + (double)tied_y);
    if (pairs > 0.0) {
        r.tau = ((double)r.concordant - (double)r.discordant) / sqrt(pairs);
    }
    return r;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the two nearest values by a straight line, the first at part 0, the last at 1. */
double jf_statistics_quantile(size_t count, double *values, double part)
{
    if (count == 0) {
        return NAN;
    }
    qsort(values, count, sizeof *values, ascending);
    const double place = part * (double)(count - 1);
    const size_t below = (size_t)place;
    const size_t above = below + 1 < count ? below + 1 : below;
    const double weight = place - (double)below;

    return (1.0 - weight) * values[below] + weight * values[above];
}

double jf_statistics_median(size_t count, double *values)
{
    return jf_statistics_quantile(count, values, 0.5);
}
