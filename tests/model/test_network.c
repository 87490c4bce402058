/*
 * test_network.c - the balanced orthogonal start: scales, orthogonality, balance, and draws by
 * address.
 */
#include "../support/check.h"

#include <math.h>
#include <string.h>

#include "../support/matrices.h"
#include "jepaflow/model/network.h"

enum { D = 6, SIZE = D * D, MOST_DEPTH = 9 };

/* A network drawn whole: w[0..depth-1], then the product and the predictor. */
typedef struct {
    double w[MOST_DEPTH][SIZE], wbar[SIZE], v[SIZE];
} drawn;

static void draw(const jf_network *network, drawn *out)
{
    double product[SIZE];

    for (size_t a = 1; a <= network->depth; a++) {
        assert_ok(jf_network_draw_layer(network, whole(D), a, out->w[a - 1]));
        if (a == 1) {
            memcpy(out->wbar, out->w[0], sizeof out->wbar);
        } else {
            naive_multiply(0, 0, D, D, D, out->w[a - 1], out->wbar, product);
            memcpy(out->wbar, product, sizeof product);
        }
    }
    assert_ok(jf_network_predictor(network, whole(D), out->wbar, out->v));
}

/* Largest |a - scale I|. */
static double distance_to_identity(const double *a, double scale)
{
    double most = 0.0;

    for (size_t i = 0; i < SIZE; i++) {
        most = fmax(most, fabs(a[i] - (i % (D + 1) == 0 ? scale : 0.0)));
    }
    return most;
}

static jf_network network_of(size_t n)
{
    static const size_t depths[] = {1, 2, 3, 5, 9};

    return (jf_network){.objective = (jf_objective)(n % 2),
                        .depth = depths[n / 4 % 5],
                        .init_scale = n / 20 == 0 ? 1e-3 : 0.3,
                        .rotated = n / 2 % 2 == 1,
                        .seed = 5,
                        .key = 77 + n};
}

/* W_a^T W_a = eps^{2/L} I, at every depth, rotated or not. */
static void layers_are_orthogonal_of_the_layers_scale(void **state)
{
    static drawn net;
    double product[SIZE];

    (void)state;
    for (size_t n = 0; n < 40; n++) {
        const jf_network network = network_of(n);
        const double scale = jf_network_layer_scale(&network);
        assert_near(pow(scale, (double)network.depth), network.init_scale, 1e-14);
        draw(&network, &net);
        for (size_t a = 0; a < network.depth; a++) {
            naive_multiply(1, 0, D, D, D, net.w[a], net.w[a], product);
            assert_below(distance_to_identity(product, scale * scale), 1e-14);
        }
    }
}

/* |Wbar e| = eps for any unit vector e. */
static void every_direction_starts_at_init_scale(void **state)
{
    static drawn net;

    (void)state;
    for (size_t n = 0; n < 40; n++) {
        const jf_network network = network_of(n);
        double e[D], wbar_e[D], length = 0.0, projection = 0.0;
        draw(&network, &net);
        fill_uniform(n, D, e);
        naive_multiply(0, 0, D, 1, D, net.wbar, e, wbar_e);
        for (size_t i = 0; i < D; i++) {
            length += e[i] * e[i];
            projection += wbar_e[i] * wbar_e[i];
        }
        assert_near(sqrt(projection / length), network.init_scale, 1e-13);
    }
}

/* V^T V = W_L W_L^T and W_{a+1}^T W_{a+1} = W_a W_a^T. */
static void the_start_is_balanced(void **state)
{
    static drawn net;
    double above[SIZE], below[SIZE];

    (void)state;
    for (size_t n = 0; n < 40; n++) {
        const jf_network network = network_of(n);
        draw(&network, &net);
        for (size_t a = 0; a < network.depth; a++) {
            const double *next = a + 1 < network.depth ? net.w[a + 1] : net.v;
            naive_multiply(1, 0, D, D, D, next, next, above);
            naive_multiply(0, 1, D, D, D, net.w[a], net.w[a], below);
            assert_below(largest_difference(SIZE, above, below), 1e-14);
        }
    }
}

/* JEPA: V = eps^{1/L} I. MAE: V undoes the rotation, V Wbar = eps^{1/L} eps I. */
static void the_predictor_is_aligned_with_the_encoder(void **state)
{
    static drawn net;
    double product[SIZE];

    (void)state;
    for (size_t n = 0; n < 40; n++) {
        const jf_network network = network_of(n);
        const double scale = jf_network_layer_scale(&network);
        draw(&network, &net);
        if (network.objective == JF_JEPA) {
            assert_true(distance_to_identity(net.v, scale) == 0.0);
        } else {
            naive_multiply(0, 0, D, D, D, net.v, net.wbar, product);
            assert_below(distance_to_identity(product, scale * network.init_scale),
                         1e-14 * network.init_scale);
        }
    }
}

/* Off-diagonal elements that are 0 stay 0: the frame in which the features stay apart. */
static void without_rotation_layers_are_multiples_of_the_identity(void **state)
{
    jf_network network = network_of(0);
    double w[SIZE];

    (void)state;
    network.init_scale = 0.5;
    network.rotated = 0;
    assert_ok(jf_network_draw_layer(&network, whole(D), 1, w));
    assert_true(distance_to_identity(w, jf_network_layer_scale(&network)) == 0.0);
    network.rotated = 1;
    assert_ok(jf_network_draw_layer(&network, whole(D), 1, w));
    assert_true(distance_to_identity(w, jf_network_layer_scale(&network)) > 0.01);
}

/* The same address draws the same layer, alone or among others, whatever else the network is. */
static void draws_are_a_function_of_their_address(void **state)
{
    jf_network network = network_of(6), other;
    double first[SIZE], again[SIZE];

    (void)state;
    network.rotated = 1;
    network.depth = 3;
    assert_ok(jf_network_draw_layer(&network, whole(D), 2, first));
    assert_ok(jf_network_draw_layer(&network, whole(D), 3, again));
    assert_true(largest_difference(SIZE, first, again) > 0.01);
    assert_ok(jf_network_draw_layer(&network, whole(D), 2, again));
    assert_memory_equal(first, again, sizeof first);

    other = network;
    other.seed++;
    assert_ok(jf_network_draw_layer(&other, whole(D), 2, again));
    assert_true(largest_difference(SIZE, first, again) > 0.01);
    other = network;
    other.key++;
    assert_ok(jf_network_draw_layer(&other, whole(D), 2, again));
    assert_true(largest_difference(SIZE, first, again) > 0.01);

    other = network;
    other.init_scale *= 8.0; /* layers twice as large, the same rotation */
    other.objective = 1 - network.objective;
    assert_ok(jf_network_draw_layer(&other, whole(D), 2, again));
    for (size_t i = 0; i < SIZE; i++) {
        assert_within(again[i], 2.0 * first[i], 1e-15);
    }
}

/* ---- other starts ---- */

/* Scales that fall evenly from exp(imbalance / 2) to exp(-imbalance / 2) times eps^{1/L}. */
static void imbalance_keeps_the_product(void **state)
{
    static drawn net;

    (void)state;
    for (size_t n = 0; n < 40; n++) {
        jf_network network = network_of(n);
        const double even = jf_network_layer_scale(&network);
        double product = 1.0, square[SIZE];
        network.imbalance = 1.5;
        draw(&network, &net);
        for (size_t a = 1; a <= network.depth; a++) {
            const double scale = jf_network_scale_of(&network, a);
            naive_multiply(1, 0, D, D, D, net.w[a - 1], net.w[a - 1], square);
            assert_below(distance_to_identity(square, scale * scale), 1e-13);
            product *= scale;
        }
        assert_near(product, network.init_scale, 1e-13);
        if (network.depth > 1) {
            assert_near(jf_network_scale_of(&network, 1) / even, exp(0.75), 1e-14);
            assert_near(jf_network_least_scale(&network) / even, exp(-0.75), 1e-14);
        }
    }
}

/* E|Wbar e|^2 = eps^2 and E|V u|^2 = eps^{2/L} over 500 draws, each to some 5 standard errors. */
static void gaussian_starts_have_the_scale_of_the_others(void **state)
{
    enum { DRAWS = 500 };
    static drawn net;

    (void)state;
    for (size_t n = 0; n < 8; n++) {
        jf_network network = {.objective = (jf_objective)(n % 2),
                              .depth = 1 + n / 2 % 2,
                              .init_scale = 0.2,
                              .start = JF_START_GAUSSIAN,
                              .drawn_predictor = 1,
                              .width = n / 4 == 0 ? 0 : 3,
                              .seed = 1};
        const double scale = jf_network_layer_scale(&network);
        double encoder = 0.0, predictor = 0.0;
        for (network.key = 0; network.key < DRAWS; network.key++) {
            draw(&network, &net);
            for (size_t i = 0; i < D; i++) { /* of e_1, and of the first of the embedding */
                encoder += net.wbar[i] * net.wbar[i] / DRAWS;
                predictor += net.v[i] * net.v[i] / DRAWS;
            }
        }
        assert_near(sqrt(encoder), 0.2, 0.1);
        assert_near(sqrt(predictor), scale, 0.1);
    }
}

/* No noise is the identity; noise is normal numbers of its size over sqrt(d). */
static void noise_is_added_to_the_identity(void **state)
{
    jf_network network = {
        .depth = 2, .init_scale = 0.25, .start = JF_START_IDENTITY_NOISE, .seed = 1, .key = 2};
    double w[SIZE], gaussian[SIZE];

    (void)state;
    assert_ok(jf_network_draw_layer(&network, whole(D), 2, w));
    assert_true(distance_to_identity(w, 0.5) == 0.0);
    network.noise = 0.3;
    assert_ok(jf_network_draw_layer(&network, whole(D), 2, w));
    network.start = JF_START_GAUSSIAN;
    assert_ok(jf_network_draw_layer(&network, whole(D), 2, gaussian));
    for (size_t i = 0; i < SIZE; i++) {
        assert_within(w[i], (i % (D + 1) == 0 ? 0.5 : 0.0) + 0.3 * gaussian[i], 1e-15);
    }
}

/* Is all 0 beyond the first so many rows and columns? */
static int is_within(const double *w, size_t rows, size_t columns)
{
    for (size_t i = 0; i < SIZE; i++) {
        if ((i % D >= rows || i / D >= columns) && w[i] != 0.0) {
            return 0;
        }
    }
    return 1;
}

/* A narrow orthogonal start is balanced as a wide one is: W_1 W_1^T is eps^{2/L} of k x k. */
static void narrow_networks_have_their_shapes_and_balance(void **state)
{
    enum { K = 4 };
    static drawn net;
    double above[SIZE], below[SIZE];

    (void)state;
    for (size_t n = 0; n < 80; n++) {
        jf_network network = network_of(n % 40);
        const double scale2 = pow(jf_network_layer_scale(&network), 2.0);
        network.width = K;
        network.drawn_predictor = n / 40 == 1;
        draw(&network, &net);
        assert_true(is_within(net.v, network.objective == JF_MAE ? D : K, K));
        for (size_t a = 0; a < network.depth; a++) {
            const double *next = a + 1 < network.depth ? net.w[a + 1] : net.v;
            assert_true(is_within(net.w[a], K, a == 0 ? D : K));
            naive_multiply(1, 0, D, D, D, next, next, above);
            naive_multiply(0, 1, D, D, D, net.w[a], net.w[a], below);
            assert_below(largest_difference(SIZE, above, below), 1e-14);
            for (size_t i = 0; i < K; i++) {
                assert_near(below[i + i * D], scale2, 1e-13);
            }
        }
    }
}

/* Drawn predictors are orthogonal of the layers' scale, and not aligned. */
static void a_drawn_predictor_has_a_frame_of_its_own(void **state)
{
    static drawn net;
    double square[SIZE];

    (void)state;
    for (size_t n = 0; n < 40; n++) {
        jf_network network = network_of(n);
        const double scale = jf_network_layer_scale(&network);
        network.drawn_predictor = 1;
        draw(&network, &net);
        naive_multiply(1, 0, D, D, D, net.v, net.v, square);
        assert_below(distance_to_identity(square, scale * scale), 1e-13);
        assert_true(distance_to_identity(net.v, scale) > 0.1 * scale);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_are_orthogonal_of_the_layers_scale),
        cmocka_unit_test(every_direction_starts_at_init_scale),
        cmocka_unit_test(the_start_is_balanced),
        cmocka_unit_test(the_predictor_is_aligned_with_the_encoder),
        cmocka_unit_test(without_rotation_layers_are_multiples_of_the_identity),
        cmocka_unit_test(draws_are_a_function_of_their_address),
        cmocka_unit_test(imbalance_keeps_the_product),
        cmocka_unit_test(gaussian_starts_have_the_scale_of_the_others),
        cmocka_unit_test(noise_is_added_to_the_identity),
        cmocka_unit_test(narrow_networks_have_their_shapes_and_balance),
        cmocka_unit_test(a_drawn_predictor_has_a_frame_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
