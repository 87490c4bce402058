#include "jepaflow/theory/outlook.h"

#include <math.h>

/* A feature whose plateau is no number above 0 never settles: its flow slows down for ever. */
static const double longest_time = 1e300;

/*
 * The exact time at which a feature is within JF_SETTLED of its plateau; where it starts above or
 * too close for that, the time in which its last rate alone would carry it there.
 */
static double settling_time(const jf_feature *feature)
{
    double time;

    if (jf_feature_critical_time(feature, 1.0 - JF_SETTLED, &time) == JF_REACHED) {
        return time;
    }
    return fmin(-log(JF_SETTLED) / jf_feature_relaxation_rate(feature), longest_time);
}

jf_outlook jf_outlook_of(const jf_feature *features, size_t count, double threshold, double horizon)
{
    jf_outlook outlook = {0};
    double settled = 0.0;

    for (size_t i = 0; i < count; i++) {
        double time;
        if (jf_feature_critical_time(&features[i], threshold, &time) == JF_REACHED) {
            outlook.first = outlook.first > 0.0 ? fmin(outlook.first, time) : time;
            outlook.last = fmax(outlook.last, time);
        }
        settled = fmax(settled, settling_time(&features[i]));
    }
    outlook.end = settled;
    if (outlook.last >
        0.0) { /* a threshold above 1 - JF_SETTLED is crossed after all have settled */
        outlook.end = fmax(outlook.last, fmin(settled, horizon * outlook.last));
    }

    /*
     * A learnt feature leaves its relaxation rate behind for the rest of the time; the fastest
     * counts.
     */
    for (size_t i = 0; i < count; i++) {
        double time;
        if (jf_feature_critical_time(&features[i], threshold, &time) != JF_REACHED) {
            time = 0.0;
        }
        const double left = fmax(outlook.end - time, 0.0);
        outlook.work = fmax(outlook.work, left * jf_feature_relaxation_rate(&features[i]));
    }
    return outlook;
}

double jf_outlook_explicit_evaluations(const jf_outlook *outlook, double tolerance)
{
    /*
     * Six evaluations a step. The pair is stable up to 3.3 on the negative axis; the growth before
     * takes some 24 steps for each factor e of time at tolerance 1e-6. Where nothing
     * is stiff it comes out within a factor 1.8 (16 features, L = 1..8, eps = 1e-1..1e-4); too
     * many, by any factor, where features come to rest, so that no step is too long for them.
     */
    const double growth = 24.0 * pow(1e-6 / tolerance, 0.2) * log(2.0 + outlook->work);

    return 6.0 * (growth + outlook->work / 3.3);
}

double jf_outlook_stabilised_evaluations(const jf_outlook *outlook, int order, double tolerance)
{
    /*
     * Steps fitted on 16 features, L = 1..8, eps = 1e-1..1e-4, both objectives, tolerances 1e-4 to
     * 1e-7: right-hand sides come out within a factor 2.5. A step takes the stages that every one
     * has and, where features come to rest, some more while they do; else as many as stability asks
     * for to the end: by the root of step x rate, up to `reach` for one stage.
     */
    const double spread = log(2.0 + outlook->work);
    const double easier = tolerance / 1e-4;
    const double steps =
        spread * spread * (order == 2 ? 55.0 / sqrt(easier) : 4.5 * pow(easier, -0.22));
    const double stages = order == 2 ? 2.0 : 5.5;
    const double reach = order == 2 ? 0.65 : 0.35;

    return outlook->rests ? 1.2 * stages * steps
                          : stages * steps + sqrt(1.5 * outlook->work * steps / reach);
}

double jf_outlook_implicit_evaluations(const jf_outlook *outlook, double tolerance)
{
    /*
     * Stiffness counts by its logarithm: it widens the range of decays that GMRES has to tell apart
     * and that steps have to pass through. Fitted on L = 2, 3, 5, 8, eps = 1e-3, tolerances 1e-3 to
     * 1e-7, 16 features of different rho: within a factor 1.4 there, 2 where rho is up to 2.
     */
    const double spread = log(2.0 + outlook->work);

    return 180.0 * pow(1e-6 / tolerance, 0.12) * spread * spread;
}

double jf_outlook_sample_time(const jf_outlook *outlook, size_t j, size_t count)
{
    const double begin = outlook->first > 0.0 ? 0.1 * outlook->first : 1e-3 * outlook->end;

    if (j + 1 >= count) {
        return outlook->end;
    }
    return begin * pow(outlook->end / begin, (double)j / (double)(count - 1));
}
