#include "jepaflow/report/statistics.h"

#include <math.h>
#include <stdlib.h>

static int both(const double *x, const double *y, size_t i)
{
    return !isnan(x[i]) && !isnan(y[i]);
}

/*
 * slope = Sxy / Sxx, its standard error = sqrt(Syy - Sxy^2 / Sxx) / sqrt((n - 2) Sxx), with the
 * residuals summed one by one: their squares would be lost in Syy.
 */
jf_line jf_statistics_line(size_t count, const double *x, const double *y)
{
    jf_line line = {.count = 0, .slope = NAN, .error = NAN};
    double mean_x = 0.0, mean_y = 0.0, sxx = 0.0, sxy = 0.0, residuals = 0.0;

    for (size_t i = 0; i < count; i++) {
        if (both(x, y, i)) {
            line.count++;
            mean_x += (x[i] - mean_x) / (double)line.count;
            mean_y += (y[i] - mean_y) / (double)line.count;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (both(x, y, i)) {
            sxx += (x[i] - mean_x) * (x[i] - mean_x);
            sxy += (x[i] - mean_x) * (y[i] - mean_y);
        }
    }
    if (!(sxx > 0.0)) {
        return line;
    }
    line.slope = sxy / sxx;
    for (size_t i = 0; i < count; i++) {
        const double off = (y[i] - mean_y) - line.slope * (x[i] - mean_x);
        residuals += both(x, y, i) ? off * off : 0.0;
    }
    if (line.count > 2) {
        line.error = sqrt(residuals / ((double)line.count - 2.0) / sxx);
    }
    return line;
}

/* -1, 0 or 1: how a lies to b. */
static int compare(double a, double b, double slack)
{
    const double room = slack * fmax(fabs(a), fabs(b));

    return (a - b > room) - (b - a > room);
}

/* tau-b = (C - D) / sqrt((C + D + Tx) (C + D + Ty)), Tx the pairs tied in x only, Ty in y only. */
jf_ranking jf_statistics_ranking(size_t count, const double *x, const double *y, double slack)
{
    jf_ranking r = {.tau = NAN};
    size_t tied_x = 0, tied_y = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!both(x, y, i) || !both(x, y, j)) {
                continue;
            }
            const int by_x = compare(x[i], x[j], slack);
            const int by_y = compare(y[i], y[j], slack);
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
static double between(size_t count, const double *sorted, double part)
{
    const double place = part * (double)(count - 1);
    const size_t below = (size_t)place;
    const size_t above = below + 1 < count ? below + 1 : below;
    const double weight = place - (double)below;

    return (1.0 - weight) * sorted[below] + weight * sorted[above];
}

void jf_statistics_quantiles(size_t count, double *values, size_t parts, const double *part,
                             double *quantile)
{
    if (count > 0) {
        qsort(values, count, sizeof *values, ascending);
    }
    for (size_t k = 0; k < parts; k++) {
        quantile[k] = count > 0 ? between(count, values, part[k]) : NAN;
    }
}

double jf_statistics_quantile(size_t count, double *values, double part)
{
    double quantile;

    jf_statistics_quantiles(count, values, 1, &part, &quantile);
    return quantile;
}

double jf_statistics_median(size_t count, double *values)
{
    return jf_statistics_quantile(count, values, 0.5);
}

size_t jf_statistics_spread(size_t k, size_t count, size_t extent)
{
    return count > 1 ? k * (extent - 1) / (count - 1) : 0;
}
