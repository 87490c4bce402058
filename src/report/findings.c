#include "jepaflow/report/findings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"

/* Those that measure. */
static const jf_model_choice models[] = {JF_MODEL_BALANCED, JF_MODEL_LAYERS};
enum { MODELS = sizeof models / sizeof models[0] };

void jf_findings_clear(jf_findings *findings)
{
    jf_survey_clear(&findings->survey);
    free(findings->agreed);
    free(findings->converged);
    *findings = (jf_findings){0};
}

static jf_status compare(jf_findings *f)
{
    const size_t objectives = f->dataset->axis[JF_P_OBJECTIVE].extent;

    f->agreed = calloc(objectives * MODELS, sizeof *f->agreed);
    if (f->agreed == NULL) {
        return jf_fail_memory("the agreement of measured and exact");
    }
    for (size_t k = 0; k < objectives * MODELS; k++) {
        jf_agreed *a = &f->agreed[f->count];
        a->objective = k / MODELS;
        a->model = models[k % MODELS];
        JF_TRY(jf_survey_agreement(&f->survey, a->objective, a->model, &a->agreement));
        f->count += a->agreement.compared + a->agreement.missed + a->agreement.settled > 0;
    }
    return JF_OK;
}

static jf_status compare_tolerances(jf_findings *f)
{
    const size_t objectives = f->dataset->axis[JF_P_OBJECTIVE].extent;
    size_t extent;
    const size_t tightest = jf_convergence_tightest(&f->survey, &extent);

    f->converged = calloc(objectives * extent, sizeof *f->converged);
    if (f->converged == NULL) {
        return jf_fail_memory("the agreement between tolerances");
    }
    for (size_t k = 0; extent > 1 && k < objectives * extent; k++) {
        jf_converged *c = &f->converged[f->converged_count];
        c->objective = k / extent;
        c->tolerance = k % extent;
        if (c->tolerance != tightest) {
            JF_TRY(jf_convergence_find(&f->survey, c->objective, c->tolerance, &c->convergence));
            f->converged_count += c->convergence.points > 0;
        }
    }
    return JF_OK;
}

jf_status jf_findings_init(const jf_dataset *dataset, jf_findings *out)
{
    *out = (jf_findings){.dataset = dataset};
    JF_TRY(jf_survey_init(dataset, &out->survey));
    out->kind = out->survey.measured ? JF_TIME_MEASURED : JF_TIME_EXACT;
    jf_status status = compare(out);
    if (status == JF_OK) {
        status = compare_tolerances(out);
    }
    if (status != JF_OK) {
        jf_findings_clear(out);
    }
    return status;
}

void jf_findings_point(const jf_findings *findings, size_t point, char *text, size_t size)
{
    const jf_dataset *d = findings->dataset;
    size_t position[JF_PARAMETERS], used = 0;
    char value[JF_SURVEY_VALUE];

    jf_dataset_position(d, point, position);
    text[0] = '\0';
    for (size_t a = 0; a < d->axes && used < size; a++) {
        const jf_axis *axis = &d->axis[a];
        if (axis->extent > 1 || (a == JF_P_OBJECTIVE && d->points == 1)) {
            used += (size_t)snprintf(text + used, size - used, "%s%s=%s", used > 0 ? " " : "",
                                     jf_parameter_get(axis->parameter)->name,
                                     jf_survey_name_value(axis, position[a], 6, value));
        }
    }
}

/* ---- the verdict ---- */

/* All that was compared. */
typedef struct {
    size_t missed;
    double largest, excess;
    size_t compared, moved; /* critical times, between tolerances */
} total;

static total add_up(const jf_findings *f)
{
    total t = {.largest = 0.0};

    for (size_t k = 0; k < f->count; k++) {
        const jf_agreement *a = &f->agreed[k].agreement;
        t.missed += a->missed;
        t.largest = fmax(t.largest, fmax(a->largest, a->off_plateau - JF_SETTLED));
        t.excess = fmax(t.excess, a->excess);
    }
    for (size_t k = 0; k < f->converged_count; k++) {
        const jf_convergence *c = &f->converged[k].convergence;
        t.compared += c->compared;
        t.moved += c->beyond + c->parted;
    }
    return t;
}

/* Of a sweep whose points are all done. */
static jf_verdict judge_numbers(const jf_findings *f)
{
    const size_t points = f->dataset->points;
    const total t = add_up(f);
    jf_verdict v = {.valid = 1, .status = JF_OK};

    if (t.missed > 0) {
        v = (jf_verdict){.status = JF_POINTS_FAILED};
        snprintf(v.text, sizeof v.text,
                 "NOT VALID: %zu cells not reached, though the exact flow reaches them", t.missed);
    } else if (t.moved > 0) {
        v = (jf_verdict){.status = JF_POINTS_FAILED};
        snprintf(v.text, sizeof v.text,
                 "NOT VALID: %zu critical times differ between tolerances (%.0f times the "
                 "tolerance allowed), see 'Agreement between tolerances'",
                 t.moved, JF_SURVEY_ALLOWANCE);
    } else if (!f->survey.measured) {
        snprintf(v.text, sizeof v.text, "VALID: %zu of %zu points done, nothing measured", points,
                 points);
    } else if (f->survey.departs == points) {
        snprintf(v.text, sizeof v.text,
                 "VALID: %zu of %zu points done; all leave the assumption, %s", points, points,
                 t.compared > 0 ? "tolerances agree on critical times" : "nothing is compared");
    } else {
        char beyond[80] = "";
        if (f->survey.departs > 0) {
            snprintf(beyond, sizeof beyond, "; %zu leave the assumption%s", f->survey.departs,
                     t.compared > 0 ? ", where tolerances agree" : " and are not compared");
        }
        v.valid = t.excess <= JF_SURVEY_ALLOWANCE;
        v.status = v.valid ? JF_OK : JF_POINTS_FAILED;
        snprintf(v.text, sizeof v.text,
                 "%s: %zu of %zu points done; largest deviation %.1e, %.1f times the tolerance "
                 "(%.0f allowed)%s",
                 v.valid ? "VALID" : "NOT VALID", points, points, t.largest, t.excess,
                 JF_SURVEY_ALLOWANCE, beyond);
    }
    return v;
}

jf_verdict jf_findings_judge(const jf_findings *findings)
{
    const size_t *count = findings->survey.count, points = findings->dataset->points;
    const size_t failed = count[JF_POINT_FAILED] + count[JF_POINT_DIVERGED];
    const size_t pending = points - failed - count[JF_POINT_DONE];
    jf_verdict v = {.status = pending > 0 ? JF_STOPPED : JF_POINTS_FAILED};

    if (pending > 0) {
        snprintf(v.text, sizeof v.text, "NOT VALID: %zu of %zu points pending, %zu failed", pending,
                 points, failed);
    } else if (failed > 0) {
        snprintf(v.text, sizeof v.text, "NOT VALID: %zu of %zu points failed", failed, points);
    } else {
        v = judge_numbers(findings);
    }
    return v;
}
