#include "jepaflow/flow/pace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/text.h"
#include "jepaflow/flow/flow.h"
#include "jepaflow/flow/gauge.h"
#include "jepaflow/model/nonlinear.h"
#include "jepaflow/model/sampled.h"
#include "jepaflow/ode/bdf.h"

/* Outlooks that are kept, and places where one may be. */
enum { KEPT = 4096, PROBED = 16 };

/* What the outlook of a point depends on: that of one serves all with the same. */
typedef struct {
    const jf_spectrum *spectrum; /* NULL: none is kept here */
    double value[9];
} outlook_key;

typedef struct {
    outlook_key key;
    jf_outlook outlook;
} kept_outlook;

struct jf_pace {
    jf_gauge gauge;
    kept_outlook *kept; /* KEPT places, by a hash of the key */
};

jf_status jf_pace_measure(const jf_plan *plan, jf_pace **out)
{
    jf_pace *p = calloc(1, sizeof *p);

    *out = p;
    if (p != NULL) {
        p->kept = calloc(KEPT, sizeof *p->kept);
    }
    if (p == NULL || p->kept == NULL) {
        jf_pace_destroy(out);
        return jf_fail_memory("a prediction");
    }
    const jf_status status = jf_gauge_measure(plan, &p->gauge);
    if (status != JF_OK) {
        jf_pace_destroy(out);
    }
    return status;
}

void jf_pace_destroy(jf_pace **pace)
{
    if (*pace != NULL) {
        free((*pace)->kept);
        free(*pace);
        *pace = NULL;
    }
}

/* ---- outlooks ---- */

/* Do its covariances not share eigenvectors? Then nothing comes to rest in every digit. */
static int is_dense(const jf_point *point)
{
    const jf_data data = jf_point_data(point);

    return !jf_data_is_shared(&data);
}

static outlook_key key_of(const jf_point *point)
{
    const double *v = point->value;

    return (outlook_key){point->spectrum,
                         {v[JF_P_OBJECTIVE], v[JF_P_DEPTH], v[JF_P_INIT_SCALE], v[JF_P_MODEL],
                          v[JF_P_THRESHOLD], v[JF_P_HORIZON], v[JF_P_ROTATION],
                          jf_point_departs(point), jf_point_is_balanced(point)}};
}

static size_t place_of(const outlook_key *key)
{
    uint64_t hash = jf_hash_bytes(JF_HASH_START, &key->spectrum, sizeof key->spectrum);

    for (size_t i = 0; i < sizeof key->value / sizeof key->value[0]; i++) {
        hash = jf_hash_number(hash, key->value[i]);
    }
    return (size_t)(hash ^ hash >> 32) % KEPT;
}

static int is_same(const outlook_key *a, const outlook_key *b)
{
    return a->spectrum == b->spectrum && memcmp(a->value, b->value, sizeof a->value) == 0;
}

/* Where an outlook is kept or is to be: beside others of its hash, or in place of the first. */
static kept_outlook *find_place(const jf_pace *p, const outlook_key *key)
{
    const size_t first = place_of(key);

    for (size_t k = 0; k < PROBED; k++) {
        kept_outlook *kept = &p->kept[(first + k) % KEPT];
        if (kept->key.spectrum == NULL || is_same(&kept->key, key)) {
            return kept;
        }
    }
    return &p->kept[first];
}

/* The point's outlook: kept from another that shares it, or found. */
static jf_status find_outlook(const jf_pace *p, const jf_point *point, const jf_outlook **out)
{
    const outlook_key key = key_of(point);
    kept_outlook *kept = find_place(p, &key);

    if (!is_same(&kept->key, &key)) {
        kept->key.spectrum = NULL;
        JF_TRY(jf_point_outlook(point, &kept->outlook));
        kept->key = key;
    }
    *out = &kept->outlook;
    return JF_OK;
}

/* ---- memory ---- */

/*
 * Vectors of the state's size that an explicit integrator holds: stages and copies; auto has those
 * of erk and rock.
 */
static const double vectors_of[] = {
    [JF_INTEGRATOR_AUTO] = 24, [JF_INTEGRATOR_ERK] = 15,    [JF_INTEGRATOR_RKC] = 9,
    [JF_INTEGRATOR_ROCK] = 9,  [JF_INTEGRATOR_DESCENT] = 1,
};

/* Of a point's integrator, and of bdf where that may take over: one is released before. */
static double integrator_vectors(const jf_point *point, const jf_outlook *outlook, double total)
{
    const jf_integrator_choice choice = jf_flow_integrator(point, outlook);
    const double implicit = (double)jf_bdf_vectors(total);

    if (choice == JF_INTEGRATOR_BDF) {
        return implicit;
    }
    return jf_flow_may_hand_over(point, outlook) ? fmax(vectors_of[choice], implicit)
                                                 : vectors_of[choice];
}

/* Of d places, dealt to `ranks` in blocks, those of the rank that has most. */
static double largest_share(double d, double block, int ranks)
{
    return fmin(ceil(ceil(d / block) / ranks) * block, d);
}

/*
 * Numbers of a d x d matrix on the rank that has most of it: on a grid as near to a square as the
 * number of ranks allows (linalg/grid.c), in blocks of at most 64 (linalg/square.c).
 */
static double largest_part(double d, int ranks)
{
    int rows = 1;

    for (int k = 2; k * k <= ranks; k++) {
        rows = ranks % k == 0 ? k : rows;
    }
    const int columns = ranks / rows;
    const double block = fmin(ceil(d / columns), 64.0);
    return largest_share(d, block, rows) * largest_share(d, block, columns);
}

/* What its pairs take, where a point is taught by such. */
static double numbers_of_pairs(const jf_point *point)
{
    const size_t pairs = jf_flow_pairs(point);

    return pairs == 0
               ? 0.0
               : jf_sampling_numbers(point->spectrum->features, jf_point_count(point, JF_P_DEPTH),
                                     (jf_activation)point->value[JF_P_ACTIVATION], pairs);
}

static double memory(const jf_point *point, const jf_outlook *outlook, int ranks)
{
    enum { OBSERVER_VECTORS = 5, OBSERVER_MATRICES = 12 };
    const jf_model_kind *model = jf_flow_kind(point);
    const size_t depth = jf_point_count(point, JF_P_DEPTH);
    const double d = (double)point->spectrum->features;
    const double layers = (double)model->matrices(depth);
    const double vectors =
        integrator_vectors(point, outlook, layers * d * d) + OBSERVER_VECTORS + 1.0;
    const double matrices =
        layers * vectors + (double)model->work_matrices(depth) + OBSERVER_MATRICES;

    return sizeof(double) * (matrices * largest_part(d, ranks) + numbers_of_pairs(point));
}

/* Only where nothing rests is an outlook needed: it may choose an integrator with many vectors. */
jf_status jf_pace_memory(const jf_point *point, int ranks, double *bytes)
{
    jf_outlook outlook = {.rests = 1};

    *bytes = 0.0;
    if (jf_flow_model(point) != JF_MODEL_THEORY) {
        if (point->value[JF_P_ROTATION] == JF_ROTATION_RANDOM || jf_point_departs(point)) {
            JF_TRY(jf_point_outlook(point, &outlook));
        }
        *bytes = memory(point, &outlook, ranks);
    }
    return JF_OK;
}

/* ---- several ranks ---- */

/*
 * Measured with pdgemm on two ranks of one node, d = 16 .. 2048: beyond its share of the
 * arithmetic a product takes 10 to 20 microseconds at d = 16, and from d = 256 on what its volume
 * takes at so many bytes a second (0.65 of twice dgemm's rate at d = 1024, 0.78 at 2048). A sum
 * over two ranks: 0.7 to 2 microseconds.
 */
static const double group_bandwidth = 0.95e9, seconds_per_panel = 1.5e-5, seconds_per_sum = 2e-6;

/* Columns of a panel that pdgemm multiplies at a time (linalg/square.c). */
static const double panel_columns = 256.0;

/*
 * A product of d x d matrices: its arithmetic is shared; each rank sends and receives its part of
 * both operands, 2 d^2 / sqrt(ranks) numbers, panel by panel.
 */
static double shared_product(double alone, double d, int ranks)
{
    const double volume = 2.0 * d * d * sizeof(double) / sqrt(ranks);
    const double panels = ceil(d / panel_columns);

    return alone / ranks + volume / group_bandwidth + panels * seconds_per_panel * log2(ranks);
}

/* ---- seconds ---- */

/* Memory is cleared when it is first touched. */
static const double seconds_per_byte = 2e-10;

/* Making and releasing what a point needs, beside that. */
static const double seconds_to_begin = 2e-5;

/* Closed form of one feature: plateau, both critical times; and of each term of JEPA's sums. */
static const double seconds_per_feature = 3.2e-7, seconds_per_term = 6e-9;

static double of_theory(const jf_point *point)
{
    const double terms =
        point->value[JF_P_OBJECTIVE] == JF_JEPA ? 2.0 * point->value[JF_P_DEPTH] : 0.0;

    return (double)point->spectrum->features * (seconds_per_feature + terms * seconds_per_term);
}

/* The many vectors of a Krylov basis are read from beyond the caches (measured, d = 128). */
static const double beyond_cache = 1.6, numbers_in_cache = 2e4;

/* A point as it is solved: what it is made of, and what that costs. */
typedef struct {
    double depth, width, numbers; /* of the state, all ranks' */
    double product;               /* seconds */
    double pass;                  /* seconds of what goes with each number in a right-hand side */
    double fixed;                 /* seconds that go with none */
} cost;

static cost find_cost(const jf_pace *p, const jf_point *point, jf_family family, int ranks)
{
    const jf_model_kind *model = jf_flow_kind(point);
    const jf_overhead *overhead = &p->gauge.family[family];
    cost c = {.depth = point->value[JF_P_DEPTH], .width = (double)point->spectrum->features};

    c.numbers = (double)model->matrices((size_t)c.depth) * c.width * c.width;
    c.product = jf_gauge_product(&p->gauge, c.width);
    c.pass = overhead->number * c.numbers / ranks;
    if (family == JF_IMPLICIT && c.numbers / ranks > numbers_in_cache) {
        c.pass *= beyond_cache;
    }
    c.fixed = overhead->evaluation;
    if (ranks > 1) {
        c.product = shared_product(c.product, c.width, ranks);
        c.fixed += 2.0 * seconds_per_sum * log2(ranks); /* sums of the errors, of amplitudes */
    }
    return c;
}

/*
 * The encoder is the product of all layers. One that is drawn at random is drawn number by number
 * and factored: some four products, and what goes with each column (measured, d = 4 .. 256).
 */
static double of_start(const jf_point *point, const cost *c)
{
    const double d = c->width;
    const double draw = 4.0 * c->product + 9e-7 * d + 2.5e-8 * d * d;
    const int drawn = point->value[JF_P_ROTATION] == JF_ROTATION_RANDOM ||
                      point->value[JF_P_START] != JF_START_ORTHOGONAL;

    return c->depth * (c->product + (drawn ? draw : 0.0));
}

/* Finding the eigenvectors for a probe, in products of matrices (measured, d = 16 .. 256). */
static const double products_of_probe = 25.0;

/*
 * A sample: the layers' product, that of encoder and predictor, and the embeddings' with each
 * other; a state in between.
 */
static double of_samples(const jf_point *point, const cost *c)
{
    const double seen = jf_flow_model(point) == JF_MODEL_LAYERS ? c->depth + 1.0 : 2.0;
    const double probed = point->value[JF_P_PROBE] == JF_PROBE_YES ? products_of_probe : 0.0;
    const double products = seen + probed;

    return point->value[JF_P_SAMPLES] * (products * c->product + c->pass);
}

/*
 * Covariances that do not share eigenvectors, roughly: the products that make them and their
 * eigenproblems; for each pair that is drawn its numbers and three products.
 */
static double of_data(const jf_point *point, const cost *c)
{
    const double d = c->width, pairs = point->value[JF_P_PAIRS];

    if (!is_dense(point)) {
        return 0.0;
    }
    return 40.0 * c->product + (isfinite(pairs) ? pairs * (3.0 * c->product / d + 4e-8 * d) : 0.0);
}

/* Of one right-hand side: Wbar Syx is one more where Syx is dense, and so is what observers see. */
static double products_of(const jf_point *point, const cost *c)
{
    return (double)jf_flow_kind(point)->products((size_t)c->depth) + (is_dense(point) ? 1.5 : 0.0);
}

/* A normal number, and what an activation does to a number (measured). */
static const double seconds_per_draw = 1.6e-8, seconds_per_activation = 1.2e-8;

/* A step's pairs: drawn, through the layers and back, JEPA's target beside. */
static double of_batch(const jf_point *point, const cost *c, double pairs)
{
    const double d = c->width, hidden = c->depth - 1.0;
    const double passes = (double)jf_flow_kind(point)->products((size_t)c->depth) +
                          (point->value[JF_P_OBJECTIVE] == JF_JEPA ? c->depth : 0.0);
    const int curved = point->value[JF_P_ACTIVATION] != JF_LINEAR;

    return pairs * (passes * c->product / d + 2.0 * d * seconds_per_draw +
                    (curved ? 2.0 * hidden * d * seconds_per_activation : 0.0));
}

/* After each straight step the state is looked at anew: the layers' product, or a regression. */
static double of_look(const jf_point *point, const cost *c)
{
    const double hidden = c->depth - 1.0;

    if (point->value[JF_P_METHOD] != JF_METHOD_DESCENT) {
        return 0.0;
    }
    if (point->value[JF_P_ACTIVATION] == JF_LINEAR) {
        return hidden * c->product;
    }
    const double pairs = (double)jf_nonlinear_pairs(point->spectrum->features);
    return pairs *
           ((c->depth + 1.0) * c->product / c->width + hidden * c->width * seconds_per_activation);
}

/* One right-hand side, with what goes with it. */
static double of_evaluation(const jf_point *point, const cost *c)
{
    const double pairs = (double)jf_flow_pairs(point);
    const double field =
        pairs > 0.0 ? of_batch(point, c, pairs) : products_of(point, c) * c->product;

    return field + of_look(point, c) + c->pass + c->fixed;
}

/* As the outlook says; where steps run out before, some ten for each. */
static double evaluations(const jf_point *point, const jf_outlook *outlook)
{
    return fmin(jf_flow_evaluations(point, outlook), 10.0 * point->value[JF_P_MAX_STEPS]);
}

jf_status jf_pace_predict(const jf_pace *p, const jf_point *point, int ranks, double *seconds)
{
    const jf_outlook *outlook;

    *seconds = of_theory(point);
    if (jf_flow_kind(point) == NULL) {
        return JF_OK;
    }
    JF_TRY(find_outlook(p, point, &outlook));
    const cost c = find_cost(p, point, jf_flow_family(point, outlook), ranks);
    *seconds += seconds_to_begin + seconds_per_byte * memory(point, outlook, ranks) +
                of_data(point, &c) + of_start(point, &c) + of_samples(point, &c) +
                evaluations(point, outlook) * of_evaluation(point, &c);
    return JF_OK;
}
