#include "jepaflow/figures/atlas.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/statistics.h"

void jf_atlas_clear(jf_atlas *a)
{
    for (size_t k = 0; k < JF_PARAMETERS; k++) {
        free(a->axis[k].value);
        a->axis[k] = (jf_sorted){0};
    }
    free(a->notice);
    a->notice = NULL;
    a->notices = 0;
}

jf_status jf_atlas_init(jf_atlas *a)
{
    for (size_t k = 0; k < a->dataset->axes; k++) {
        JF_TRY(jf_survey_sort(&a->dataset->axis[k], &a->axis[k].value));
        a->axis[k].count = a->dataset->axis[k].extent;
    }
    return JF_OK;
}

size_t jf_atlas_thin(const jf_atlas *a, size_t axis, size_t most, size_t *thin)
{
    return jf_survey_choose(a->axis[axis].value, a->axis[axis].count, most, thin);
}

static int is_taken(const jf_atlas *a, size_t spectrum, int (*takes)(const jf_traits *))
{
    return takes == NULL || takes(&a->survey->traits[spectrum]);
}

jf_rows jf_atlas_rows(const jf_atlas *a, int (*takes)(const jf_traits *traits))
{
    const jf_sorted *spectra = &a->axis[JF_P_SPECTRUM];
    jf_rows rows = {.count = 0};
    size_t taken = 0;

    for (size_t k = 0; k < spectra->count; k++) {
        rows.of += is_taken(a, spectra->value[k], takes) ? 1 : 0;
    }
    const size_t most = rows.of < JF_ATLAS_ROWS ? rows.of : JF_ATLAS_ROWS;
    for (size_t k = 0; k < spectra->count && rows.count < most; k++) {
        if (is_taken(a, spectra->value[k], takes) &&
            taken++ == jf_statistics_spread(rows.count, most, rows.of)) {
            rows.spectrum[rows.count++] = spectra->value[k];
        }
    }
    return rows;
}

double jf_atlas_exact_time(const jf_atlas *a, const jf_feature *feature)
{
    double time = NAN;

    (void)jf_feature_critical_time(feature, a->survey->threshold,
                                   &time); /* NaN where there is none */
    return time;
}

void jf_atlas_name(const jf_atlas *a, size_t axis, size_t value, char *text, size_t size)
{
    char room[JF_SURVEY_VALUE];

    snprintf(text, size, "%s", jf_survey_name_value(&a->dataset->axis[axis], value, 3, room));
}

static int is_among(size_t axis, const size_t *list, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (list[k] == axis) {
            return 1;
        }
    }
    return 0;
}

void jf_atlas_add_place(const jf_atlas *a, const size_t *shown, size_t count, jf_string *text)
{
    const char *comma = "; ";
    char value[64];

    for (size_t k = 0; k < a->dataset->axes; k++) {
        const jf_axis *axis = &a->dataset->axis[k];
        if (axis->stored > 1 && !is_among(k, shown, count)) {
            jf_atlas_name(a, k, 0, value, sizeof value);
            jf_string_add(text, "%s%s %s", comma, jf_parameter_get(axis->parameter)->name, value);
            comma = ", ";
        }
    }
}

/* "λ = 1", or "λ 0.4 to 1". */
static void name_range(const char *letter, double low, double high, char text[64])
{
    if (low < high) {
        snprintf(text, 64, "%s %.3g to %.3g", letter, low, high);
    } else {
        snprintf(text, 64, "%s = %.3g", letter, low);
    }
}

void jf_atlas_spectrum(const jf_atlas *a, size_t spectrum, char text[128])
{
    const jf_traits *t = &a->survey->traits[spectrum];
    char lambda[64], rho[64];

    name_range("λ", t->low_lambda, t->high_lambda, lambda);
    name_range("ρ", t->low_rho, t->high_rho, rho);
    snprintf(text, 128, " (%.50s, %.50s)", lambda, rho);
}

void jf_atlas_one_feature(const jf_atlas *a, size_t spectrum, char text[128])
{
    const size_t feature = jf_atlas_feature(a, spectrum);
    const size_t at = spectrum * a->dataset->features + feature;

    snprintf(text, 128, ": feature %zu, λ = %.3g, ρ = %.3g", feature, a->survey->lambda[at],
             a->survey->rho[at]);
}

size_t jf_atlas_feature(const jf_atlas *a, size_t spectrum)
{
    const size_t features = a->survey->traits[spectrum].features;

    return a->feature < features ? a->feature : features - 1;
}

/* ---- what became of figures ---- */

static jf_status note(jf_atlas *a, const char *name, const char *text, int drawn)
{
    jf_notice *more = realloc(a->notice, (a->notices + 1) * sizeof *more);

    if (more == NULL) {
        return jf_fail_memory("a figure");
    }
    a->notice = more;
    more[a->notices] = (jf_notice){.drawn = drawn};
    snprintf(more[a->notices].name, sizeof more->name, "%s", name);
    snprintf(more[a->notices].text, sizeof more->text, "%s", text);
    a->notices++;
    return JF_OK;
}

jf_status jf_atlas_finish(jf_atlas *a, jf_figure *figure, const char *what)
{
    jf_status status = jf_figure_draw(figure, a->folder, a->format);

    if (status == JF_OK && a->out != NULL) {
        fprintf(a->out, "%s/%s.%s  %s\n", a->folder, figure->name,
                jf_plot_format_names()[a->format], what);
    }
    if (status == JF_OK) {
        status = note(a, figure->name, what, 1);
    }
    jf_figure_clear(figure);
    return status;
}

jf_status jf_atlas_leave_out(jf_atlas *a, const char *name, const char *why)
{
    if (a->out != NULL) {
        fprintf(a->out, "%s: left out, %s\n", name, why);
    }
    return note(a, name, why, 0);
}
