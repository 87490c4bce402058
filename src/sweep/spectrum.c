#include "jepaflow/sweep/spectrum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/text.h"
#include "jepaflow/model/regression.h"
#include "jepaflow/sweep/generator.h"

enum { MOST_KEYS = 16 };

static const char form[] = "{lambda: , rho: }";

void jf_spectrum_clear(jf_spectrum *spectrum)
{
    free(spectrum->name);
    free(spectrum->lambda);
    free(spectrum->rho);
    free(spectrum->file);
    jf_moments_clear(&spectrum->moments);
    *spectrum = (jf_spectrum){0};
}

/* ---- from an input ---- */

static jf_status read_file(const char *name, const jf_node *item, jf_spectrum *out)
{
    if (item->kind != JF_NODE_SCALAR || item->text[0] == '\0') {
        return jf_node_fail(item, "spectrum '%s': file is not a name, expected that of a file",
                            name);
    }
    out->file = strdup(item->text);
    return out->file != NULL ? JF_OK : jf_fail_memory("a spectrum");
}

/* Is the map more than the one key that says where its features come from? */
static jf_status check_alone(const char *name, const jf_node *node, const char *key)
{
    return node->count == 1 ? JF_OK
                            : jf_node_fail(node,
                                           "spectrum '%s' has '%s' and more beside it, expected "
                                           "that alone",
                                           name, key);
}

/* The words that may stand in a spectrum: numbers of their own, models, a file. */
static size_t list_keys(const char *keys[MOST_KEYS])
{
    size_t generators, count = 0;
    const jf_generator *g = jf_generators(&generators);

    for (size_t k = 0; k < g[0].keys; k++) {
        keys[count++] = g[0].key[k].name;
    }
    for (size_t k = 1; k < generators; k++) {
        keys[count++] = g[k].name;
    }
    keys[count++] = "file";
    return count;
}

static jf_status read_map(const char *name, const jf_node *node, jf_spectrum *out)
{
    const char *keys[MOST_KEYS];
    size_t generators;
    const jf_generator *g = jf_generators(&generators);

    JF_TRY(jf_check_keys(node, "a spectrum", keys, list_keys(keys)));
    if (jf_node_find(node, "file") != NULL) {
        JF_TRY(check_alone(name, node, "file"));
        return read_file(name, jf_node_find(node, "file"), out);
    }
    for (size_t k = 1; k < generators; k++) {
        const jf_node *model = jf_node_find(node, g[k].name);
        if (model != NULL) {
            JF_TRY(check_alone(name, node, g[k].name));
            return jf_generator_read(&g[k], name, model, &out->features, &out->lambda, &out->rho);
        }
    }
    return jf_generator_read(&g[0], name, node, &out->features, &out->lambda, &out->rho);
}

size_t jf_spectrum_count(const jf_node *node)
{
    size_t generators, most = 1;
    const jf_generator *g = jf_generators(&generators);

    for (size_t k = 0; k < generators && node->kind == JF_NODE_MAP; k++) {
        const jf_node *place = g[k].name != NULL ? jf_node_find(node, g[k].name) : node;
        const size_t count = place != NULL ? jf_generator_count(&g[k], place) : 1;
        most = count > most ? count : most;
    }
    return most;
}

jf_status jf_spectrum_read(const char *name, const jf_node *node, jf_spectrum *out)
{
    *out = (jf_spectrum){0};
    if (node->kind != JF_NODE_MAP) {
        return jf_node_fail(node, "spectrum '%s' is not a map, expected %s", name, form);
    }
    out->name = strdup(name);
    jf_status status = out->name != NULL ? JF_OK : jf_fail_memory("a spectrum");
    if (status == JF_OK) {
        status = read_map(name, node, out);
    }
    if (status != JF_OK) {
        jf_spectrum_clear(out);
    }
    return status;
}

/* ---- from a file ---- */

static double *copied(const double *values, size_t count)
{
    double *copy = malloc((count + 1) * sizeof *copy);

    return copy != NULL ? memcpy(copy, values, count * sizeof *copy) : NULL;
}

jf_status jf_spectrum_set_features(jf_spectrum *spectrum, const double *lambda, const double *rho,
                                   size_t count)
{
    free(spectrum->lambda);
    free(spectrum->rho);
    spectrum->features = count;
    spectrum->lambda = copied(lambda, count);
    spectrum->rho = copied(rho, count);
    return spectrum->lambda != NULL && spectrum->rho != NULL ? JF_OK : jf_fail_memory("a spectrum");
}

static jf_status check_features(const jf_problem *p)
{
    for (size_t i = 0; i < p->d; i++) {
        if (p->rho[i] > 0.0 && p->lambda[i] > 0.0) {
            return JF_OK;
        }
    }
    return jf_fail(JF_ERR_USAGE,
                   "no feature of x predicts anything of y (the largest rho is %g), expected "
                   "some rho above 0",
                   p->rho[0]);
}

/* Covariances that were given need not be those of any pairs. */
static jf_status check_pairs_exist(const jf_problem *p)
{
    const size_t size = p->square->count;
    double *room = jf_memory_numbers(3 * size + p->d);

    if (room == NULL) {
        return jf_fail_memory("a spectrum");
    }
    const jf_status status =
        jf_regression_find(p, room, room + size, room + 3 * size, room + 2 * size);
    free(room);
    return status;
}

static jf_status find_features(const jf_square *square, jf_spectrum *spectrum)
{
    const jf_moments *m = &spectrum->moments;
    jf_problem problem;

    JF_TRY(jf_problem_init_general(square, m->sxx, m->syx, m->syy, &problem));
    jf_status status = check_pairs_exist(&problem);
    if (status == JF_OK) {
        status = check_features(&problem);
    }
    if (status == JF_OK) {
        status = jf_spectrum_set_features(spectrum, problem.lambda, problem.rho, m->d);
    }
    jf_problem_clear(&problem);
    return status;
}

void jf_spectrum_take_moments(jf_spectrum *spectrum, jf_moments *moments)
{
    jf_moments_clear(&spectrum->moments);
    spectrum->moments = *moments;
    spectrum->fingerprint = jf_moments_hash(moments, JF_HASH_START);
    *moments = (jf_moments){0};
}

jf_status jf_spectrum_set_moments(jf_spectrum *spectrum, jf_moments *moments)
{
    jf_square square;

    jf_spectrum_take_moments(spectrum, moments);
    JF_TRY(jf_square_init(spectrum->moments.d, NULL, &square));
    jf_log_set_subject(spectrum->file);
    const jf_status status = find_features(&square, spectrum);
    jf_log_set_subject(NULL);
    jf_square_clear(&square);
    return status == JF_ERR_NUMERICS ? JF_ERR_USAGE : status; /* of the file */
}
