/*
 * test_feature.c - plateaus and critical times in closed form, against reference values of 20
 * digits, against quadrature of the flow's equation in long double, and against their limits at
 * small init_scale.
 */
#include "../support/check.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/theory/feature.h"

/* ---- the reference ---- */

static FILE *open_reference(void)
{
    char path[4096];
    const char *top = getenv("top_srcdir");

    snprintf(path, sizeof path, "%s/tests/theory/critical_times.csv", top != NULL ? top : ".");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("%s is missing; top_srcdir says where the source is", path);
    }
    return file;
}

/* 60 cells computed with mpmath at 50 digits (docs/theory.md, section 15). */
static void critical_times_are_the_reference_values(void **state)
{
    FILE *file = open_reference();
    char line[512], objective[8];
    int rows = 0;

    (void)state;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        jf_feature f;
        double threshold, exact, series, time;
        const int read = sscanf(line, "%7[a-z],%zu,%lf,%lf,%lf,%lf,%lf,%lf", objective, &f.depth,
                                &f.init_scale, &f.lambda, &f.rho, &threshold, &exact, &series);
        assert_int_equal(read, 8);
        f.objective = strcmp(objective, "jepa") == 0 ? JF_JEPA : JF_MAE;
        assert_int_equal(jf_feature_critical_time(&f, threshold, &time), JF_REACHED);
        assert_near(time, exact, 1e-12);
        assert_near(jf_feature_critical_time_series(&f), series, 1e-12);
        rows++;
    }
    fclose(file);
    assert_int_equal(rows, 60);
}

/* ---- quadrature ---- */

/* lambda dt / d(ln w) of the flow's equation (DESIGN.md, section 1). */
static long double density(const jf_feature *f, long double s)
{
    const long double depth = (long double)f->depth;
    const long double log_rho = logl((long double)f->rho);

    if (f->objective == JF_JEPA) {
        return expl(-(2.0L * depth - 1.0L) * s) / -expm1l(s - log_rho);
    }
    return expl(-(depth - 1.0L) * s) / -expm1l((depth + 1.0L) * s - log_rho);
}

/* Adaptive Simpson rule with one step of Richardson's extrapolation. */
static long double simpson(const jf_feature *f, long double a, long double b,
                           const long double at[3], long double whole, long double tolerance,
                           int depth)
{
    const long double middle = 0.5L * (a + b);
    const long double left[3] = {at[0], density(f, 0.5L * (a + middle)), at[1]};
    const long double right[3] = {at[1], density(f, 0.5L * (middle + b)), at[2]};
    const long double h = (b - a) / 12.0L;
    const long double low = h * (left[0] + 4.0L * left[1] + left[2]);
    const long double high = h * (right[0] + 4.0L * right[1] + right[2]);
    const long double difference = low + high - whole;

    if (depth > 40 || fabsl(difference) <= 15.0L * tolerance) {
        return low + high + difference / 15.0L;
    }
    return simpson(f, a, middle, left, low, 0.5L * tolerance, depth + 1) +
           simpson(f, middle, b, right, high, 0.5L * tolerance, depth + 1);
}

static double time_by_quadrature(const jf_feature *f, double threshold)
{
    const long double depth = (long double)f->depth;
    const long double exponent = f->objective == JF_JEPA ? 1.0L : 1.0L / (depth + 1.0L);
    const long double begin = logl((long double)f->init_scale) / depth;
    const long double end =
        logl((long double)threshold) / depth + exponent * logl((long double)f->rho);
    const long double width = (end - begin) / 64.0L;
    long double total = 0.0L;

    for (int k = 0; k < 64; k++) {
        const long double a = begin + k * width, b = k < 63 ? a + width : end;
        const long double at[3] = {density(f, a), density(f, 0.5L * (a + b)), density(f, b)};
        const long double whole = (b - a) / 6.0L * (at[0] + 4.0L * at[1] + at[2]);
        total += simpson(f, a, b, at, whole, 1e-12L * whole, 0);
    }
    return (double)(total / (long double)f->lambda);
}

/* The flow's own equation integrated in ln w, L = 1 .. 1024. */
static void critical_times_are_those_of_quadrature(void **state)
{
    static const size_t depths[] = {1, 2, 3, 5, 16, 128, 1024};
    static const double rhos[] = {0.4, 0.97, 1.0, 1.04, 2.5};
    static const double scales[] = {1e-7, 1e-3, 0.2};
    static const double thresholds[] = {0.05, 0.5, 0.999};
    int compared = 0;

    (void)state;
    for (size_t n = 0; n < JF_OBJECTIVES * COUNT(depths) * COUNT(rhos) * 9; n++) {
        const size_t k = n / JF_OBJECTIVES / 9;
        const jf_feature f = {.objective = (jf_objective)(n % JF_OBJECTIVES),
                              .depth = depths[k / COUNT(rhos)],
                              .init_scale = scales[n / JF_OBJECTIVES % 3],
                              .lambda = 0.7,
                              .rho = rhos[k % COUNT(rhos)]};
        const double threshold = thresholds[n / JF_OBJECTIVES / 3 % 3];
        double time;
        if (jf_feature_critical_time(&f, threshold, &time) == JF_REACHED) {
            assert_near(time, time_by_quadrature(&f, threshold), 1e-12);
            compared++;
        }
    }
    assert_true(compared > 400);
}

/* ---- cells ---- */

/* eps >= p plateau at every depth, on both sides of equality. */
static void a_feature_that_starts_above_its_threshold_has_no_time(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * 64; n++) {
        jf_feature f = {(jf_objective)(n % 2), 1 + n / 2, 0.0, 1.0, 0.8};
        double time = 0.0;
        const double border = 0.5 * jf_feature_plateau(&f);

        f.init_scale = border * (1.0 + 1e-9);
        assert_int_equal(jf_feature_critical_time(&f, 0.5, &time), JF_STARTED_ABOVE);
        assert_true(isnan(time));
        f.init_scale = border * (1.0 - 1e-9);
        assert_int_equal(jf_feature_critical_time(&f, 0.5, &time), JF_REACHED);
        assert_true(time > 0.0);

        /* A step so short takes the logarithm's difference over the rate of w there. */
        const double log_w = log(border) / (double)f.depth;
        const double step = 1e-9 / (double)f.depth;
        assert_near(time, step * (double)density(&f, (long double)log_w), 1e-5);
    }
    const jf_feature paper = {JF_JEPA, 8, 1e-2, 1.0, 0.5}; /* the example of DESIGN.md, section 1 */
    double time;
    assert_near(jf_feature_plateau(&paper), 0.0039, 2e-3);
    assert_int_equal(jf_feature_critical_time(&paper, 0.5, &time), JF_STARTED_ABOVE);
}

/* eps^{-(2L-1)/L} with eps = 1e-200 is near 1e400 for L > 2. */
static void a_time_beyond_all_numbers_has_no_reference(void **state)
{
    (void)state;
    for (size_t depth = 3; depth <= 1024; depth *= 2) {
        const jf_feature f = {JF_JEPA, depth, 1e-200, 1.0, 1.0};
        double time = 0.0;
        assert_int_equal(jf_feature_critical_time(&f, 0.5, &time), JF_NO_REFERENCE);
        assert_true(isnan(time));
    }
}

/* Over the whole range of numbers: reached with a finite time that is not negative, or no time. */
static void a_time_is_a_number_exactly_where_it_is_reached(void **state)
{
    static const double extremes[] = {DBL_MIN, 1e-200, 1e-30, 1e-3,  0.5,    1.0,
                                      1.5,     1e3,    1e30,  1e200, DBL_MAX};
    static const double thresholds[] = {DBL_MIN, 1e-30, 0.5, 1.0 - 1e-9, 1.0 - DBL_EPSILON};
    static const size_t depths[] = {1, 2, 3, 37, 1024};
    const size_t e = COUNT(extremes);
    int reached = 0;

    (void)state;
    for (size_t n = 0; n < 2 * e * e * 3 * COUNT(depths) * COUNT(thresholds); n++) {
        const jf_feature f = {.objective = (jf_objective)(n % 2),
                              .init_scale = extremes[n / 2 % e],
                              .rho = extremes[n / 2 / e % e],
                              .lambda = extremes[n / 2 / e / e % 3 * 5],
                              .depth = depths[n / 6 / e / e % COUNT(depths)]};
        double time = 0.0;
        const jf_cell_status cell =
            jf_feature_critical_time(&f, thresholds[n / 6 / e / e / COUNT(depths)], &time);
        if (cell == JF_REACHED ? !(isfinite(time) && time >= 0.0) : !isnan(time)) {
            fail_msg("objective %d depth %zu eps %g lambda %g rho %g: status %d, time %g",
                     (int)f.objective, f.depth, f.init_scale, f.lambda, f.rho, (int)cell, time);
        }
        assert_true(cell == JF_REACHED || cell == JF_STARTED_ABOVE || cell == JF_NO_REFERENCE);
        reached += cell == JF_REACHED;
    }
    assert_true(reached > 1000);
}

/* One unit in the last place on either side of the threshold: no negative time comes out. */
static void a_start_within_rounding_of_the_threshold_gives_no_negative_time(void **state)
{
    (void)state;
    for (size_t n = 0; n < 4000; n++) {
        jf_feature f = {(jf_objective)(n % 2), 1 + n % 97, 1.0, 1.0,
                        0.3 + 0.001 * (double)(n % 1009)};
        double time;
        f.init_scale = 0.5 * jf_feature_plateau(&f);
        for (int k = 0; k < 6; k++) {
            const jf_cell_status cell = jf_feature_critical_time(&f, 0.5, &time);
            assert_true(cell == JF_REACHED ? time >= 0.0 : isnan(time));
            f.init_scale = nextafter(f.init_scale, 0.0);
        }
    }
}

/* ---- plateaus and rates ---- */

/* dw/dt of the header's equations. */
static double rate_of_w(const jf_feature *f, double w)
{
    const double depth = (double)f->depth;

    return f->objective == JF_JEPA
               ? f->lambda * pow(w, 2.0 * depth) * (1.0 - w / f->rho)
               : f->lambda * pow(w, depth) * (1.0 - pow(w, depth + 1.0) / f->rho);
}

/* w = wbar^{1/L} stands still there, and relaxes at the rate of the equation's derivative. */
static void the_plateau_is_where_the_flow_stands_still(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * 12; n++) {
        const jf_feature f = {(jf_objective)(n % 2), 1 + n / 2, 1e-3, 0.3,
                              0.7 + 0.05 * (double)(n / 2)};
        const double w = pow(jf_feature_plateau(&f), 1.0 / (double)f.depth);
        const double h = 1e-5 * w;
        const double slope = (rate_of_w(&f, w + h) - rate_of_w(&f, w - h)) / (2.0 * h);

        assert_within(rate_of_w(&f, w), 0.0, 1e-13 * f.lambda);
        assert_near(jf_feature_relaxation_rate(&f), -slope, 1e-6);
        assert_near(jf_feature_log_plateau(&f), log(jf_feature_plateau(&f)), 1e-12);
    }
}

/* rho^L and rho^{L/(L+1)}, by repeated multiplication. */
static void each_objective_has_its_own_plateau(void **state)
{
    double power = 1.0;

    (void)state;
    for (size_t depth = 1; depth <= 10; depth++) {
        const jf_feature jepa = {JF_JEPA, depth, 1e-3, 1.0, 0.7};
        const jf_feature mae = {JF_MAE, depth, 1e-3, 1.0, 0.7};
        power *= 0.7;
        assert_near(jf_feature_plateau(&jepa), power, 1e-14);
        assert_near(pow(jf_feature_plateau(&mae), (double)(depth + 1)), power, 1e-13);
    }
    const jf_feature deep = {JF_JEPA, 1024, 1e-3, 1.0, 0.1};
    assert_true(jf_feature_plateau(&deep) == 0.0);
    assert_near(jf_feature_log_plateau(&deep), -1024.0 * log(10.0), 1e-14);
}

/* ---- scaling and limits ---- */

/* lambda t* depends on rho, eps and p only (docs/theory.md, 7.3), and grows with p. */
static void times_scale_with_lambda_and_grow_with_the_threshold(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * 10; n++) {
        const jf_feature one = {(jf_objective)(n % 2), 1 + n / 2, 1e-4, 1.0, 0.9};
        jf_feature other = one;
        double last = 0.0, time, scaled;
        other.lambda = 0.037;
        for (int k = 1; k < 20; k++) {
            assert_int_equal(jf_feature_critical_time(&one, 0.05 * k, &time), JF_REACHED);
            assert_int_equal(jf_feature_critical_time(&other, 0.05 * k, &scaled), JF_REACHED);
            assert_near(scaled * other.lambda, time, 1e-14);
            assert_true(time > last);
            last = time;
        }
    }
}

static double time_at(jf_objective objective, size_t depth, double log_eps, double rho)
{
    const jf_feature f = {objective, depth, exp(log_eps), 1.0, rho};
    double time;

    assert_int_equal(jf_feature_critical_time(&f, 0.5, &time), JF_REACHED);
    return time;
}

static double slope_at(jf_objective objective, size_t depth, double log_eps, double rho)
{
    const double h = 1e-4;

    return (log(time_at(objective, depth, log_eps + h, rho)) -
            log(time_at(objective, depth, log_eps - h, rho))) /
           (2.0 * h);
}

/* (8.3): the derivative of the integral by its lower limit, at every eps. */
static void the_slope_against_eps_is_the_integrand_at_the_start(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * 8; n++) {
        const jf_feature f = {(jf_objective)(n % 2), 1 + n / 2, 1e-3, 1.0, 0.8};
        const double depth = (double)f.depth;
        const double time = time_at(f.objective, f.depth, log(f.init_scale), f.rho);
        const double start = (double)density(&f, logl((long double)f.init_scale) / depth);
        assert_near(slope_at(f.objective, f.depth, log(f.init_scale), f.rho),
                    -start / (depth * time), 1e-6);
    }
}

/* -(2L-1)/L and -(L-1)/L, where eps^{1/L} is below 1e-6. */
static void slopes_tend_to_the_exponents_of_the_paper(void **state)
{
    (void)state;
    for (size_t depth = 1; depth <= 6; depth++) {
        const double log_eps = -(double)depth * log(1e7);
        const double l = (double)depth;
        assert_near(slope_at(JF_JEPA, depth, log_eps, 0.8), -(2.0 * l - 1.0) / l, 1e-5);
        if (depth > 1) {
            assert_near(slope_at(JF_MAE, depth, log_eps, 0.8), -(l - 1.0) / l, 1e-5);
        }
    }
    /* MAE at L = 1 is logarithmic: t = ln(1/eps) and a constant. */
    const double t1 = time_at(JF_MAE, 1, log(1e-20), 0.8), t2 = time_at(JF_MAE, 1, log(1e-30), 0.8);
    assert_near(t2 - t1, 10.0 * log(10.0), 1e-12);
}

/* The series against the exact time, whose relative distance vanishes with eps. */
static void the_series_tends_to_the_exact_time(void **state)
{
    (void)state;
    for (size_t n = 0; n < 2 * 6; n++) {
        const size_t depth = 1 + n / 2;
        double last = INFINITY;
        for (int k = 2; k <= 5; k++) {
            const double log_eps = -(double)depth * log(10.0) * k;
            const jf_feature f = {(jf_objective)(n % 2), depth, exp(log_eps), 1.0, 0.8};
            const double exact = time_at(f.objective, depth, log_eps, f.rho);
            const double error = fabs(jf_feature_critical_time_series(&f) / exact - 1.0);
            assert_below(error, last + 1e-13);
            last = error;
        }
        assert_below(last, n % 2 == 0 ? 1e-3 : depth == 1 ? 0.1 : 1e-3);
    }
}

/*
 * (8.4): t*(rho')/t*(rho) - 1 -> (2L-1)/(2L-2) eps^{1/L} (1/rho' - 1/rho), JEPA at eps^{1/L} =
 * 1e-6.
 */
static void depth_amplifies_the_advantage_of_high_rho_in_jepa(void **state)
{
    (void)state;
    for (size_t depth = 2; depth <= 8; depth++) {
        const double l = (double)depth, log_eps = -l * log(1e6);
        const double ratio =
            time_at(JF_JEPA, depth, log_eps, 0.4) / time_at(JF_JEPA, depth, log_eps, 1.0);
        assert_near(ratio - 1.0, (2.0 * l - 1.0) / (2.0 * l - 2.0) * 1e-6 * (1.0 / 0.4 - 1.0),
                    1e-4);
    }
    /* L = 1: eps ln(1/eps) (1/rho' - 1/rho), up to 1/ln(1/eps). */
    const double ratio = time_at(JF_JEPA, 1, log(1e-9), 0.4) / time_at(JF_JEPA, 1, log(1e-9), 1.0);
    assert_near(ratio - 1.0, 1e-9 * log(1e9) * 1.5, 0.2);
}

/*
 * (8.2, 8.5): lambda t* = eps^{-(L-1)/L}/(L-1) + rho^{-a} K_L(1/2), K_L from docs/theory.md,
 * section 8.4.
 */
static void depth_hides_rho_from_mae(void **state)
{
    static const struct {
        size_t depth;
        double k;
    } table[] = {{2, -1.118}, {3, -0.423}, {4, -0.150}, {5, -0.0001}, {6, 0.094}};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const double l = (double)table[i].depth, a = (l - 1.0) / (l + 1.0);
        const double log_eps = -2.0 * l * log(10.0);
        const double lead = exp(-(l - 1.0) / l * log_eps) / (l - 1.0);
        for (int k = 0; k < 3; k++) {
            const double rho = 0.4 + 0.6 * k;
            const double rest = time_at(JF_MAE, table[i].depth, log_eps, rho) - lead;
            assert_within(rest, pow(rho, -a) * table[i].k, 2e-3);
        }
    }
}

/* The derivative against a central difference of exact times; none where there is no time. */
static void the_slope_is_the_derivative(void **state)
{
    const double h = 1e-5;

    (void)state;
    for (size_t k = 0; k < 12; k++) {
        jf_feature f = {k % 2 ? JF_MAE : JF_JEPA, 1 + k / 2, 3e-3, 1.7, 0.8};
        double low, high;
        const double slope = jf_feature_critical_time_slope(&f, 0.5);
        f.init_scale *= exp(-h);
        assert_int_equal(jf_feature_critical_time(&f, 0.5, &low), JF_REACHED);
        f.init_scale *= exp(2.0 * h);
        assert_int_equal(jf_feature_critical_time(&f, 0.5, &high), JF_REACHED);
        assert_near(slope, log(high / low) / (2.0 * h), 1e-7);
    }
    const jf_feature above = {JF_JEPA, 8, 1e-2, 1.0, 0.5};
    assert_true(isnan(jf_feature_critical_time_slope(&above, 0.5)));
}

/*
 * What two orders leave over falls faster than the next order itself: from eps to eps / 100 by more
 * than the next order does.
 */
static void two_orders_tend_to_the_exact_time(void **state)
{
    static const double thresholds[] = {0.3, 0.5, 0.9};

    (void)state;
    for (size_t k = 0; k < 24; k++) {
        double left[2], order[2], exact;
        for (size_t e = 0; e < 2; e++) {
            const double p = thresholds[k % 3];
            const jf_feature f = {k % 2 ? JF_MAE : JF_JEPA, 1 + k / 6, e ? 1e-10 : 1e-8, 1.3, 0.7};
            assert_int_equal(jf_feature_critical_time(&f, p, &exact), JF_REACHED);
            order[e] = jf_feature_next_order(&f, p);
            left[e] = fabs(exact / jf_feature_leading_time(&f) - 1.0 - order[e]);
        }
        assert_true(left[0] < 0.2 * fabs(order[0]) + 1e-12);
        assert_true(left[1] < 0.5 * left[0] * fabs(order[1] / order[0]) + 1e-12);
    }
}

/* K_L(0.5) as docs/theory.md lists it, from its integral by mpmath. */
static void the_constant_of_mae_is_that_of_its_integral(void **state)
{
    static const struct {
        size_t depth;
        double constant;
    } known[] = {{2, -1.118}, {3, -0.423}, {4, -0.150}, {6, 0.094}, {8, 0.207}, {16, 0.363}};

    (void)state;
    for (size_t k = 0; k < COUNT(known); k++) {
        const double depth = (double)known[k].depth;
        const jf_feature f = {JF_MAE, known[k].depth, 1e-6, 1.0, 1.0};
        const double order = jf_feature_next_order(&f, 0.5);
        assert_within(order / ((depth - 1.0) * pow(1e-6, (depth - 1.0) / depth)), known[k].constant,
                      5e-4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(critical_times_are_the_reference_values),
        cmocka_unit_test(critical_times_are_those_of_quadrature),
        cmocka_unit_test(a_feature_that_starts_above_its_threshold_has_no_time),
        cmocka_unit_test(a_time_beyond_all_numbers_has_no_reference),
        cmocka_unit_test(a_time_is_a_number_exactly_where_it_is_reached),
        cmocka_unit_test(a_start_within_rounding_of_the_threshold_gives_no_negative_time),
        cmocka_unit_test(the_plateau_is_where_the_flow_stands_still),
        cmocka_unit_test(each_objective_has_its_own_plateau),
        cmocka_unit_test(times_scale_with_lambda_and_grow_with_the_threshold),
        cmocka_unit_test(the_slope_against_eps_is_the_integrand_at_the_start),
        cmocka_unit_test(slopes_tend_to_the_exponents_of_the_paper),
        cmocka_unit_test(the_series_tends_to_the_exact_time),
        cmocka_unit_test(depth_amplifies_the_advantage_of_high_rho_in_jepa),
        cmocka_unit_test(depth_hides_rho_from_mae),
        cmocka_unit_test(the_slope_is_the_derivative),
        cmocka_unit_test(two_orders_tend_to_the_exact_time),
        cmocka_unit_test(the_constant_of_mae_is_that_of_its_integral),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
