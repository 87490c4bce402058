#include "jepaflow/results/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jepaflow/base/log.h"
#include "jepaflow/base/memory.h"
#include "jepaflow/base/text.h"
#include "jepaflow/results/foreign.h"

/* Largest text, bytes; numbers of x, and of y, that are held at a time. */
enum { MOST_TEXT = 1 << 22, BLOCK_NUMBERS = 1 << 20 };

static const char expected[] = "x and y, sigma_xx, sigma_yx and sigma_yy, or lambda and rho";

void jf_source_clear(jf_source *source)
{
    jf_moments_clear(&source->moments);
    free(source->lambda);
    free(source->rho);
    *source = (jf_source){0};
}

static jf_status make_features(size_t count, jf_source *out)
{
    out->features = count;
    out->lambda = jf_memory_numbers(count);
    out->rho = jf_memory_numbers(count);
    return out->lambda != NULL && out->rho != NULL ? JF_OK : jf_fail_memory("features");
}

static jf_status check_features(const char *path, const jf_source *source)
{
    for (size_t i = 0; i < source->features; i++) {
        const double lambda = source->lambda[i], rho = source->rho[i];
        if (!(isfinite(lambda) && lambda > 0.0 && isfinite(rho) && rho > 0.0)) {
            return jf_fail(JF_ERR_USAGE,
                           "%s: feature %zu has lambda %g and rho %g, expected numbers above 0",
                           path, i + 1, lambda, rho);
        }
    }
    return JF_OK;
}

/* ---- text ---- */

/* The two numbers of a line, or 0 of an empty one; returns how many there are, 3 for more. */
static size_t split_line(char *line, const char *words[2])
{
    size_t count = 0;

    line[strcspn(line, "#")] = '\0';
    for (char *rest = line, *word; (word = strsep(&rest, " \t\r,")) != NULL;) {
        if (word[0] != '\0') {
            if (count < 2) {
                words[count] = word;
            }
            count++;
        }
    }
    return count < 3 ? count : 3;
}

static jf_status read_line(const char *path, size_t number, char *line, jf_source *out)
{
    const char *words[2];
    const size_t count = split_line(line, words);
    const size_t i = out->features;

    if (count == 0) {
        return JF_OK;
    }
    if (i == JF_SOURCE_MOST_FEATURES) {
        return jf_fail(JF_ERR_USAGE, "%s: more than %d features, expected at most so many", path,
                       JF_SOURCE_MOST_FEATURES);
    }
    if (count != 2 || !jf_text_number(words[0], &out->lambda[i]) ||
        !jf_text_number(words[1], &out->rho[i])) {
        return jf_fail(JF_ERR_USAGE, "%s:%zu: expected two numbers, lambda and rho", path, number);
    }
    out->features++;
    return JF_OK;
}

static jf_status read_lines(const char *path, char *text, jf_source *out)
{
    size_t number = 0;

    JF_TRY(make_features(JF_SOURCE_MOST_FEATURES, out));
    out->features = 0;
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
        JF_TRY(read_line(path, ++number, line, out));
    }
    if (out->features == 0) {
        return jf_fail(JF_ERR_USAGE, "%s: no features, expected lambda and rho in each line", path);
    }
    return check_features(path, out);
}

static jf_status read_text(const char *path, jf_source *out)
{
    char *text;
    size_t size;

    JF_TRY(jf_text_read_file(path, MOST_TEXT, &text, &size));
    const jf_status status =
        strlen(text) == size
            ? read_lines(path, text, out)
            : jf_fail(JF_ERR_USAGE, "%s: neither NetCDF nor text, expected either", path);
    free(text);
    return status;
}

/* ---- NetCDF ---- */

static jf_status check_width(jf_file *file, const char *name, size_t width, size_t most)
{
    return width >= 1 && width <= most
               ? JF_OK
               : jf_fail(JF_ERR_USAGE, "%s: '%s' has %zu features, expected 1 to %zu",
                         jf_file_path(file), name, width, most);
}

/* ---- features ---- */

static jf_status read_list(jf_file *file, const char *name, size_t count, double *values)
{
    static const size_t start[1] = {0};
    jf_file_shape shape;

    JF_TRY(jf_foreign_find(file, name, 1, expected, &shape));
    if (shape.length[0] != count) {
        return jf_fail(JF_ERR_USAGE, "%s: '%s' has %zu numbers, expected the %zu of 'lambda'",
                       jf_file_path(file), name, shape.length[0], count);
    }
    return jf_foreign_read(file, name, &shape, start, &count, values);
}

static jf_status read_features(jf_file *file, jf_source *out)
{
    jf_file_shape shape;

    JF_TRY(jf_foreign_find(file, "lambda", 1, expected, &shape));
    JF_TRY(check_width(file, "lambda", shape.length[0], JF_SOURCE_MOST_FEATURES));
    JF_TRY(make_features(shape.length[0], out));
    JF_TRY(read_list(file, "lambda", out->features, out->lambda));
    JF_TRY(read_list(file, "rho", out->features, out->rho));
    return check_features(jf_file_path(file), out);
}

/* ---- covariances ---- */

static jf_status check_moments(jf_file *file, const char *of, jf_moments *moments)
{
    const char *wrong = jf_moments_check(moments);

    return wrong == NULL ? JF_OK
                         : jf_fail(JF_ERR_USAGE, "%s: %s %s, expected covariances",
                                   jf_file_path(file), of, wrong);
}

static jf_status read_matrix(jf_file *file, const char *name, size_t d, double *out)
{
    static const size_t start[2] = {0, 0};
    const size_t count[2] = {d, d};
    jf_file_shape shape;

    JF_TRY(jf_foreign_find(file, name, 2, expected, &shape));
    if (shape.length[0] != d || shape.length[1] != d) {
        return jf_fail(JF_ERR_USAGE, "%s: '%s' is %zu x %zu, expected %zu x %zu as sigma_xx",
                       jf_file_path(file), name, shape.length[0], shape.length[1], d, d);
    }
    JF_TRY(jf_foreign_read(file, name, &shape, start, count, out));
    jf_foreign_transpose(d, out);
    return JF_OK;
}

static jf_status read_covariances(jf_file *file, jf_source *out)
{
    jf_moments *m = &out->moments;
    jf_file_shape shape;

    JF_TRY(jf_foreign_find(file, "sigma_xx", 2, expected, &shape));
    JF_TRY(check_width(file, "sigma_xx", shape.length[0], JF_SOURCE_MOST_WIDTH));
    JF_TRY(jf_moments_init(shape.length[0], m));
    JF_TRY(read_matrix(file, "sigma_xx", m->d, m->sxx));
    JF_TRY(read_matrix(file, "sigma_yx", m->d, m->syx));
    JF_TRY(read_matrix(file, "sigma_yy", m->d, m->syy));
    return check_moments(file, "its covariance", m);
}

/* ---- pairs ---- */

/* Pairs in a file, and a block of them: a pair in each column of x and y. */
typedef struct {
    jf_file *file;
    jf_file_shape x, y;
    size_t d, pairs, block;
    double *numbers[2]; /* d x block */
    double *mean[2];    /* d */
} pairs;

static jf_status find_pairs(jf_file *file, pairs *p)
{
    jf_file_shape x, y;

    JF_TRY(jf_foreign_find(file, "x", 2, expected, &x));
    JF_TRY(jf_foreign_find(file, "y", 2, expected, &y));
    if (y.length[0] != x.length[0] || y.length[1] != x.length[1]) {
        return jf_fail(JF_ERR_USAGE, "%s: y is %zu x %zu, expected the %zu x %zu of x",
                       jf_file_path(file), y.length[0], y.length[1], x.length[0], x.length[1]);
    }
    JF_TRY(check_width(file, "x", x.length[1], JF_SOURCE_MOST_WIDTH));
    *p = (pairs){.file = file,
                 .x = x,
                 .y = y,
                 .d = x.length[1],
                 .pairs = x.length[0],
                 .block = BLOCK_NUMBERS / x.length[1]};
    p->block = p->block < p->pairs ? p->block : p->pairs;
    if (p->pairs <= p->d) { /* their means are taken off: one pair tells nothing */
        return jf_fail(JF_ERR_USAGE, "%s: %zu pairs of %zu features, expected more pairs than that",
                       jf_file_path(file), p->pairs, p->d);
    }
    return JF_OK;
}

static jf_status read_block(const pairs *p, size_t first, size_t *count)
{
    const size_t start[2] = {first, 0};
    const size_t rest = p->pairs - first;
    const size_t counts[2] = {rest < p->block ? rest : p->block, p->d};

    *count = counts[0];
    JF_TRY(jf_foreign_read(p->file, "x", &p->x, start, counts, p->numbers[0]));
    return jf_foreign_read(p->file, "y", &p->y, start, counts, p->numbers[1]);
}

static jf_status find_means(const pairs *p)
{
    size_t count;

    for (size_t first = 0; first < p->pairs; first += count) {
        JF_TRY(read_block(p, first, &count));
        for (size_t k = 0; k < 2; k++) {
            for (size_t n = 0; n < count * p->d; n++) {
                p->mean[k][n % p->d] += p->numbers[k][n] / (double)p->pairs;
            }
        }
    }
    return JF_OK;
}

static jf_status sum_pairs(const pairs *p, const jf_adder *adder, jf_moments *out)
{
    size_t count;

    for (size_t first = 0; first < p->pairs; first += count) {
        JF_TRY(read_block(p, first, &count));
        for (size_t k = 0; k < 2; k++) {
            for (size_t n = 0; n < count * p->d; n++) {
                p->numbers[k][n] -= p->mean[k][n % p->d];
            }
        }
        JF_TRY(adder->add(adder->context, out, count, p->numbers[0], p->numbers[1]));
    }
    JF_TRY(adder->finish(adder->context, out));
    jf_moments_average(out, (double)p->pairs);
    return JF_OK;
}

static jf_status read_pairs(jf_file *file, const jf_adder *adder, jf_source *out)
{
    pairs p;

    JF_TRY(find_pairs(file, &p));
    JF_TRY(jf_moments_init(p.d, &out->moments));
    double *room = jf_memory_numbers(2 * p.d * (p.block + 1));
    if (room == NULL) {
        return jf_fail_memory("pairs of data");
    }
    for (size_t k = 0; k < 2; k++) {
        p.numbers[k] = room + k * p.d * (p.block + 1);
        p.mean[k] = p.numbers[k] + p.d * p.block;
    }
    jf_status status = find_means(&p);
    if (status == JF_OK) {
        status = sum_pairs(&p, adder, &out->moments);
    }
    free(room);
    return status == JF_OK ? check_moments(file, "the covariance of its pairs", &out->moments)
                           : status;
}

/* ---- either ---- */

static jf_status read_netcdf(const char *path, const jf_adder *adder, jf_source *out)
{
    jf_file *file;

    if (jf_file_open_foreign(path, &file) != JF_OK) {
        return JF_ERR_USAGE; /* the message says why */
    }
    const jf_status status = jf_file_has_variable(file, "sigma_xx") ? read_covariances(file, out)
                             : jf_file_has_variable(file, "lambda") ? read_features(file, out)
                                                                    : read_pairs(file, adder, out);
    (void)jf_file_close(&file); /* nothing was written */
    return status;
}

/* The first bytes of NetCDF's formats: classic ones, and HDF5. */
static int is_netcdf(const char *path)
{
    char magic[4] = "";
    FILE *file = fopen(path, "rb");

    if (file != NULL) {
        (void)!fread(magic, 1, sizeof magic, file);
        fclose(file);
    }
    return memcmp(magic, "CDF", 3) == 0 || memcmp(magic, "\211HDF", 4) == 0;
}

jf_status jf_source_read(const char *path, const jf_adder *adder, jf_source *out)
{
    *out = (jf_source){0};
    const jf_status status = is_netcdf(path) ? read_netcdf(path, adder, out) : read_text(path, out);
    if (status != JF_OK) {
        jf_source_clear(out);
    }
    return status;
}
