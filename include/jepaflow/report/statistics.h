/*
 * statistics.h - what is fitted, ranked and thinned in a report.
 *
 * Pairs in which either number is NaN are left out everywhere: a cell without a critical time takes
 * part in nothing. Knows no dataset.
 */
#ifndef JEPAFLOW_REPORT_STATISTICS_H
#define JEPAFLOW_REPORT_STATISTICS_H

#include <stddef.h>

/* A line fitted by least squares. */
typedef struct {
    size_t count; /* pairs that took part */
    double slope; /* NaN where there are fewer than two different x */
    double error; /* standard error of the slope; NaN of fewer than three pairs */
} jf_line;

/* Least squares through (x[i], y[i]), i < count. */
jf_line jf_statistics_line(size_t count, const double *x, const double *y);

/* How well two rankings agree. */
typedef struct {
    size_t concordant; /* pairs of items ordered alike in x and y */
    size_t discordant; /* pairs ordered the other way round; ties are neither */
    double tau;        /* Kendall's tau-b, -1 to 1; NaN where all x or all y are equal */
} jf_ranking;

/*
 * Rank correlation of x and y; count^2 comparisons.
 *   slack  numbers are equal that differ by no more than this part of the larger: 0, or what is
 *          known of their errors
 */
jf_ranking jf_statistics_ranking(size_t count, const double *x, const double *y, double slack);

/*
 * The value that `part` (0 to 1) of values[count] are at most, which are sorted by it and must hold
 * no NaN; NaN of none.
 */
double jf_statistics_quantile(size_t count, double *values, double part);

/* Several quantiles at once, quantile[k] of part[k], k < parts; the values are sorted but once. */
void jf_statistics_quantiles(size_t count, double *values, size_t parts, const double *part,
                             double *quantile);

/* Median of values[count], which are sorted by it and must hold no NaN; NaN of none. */
double jf_statistics_median(size_t count, double *values);

/* Number k of `count` that are evenly spread over 0 ... extent-1, both ends among them. */
size_t jf_statistics_spread(size_t k, size_t count, size_t extent);

#endif
