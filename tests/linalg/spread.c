/*
 * spread.c - matrices spread over all ranks that run it, against the same computed whole on each.
 *
 * For square.bats, under mpirun; one rank alone tests matrices that are not spread as well. It ends
 * with 0 where all agree.
 */
#include "../support/check.h"

#include <math.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/linalg/square.h"

static jf_grid *grid;

/* Sides that blocks divide and that they do not, and fewer than there are ranks. */
static const size_t sides[] = {1, 2, 3, 7, 8, 64, 65, 130, 200};
enum { MOST = 200 };

/* Whole matrices, the same on all ranks, and parts. */
typedef struct {
    jf_square square;
    double *a, *b, *c;
    double *part_a, *part_b, *part_c;
} matrices;

static double *numbers(size_t count)
{
    double *x = calloc(count + 1, sizeof *x);

    assert_non_null(x);
    return x;
}

static void take_part(const jf_square *s, const double *whole, double *part)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            part[i + j * s->rows] = whole[s->row[i] + s->column[j] * s->side];
        }
    }
}

static void assert_part(const jf_square *s, const double *part, const double *whole, double within)
{
    for (size_t j = 0; j < s->columns; j++) {
        for (size_t i = 0; i < s->rows; i++) {
            assert_within(part[i + j * s->rows], whole[s->row[i] + s->column[j] * s->side], within);
        }
    }
}

static void make(size_t n, matrices *m)
{
    assert_ok(jf_square_init(n, grid, &m->square));
    double **const all[] = {&m->a, &m->b, &m->c, &m->part_a, &m->part_b, &m->part_c};
    for (size_t k = 0; k < COUNT(all); k++) {
        *all[k] = numbers(n * n);
        fill_uniform(n + 10 * k, n * n, *all[k]);
    }
    take_part(&m->square, m->a, m->part_a);
    take_part(&m->square, m->b, m->part_b);
}

static void forget(matrices *m)
{
    double *const all[] = {m->a, m->b, m->c, m->part_a, m->part_b, m->part_c};

    for (size_t k = 0; k < COUNT(all); k++) {
        free(all[k]);
    }
    jf_square_clear(&m->square);
}

/* Every element is had by one rank, and every element of the diagonal is known as such. */
static void the_parts_make_the_whole(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(sides); k++) {
        const size_t n = sides[k];
        double *seen = numbers(n * n), *diagonal = numbers(n);
        jf_square s;
        assert_ok(jf_square_init(n, grid, &s));
        assert_int_equal(s.count, s.rows * s.columns);
        for (size_t j = 0; j < s.columns; j++) {
            for (size_t i = 0; i < s.rows; i++) {
                seen[s.row[i] + s.column[j] * n] += 1.0;
            }
        }
        for (size_t i = 0; i < s.diagonals; i++) {
            assert_int_equal(s.row[s.place[i] % s.rows], s.diagonal[i]);
            assert_int_equal(s.column[s.place[i] / s.rows], s.diagonal[i]);
            diagonal[s.diagonal[i]] += 1.0;
        }
        jf_square_sum(&s, n * n, seen);
        jf_square_sum(&s, n, diagonal);
        for (size_t i = 0; i < n * n; i++) {
            assert_true(seen[i] == 1.0);
        }
        for (size_t i = 0; i < n; i++) {
            assert_true(diagonal[i] == 1.0);
        }
        free(seen);
        free(diagonal);
        jf_square_clear(&s);
    }
}

/* No rank has more than a block's rows and columns above its share. */
static void the_parts_are_fair(void **state)
{
    jf_square s;

    (void)state;
    if (grid == NULL) {
        return;
    }
    const jf_grid_place p = jf_grid_where(grid);
    assert_int_equal(p.rows * p.columns, jf_grid_ranks(grid));
    assert_true(p.rows <= p.columns);
    assert_ok(jf_square_init(MOST, grid, &s));
    assert_true(s.rows <= MOST / (size_t)p.rows + 64);
    assert_true(s.columns <= MOST / (size_t)p.columns + 64);
    assert_true(s.count > 0);
    jf_square_clear(&s);
}

static void products_are_those_of_whole_matrices(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(sides); k++) {
        const size_t n = sides[k];
        matrices m;
        make(n, &m);
        for (int t = 0; t < 4; t++) {
            const jf_transpose ta = t % 2 == 0 ? JF_PLAIN : JF_TRANSPOSED;
            const jf_transpose tb = t / 2 == 0 ? JF_PLAIN : JF_TRANSPOSED;
            naive_multiply(t % 2, t / 2, n, n, n, m.a, m.b, m.c);
            for (size_t i = 0; i < m.square.count; i++) {
                m.part_c[i] = NAN; /* not read */
            }
            jf_square_multiply(&m.square, ta, tb, m.part_a, m.part_b, 0.0, m.part_c);
            assert_part(&m.square, m.part_c, m.c, 1e-13 * (double)n);
            jf_square_multiply(&m.square, ta, tb, m.part_a, m.part_b, -1.0, m.part_c);
            for (size_t i = 0; i < m.square.count; i++) {
                assert_within(m.part_c[i], 0.0, 1e-13 * (double)n);
            }
        }
        forget(&m);
    }
}

static void sums_and_transposes_are_those_of_whole_matrices(void **state)
{
    double expected[MOST], found[MOST];

    (void)state;
    for (size_t k = 0; k < COUNT(sides); k++) {
        const size_t n = sides[k];
        matrices m;
        double total = 0.0;
        make(n, &m);
        for (size_t j = 0; j < n; j++) {
            expected[j] = 0.0;
            for (size_t i = 0; i < n; i++) {
                expected[j] += m.a[i + j * n] * m.b[i + j * n];
                m.c[i + j * n] = m.a[j + i * n];
            }
            total += expected[j];
        }
        jf_square_column_products(&m.square, m.part_a, m.part_b, found);
        for (size_t j = 0; j < n; j++) {
            assert_within(found[j], expected[j], 1e-13 * (double)n);
        }
        assert_within(jf_square_inner_product(&m.square, m.part_a, m.part_b), total,
                      1e-13 * (double)(n * n));
        jf_square_transpose(&m.square, m.part_a, m.part_c);
        assert_part(&m.square, m.part_c, m.c, 0.0);
        forget(&m);
    }
}

static void the_identity_is_one(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(sides); k++) {
        const size_t n = sides[k];
        matrices m;
        make(n, &m);
        memset(m.c, 0, n * n * sizeof *m.c);
        for (size_t i = 0; i < n; i++) {
            m.c[i + i * n] = 2.5;
        }
        jf_square_set_identity(&m.square, 2.5, m.part_a);
        assert_part(&m.square, m.part_a, m.c, 0.0);
        forget(&m);
    }
}

/* The orthogonal factor with a positive diagonal of R is one alone: that of one rank. */
static void orthogonal_factors_are_those_of_one_rank(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(sides); k++) {
        matrices m;
        make(sides[k], &m);
        assert_ok(jf_blas_orthogonal_factor(sides[k], m.a));
        assert_ok(jf_square_orthogonal_factor(&m.square, m.part_a));
        assert_part(&m.square, m.part_a, m.a, 1e-10);
        forget(&m);
    }
}

/* Values against one rank's; vectors by what they do: a E = E diag(values), E^T E = I. */
static void eigenvectors_are_eigenvectors(void **state)
{
    double expected[MOST], found[MOST];

    (void)state;
    for (size_t k = 0; k < COUNT(sides); k++) {
        const size_t n = sides[k];
        matrices m;
        make(n, &m);
        jf_square_transpose(&m.square, m.part_a, m.part_b);
        for (size_t i = 0; i < m.square.count; i++) {
            m.part_a[i] += m.part_b[i];
        }
        for (size_t j = 0; j < n; j++) {
            for (size_t i = 0; i < n; i++) {
                m.c[i + j * n] = m.a[i + j * n] + m.a[j + i * n];
            }
        }
        memcpy(m.part_b, m.part_a, m.square.count * sizeof *m.part_b);
        assert_ok(jf_blas_symmetric_eigen(n, m.c, expected));
        assert_ok(jf_square_symmetric_eigen(&m.square, m.part_b, found));
        for (size_t i = 0; i < n; i++) {
            assert_within(found[i], expected[i], 1e-12 * (double)n);
        }
        jf_square_multiply(&m.square, JF_PLAIN, JF_PLAIN, m.part_a, m.part_b, 0.0, m.part_c);
        for (size_t j = 0; j < m.square.columns; j++) {
            for (size_t i = 0; i < m.square.rows; i++) {
                const size_t at = i + j * m.square.rows;
                assert_within(m.part_c[at], found[m.square.column[j]] * m.part_b[at],
                              1e-12 * (double)n);
            }
        }
        jf_square_multiply(&m.square, JF_TRANSPOSED, JF_PLAIN, m.part_b, m.part_b, 0.0, m.part_c);
        jf_square_set_identity(&m.square, 1.0, m.part_a);
        for (size_t i = 0; i < m.square.count; i++) {
            assert_within(m.part_c[i], m.part_a[i], 1e-12 * (double)n);
        }
        forget(&m);
    }
}

/* One rank's failure is the failure of all; its own words for who has one. */
static void all_ranks_agree(void **state)
{
    jf_square s;
    int rank;

    (void)state;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    assert_ok(jf_square_init(4, grid, &s));
    assert_ok(jf_square_agree(&s, JF_OK));
    assert_int_equal(jf_square_agree(&s, rank == 0 ? JF_ERR_MEMORY : JF_OK), JF_ERR_MEMORY);
    jf_square_clear(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_make_the_whole),
        cmocka_unit_test(the_parts_are_fair),
        cmocka_unit_test(products_are_those_of_whole_matrices),
        cmocka_unit_test(sums_and_transposes_are_those_of_whole_matrices),
        cmocka_unit_test(the_identity_is_one),
        cmocka_unit_test(orthogonal_factors_are_those_of_one_rank),
        cmocka_unit_test(eigenvectors_are_eigenvectors),
        cmocka_unit_test(all_ranks_agree),
    };

    int ranks, failed = 0;

    MPI_Init(&argc, &argv);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    if (ranks == 1) {
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    }
    assert_ok(jf_grid_create(MPI_Comm_c2f(MPI_COMM_WORLD), &grid));
    failed += cmocka_run_group_tests(tests, NULL, NULL);
    jf_grid_destroy(&grid);
    MPI_Finalize();
    return failed;
}
