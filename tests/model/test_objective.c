/*
 * test_objective.c - losses, residuals and gains of both objectives, against averages over samples,
 * finite differences and their plateaus. JEPA and MAE are told apart.
 */
#include "../support/check.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/linalg/blas.h"
#include "jepaflow/model/objective.h"

enum { D = 4, SIZE = D * D, SAMPLES = 50 };

/* Pairs x, y, column by column, their covariances, and the basis that the problem turns to. */
typedef struct {
    double x[D * SAMPLES], y[D * SAMPLES];
    double basis[SIZE];
    jf_problem problem;
} pairs;

static void average(const double *a, const double *b, double *out)
{
    naive_multiply(0, 1, D, D, SAMPLES, a, b, out);
    for (size_t i = 0; i < SIZE; i++) {
        out[i] /= SAMPLES;
    }
}

static void make_pairs(uint64_t seed, pairs *p)
{
    double mixture[SIZE], noise[D * SAMPLES], values[D];
    double sxx[SIZE], syx[SIZE], syy[SIZE];

    fill_uniform(seed, D * SAMPLES, p->x);
    fill_uniform(seed + 1, D * SAMPLES, noise);
    fill_uniform(seed + 2, SIZE, mixture);
    naive_multiply(0, 0, D, SAMPLES, D, mixture, p->x, p->y);
    for (size_t i = 0; i < D * SAMPLES; i++) {
        p->y[i] += 0.3 * noise[i];
    }
    average(p->x, p->x, sxx);
    average(p->y, p->x, syx);
    average(p->y, p->y, syy);
    assert_ok(jf_problem_init_general(whole(D), sxx, syx, syy, &p->problem));
    memcpy(p->basis, sxx, sizeof p->basis);
    assert_ok(jf_blas_symmetric_eigen(D, p->basis, values));
}

/* The definition: 1/2 of the mean of |V Wbar x - target|^2 over the pairs, target = Wbar y or y. */
static double loss_over_pairs(const pairs *p, jf_objective objective, const double *wbar,
                              const double *v)
{
    double output[SIZE], predicted[D * SAMPLES], target[D * SAMPLES], sum = 0.0;

    naive_multiply(0, 0, D, D, D, v, wbar, output);
    naive_multiply(0, 0, D, SAMPLES, D, output, p->x, predicted);
    naive_multiply(0, 0, D, SAMPLES, D, wbar, p->y, target);
    for (size_t i = 0; i < D * SAMPLES; i++) {
        const double r = predicted[i] - (objective == JF_JEPA ? target[i] : p->y[i]);
        sum += 0.5 * r * r / SAMPLES;
    }
    return sum;
}

/* Averages over the very samples that the covariances are made of. */
static void losses_are_averages_over_samples(void **state)
{
    static pairs p;
    double wbar[SIZE], v[SIZE], turned_wbar[SIZE], turned_v[SIZE], output[SIZE], work[SIZE];

    (void)state;
    for (uint64_t seed = 0; seed < 5; seed++) {
        make_pairs(seed, &p);
        fill_uniform(seed + 20, SIZE, wbar);
        fill_uniform(seed + 30, SIZE, v);

        /* x = Q x': Wbar becomes Wbar Q, and MAE's decoder Q^T V. */
        naive_multiply(0, 0, D, D, D, wbar, p.basis, turned_wbar);
        naive_multiply(0, 0, D, D, D, v, turned_wbar, output);
        const double jepa = jf_objective_find(JF_JEPA)->loss(&p.problem, turned_wbar, output, work);
        assert_near(jepa, loss_over_pairs(&p, JF_JEPA, wbar, v), 1e-12);

        naive_multiply(1, 0, D, D, D, p.basis, v, turned_v);
        naive_multiply(0, 0, D, D, D, turned_v, turned_wbar, output);
        const double mae = jf_objective_find(JF_MAE)->loss(&p.problem, turned_wbar, output, work);
        assert_near(mae, loss_over_pairs(&p, JF_MAE, wbar, v), 1e-12);
        jf_problem_clear(&p.problem);
    }
}

static void make_problem(int shared, jf_problem *p)
{
    const double lambda[D] = {0.5, 0.8, 1.0, 0.6}, rho[D] = {1.3, 1.0, 0.4, 0.8};

    if (shared) {
        assert_ok(jf_problem_init_shared(whole(D), lambda, rho, p));
    } else {
        make_general_problem(4, D, 0.3, p);
    }
}

/*
 * -G is the gradient of the loss by `output` = V Wbar alone, JEPA's target held fixed: central
 * differences.
 */
static void residuals_are_gradients_by_the_output(void **state)
{
    double wbar[SIZE], output[SIZE], g[SIZE], work[SIZE];

    (void)state;
    for (size_t n = 0; n < 2 * JF_OBJECTIVES; n++) {
        const jf_objective_kind *kind = jf_objective_find((jf_objective)(n % 2));
        jf_problem p;
        make_problem(n / 2 == 0, &p);
        fill_uniform(n, SIZE, wbar);
        fill_uniform(n + 10, SIZE, output);
        kind->descent(&p, wbar, output, g);
        for (size_t i = 0; i < SIZE; i++) {
            const double here = output[i],
                         h = 1e-3; /* the loss is quadratic: no error but rounding */
            output[i] = here + h;
            const double above = kind->loss(&p, wbar, output, work);
            output[i] = here - h;
            const double below = kind->loss(&p, wbar, output, work);
            output[i] = here;
            assert_within(g[i], -(above - below) / (2.0 * h), 1e-11);
        }
        jf_problem_clear(&p);
    }
}

/* G = V Wbar Sxx - Wbar Syx or V Wbar Sxx - Syx, by three loops. */
static void residuals_are_those_of_the_paper(void **state)
{
    double sxx[SIZE], syx[SIZE], wbar[SIZE], output[SIZE], first[SIZE], target[SIZE], g[SIZE];

    (void)state;
    for (size_t n = 0; n < 2 * JF_OBJECTIVES; n++) {
        jf_problem p;
        make_problem(n / 2 == 0, &p);
        expand_variance(&p, sxx);
        expand_covariance(&p.syx, D, syx);
        fill_uniform(n, SIZE, wbar);
        fill_uniform(n + 10, SIZE, output);
        naive_multiply(0, 0, D, D, D, output, sxx, first);
        if (n % 2 == JF_JEPA) {
            naive_multiply(0, 0, D, D, D, wbar, syx, target);
        } else {
            memcpy(target, syx, sizeof target);
        }
        jf_objective_find((jf_objective)(n % 2))->descent(&p, wbar, output, g);
        for (size_t i = 0; i < SIZE; i++) {
            assert_within(g[i], target[i] - first[i], 1e-13);
        }
        jf_problem_clear(&p);
    }
}

/* -G is affine: its change from one pair of matrices to another is that of the difference. */
static void changes_of_the_residual_are_linear(void **state)
{
    double wbar[2][SIZE], output[2][SIZE], g[2][SIZE], change[SIZE];

    (void)state;
    for (size_t n = 0; n < 2 * JF_OBJECTIVES; n++) {
        const jf_objective_kind *kind = jf_objective_find((jf_objective)(n % 2));
        jf_problem p;
        make_problem(n / 2 == 0, &p);
        for (size_t k = 0; k < 2; k++) {
            fill_uniform(n + 20 * k, SIZE, wbar[k]);
            fill_uniform(n + 20 * k + 10, SIZE, output[k]);
            kind->descent(&p, wbar[k], output[k], g[k]);
        }
        for (size_t i = 0; i < SIZE; i++) {
            wbar[1][i] -= wbar[0][i];
            output[1][i] -= output[0][i];
            g[1][i] -= g[0][i];
        }
        kind->descent_change(&p, wbar[1], output[1], change);
        assert_below(largest_difference(SIZE, change, g[1]), 1e-14);
        jf_problem_clear(&p);
    }
}

/*
 * Wbar = diag(w^L) with V = diag(v) at the plateaus of (6.1): no residual, the loss of (14.2), the
 * other's not.
 */
static void each_objective_rests_at_its_own_plateau(void **state)
{
    enum { L = 3 };
    jf_problem p;
    double wbar[JF_OBJECTIVES][SIZE] = {{0}}, output[JF_OBJECTIVES][SIZE] = {{0}}, g[SIZE],
           work[SIZE];

    (void)state;
    make_problem(1, &p);
    double expected[JF_OBJECTIVES] = {0.0, 0.0};
    for (size_t i = 0; i < D; i++) {
        const size_t at = i + i * D;
        const double rest = p.syy.diagonal[i] - p.lambda[i] * p.rho[i];
        wbar[JF_JEPA][at] = pow(p.rho[i], L);
        output[JF_JEPA][at] = pow(p.rho[i], L + 1);
        wbar[JF_MAE][at] = pow(p.rho[i], L / (L + 1.0));
        output[JF_MAE][at] = p.rho[i];
        expected[JF_JEPA] += 0.5 * pow(p.rho[i], 2 * L) * rest;
        expected[JF_MAE] += 0.5 * rest;
    }
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        const jf_objective_kind *kind = jf_objective_find((jf_objective)n);
        const size_t other = 1 - n;
        kind->descent(&p, wbar[n], output[n], g);
        assert_below(largest(SIZE, g), 1e-14);
        assert_near(kind->loss(&p, wbar[n], output[n], work), expected[n], 1e-13);
        kind->descent(&p, wbar[other], output[other], g);
        assert_true(largest(SIZE, g) > 0.1);
    }
    jf_problem_clear(&p);
}

/*
 * At the plateau to within rounding, -G is exactly 0: the feature rests. A little further off it is
 * what it should be: 1e-13 of the plateau is already worth a pull.
 */
static void what_only_rounding_is_left_of_is_nothing(void **state)
{
    double wbar[SIZE] = {0}, output[SIZE] = {0}, g[SIZE];
    jf_problem p;

    (void)state;
    make_problem(1, &p);
    for (size_t n = 0; n < JF_OBJECTIVES; n++) {
        const jf_objective_kind *kind = jf_objective_find((jf_objective)n);
        for (int ulps = -4; ulps <= 4; ulps++) {
            for (size_t i = 0; i < D; i++) {
                wbar[i + i * D] = n == JF_JEPA ? pow(p.rho[i], 3) : 0.7;
                const double plateau = n == JF_JEPA ? wbar[i + i * D] * p.rho[i] : p.rho[i];
                output[i + i * D] = plateau * (1.0 + ulps * DBL_EPSILON);
            }
            kind->descent(&p, wbar, output, g);
            assert_true(largest(SIZE, g) == 0.0);
        }
        for (size_t i = 0; i < D; i++) {
            output[i + i * D] *= 1.0 - 1e-13;
        }
        kind->descent(&p, wbar, output, g);
        for (size_t i = 0; i < D; i++) {
            const double pull = 1e-13 * output[i + i * D] * p.variance[i];
            assert_within(g[i + i * D], pull, 0.02 * pull);
        }
    }
    jf_problem_clear(&p);
}

/*
 * V made to map each direction u of Wbar e on g u (JEPA), or on g e (MAE): the gains are g, another
 * for each feature.
 */
static void gains_are_those_along_the_features(void **state)
{
    double wbar_e[SIZE], output_e[SIZE], amplitude[D], gain[D];

    (void)state;
    for (size_t n = 0; n < 2 * JF_OBJECTIVES; n++) {
        const size_t objective = n % 2;
        jf_problem p;
        make_problem(n / 2 == 0, &p);
        fill_uniform(n, SIZE, wbar_e);
        for (size_t i = 0; i < D; i++) {
            double *x = wbar_e + i * D, square = 0.0;
            for (size_t k = 0; k < D; k++) {
                square += x[k] * x[k];
            }
            amplitude[i] = sqrt(square);
            for (size_t k = 0; k < D; k++) {
                const double e = p.features[k + i * D];
                const double along = objective == JF_JEPA ? x[k] : amplitude[i] * e;
                output_e[k + i * D] = (0.7 + (double)i) * along;
            }
        }
        jf_objective_find((jf_objective)objective)->gain(&p, amplitude, wbar_e, output_e, gain);
        for (size_t i = 0; i < D; i++) {
            assert_near(gain[i], 0.7 + (double)i, 1e-13);
        }
        jf_problem_clear(&p);
    }
}

/* The names that stand in inputs. */
static void objectives_are_found_by_their_number(void **state)
{
    (void)state;
    assert_string_equal(jf_objective_find(JF_JEPA)->name, "jepa");
    assert_string_equal(jf_objective_find(JF_MAE)->name, "mae");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(losses_are_averages_over_samples),
        cmocka_unit_test(residuals_are_gradients_by_the_output),
        cmocka_unit_test(residuals_are_those_of_the_paper),
        cmocka_unit_test(changes_of_the_residual_are_linear),
        cmocka_unit_test(each_objective_rests_at_its_own_plateau),
        cmocka_unit_test(what_only_rounding_is_left_of_is_nothing),
        cmocka_unit_test(gains_are_those_along_the_features),
        cmocka_unit_test(objectives_are_found_by_their_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
