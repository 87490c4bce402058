/*
 * test_weights.c - the weights of a network: their places, their fingerprint, and a start of them.
 */
#include "../support/check.h"

#include "../support/matrices.h"
#include "jepaflow/model/network.h"

enum { D = 3, SIZE = D * D, DEPTH = 2 };

static void make(jf_weights *out)
{
    assert_ok(jf_weights_init(DEPTH, D, out));
    assert_int_equal(jf_weights_count(out), (DEPTH + 1) * SIZE);
    fill_uniform(4, jf_weights_count(out), out->numbers);
}

/* One after another, V last; nothing is left where they are cleared. */
static void matrices_stand_one_after_another(void **state)
{
    jf_weights w;

    (void)state;
    make(&w);
    for (size_t a = 1; a <= DEPTH + 1; a++) {
        assert_ptr_equal(jf_weights_matrix(&w, a), w.numbers + (a - 1) * SIZE);
    }
    jf_weights_clear(&w);
    assert_null(w.numbers);
    assert_int_equal(jf_weights_count(&w), 0);
}

/* Each number and the shape enter; none has none. */
static void the_fingerprint_sees_every_number(void **state)
{
    const jf_weights none = {0};
    jf_weights w;

    (void)state;
    make(&w);
    const uint64_t before = jf_weights_hash(&w);
    assert_true(before != 0 && jf_weights_hash(&none) == 0);
    for (size_t i = 0; i < jf_weights_count(&w); i++) {
        w.numbers[i] += 1.0;
        assert_true(jf_weights_hash(&w) != before);
        w.numbers[i] -= 1.0;
        fill_uniform(4, jf_weights_count(&w), w.numbers);
        assert_true(jf_weights_hash(&w) == before);
    }
    jf_weights_clear(&w);
}

/* As they are, whatever scale, imbalance and predictor are asked for. */
static void a_start_takes_them_as_they_are(void **state)
{
    double matrix[SIZE];
    jf_weights w;

    (void)state;
    make(&w);
    const jf_network network = {.objective = JF_MAE,
                                .depth = DEPTH,
                                .init_scale = 0.1,
                                .start = JF_START_FILE,
                                .imbalance = 1.0,
                                .given = &w};
    for (size_t a = 1; a <= DEPTH; a++) {
        assert_ok(jf_network_draw_layer(&network, whole(D), a, matrix));
        assert_memory_equal(matrix, jf_weights_matrix(&w, a), sizeof matrix);
    }
    assert_ok(jf_network_predictor(&network, whole(D), w.numbers, matrix));
    assert_memory_equal(matrix, jf_weights_matrix(&w, DEPTH + 1), sizeof matrix);
    jf_weights_clear(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matrices_stand_one_after_another),
        cmocka_unit_test(the_fingerprint_sees_every_number),
        cmocka_unit_test(a_start_takes_them_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
