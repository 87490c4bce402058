#include "jepaflow/report/prediction.h"

#include <math.h>
#include <stdlib.h>

#include "jepaflow/base/log.h"
#include "jepaflow/report/statistics.h"

jf_status jf_prediction_judge(const double *seconds, const double *predicted, const size_t *chosen,
                              size_t count, jf_prediction *out)
{
    static const double parts[] = {0.1, 0.5, 0.9};
    double quantile[3];
    double *ratio = malloc((count + 1) * sizeof *ratio);

    *out = (jf_prediction){.worst = NAN};
    if (ratio == NULL) {
        return jf_fail_memory("predictions");
    }
    for (size_t i = 0; i < count; i++) {
        const size_t p = chosen[i];
        if (!(seconds[p] > 0.0 && predicted[p] > 0.0)) {
            continue;
        }
        const double x = seconds[p] / predicted[p];
        if (out->count == 0 || fabs(log(x)) > fabs(log(out->worst))) {
            out->worst = x;
            out->worst_point = p;
        }
        out->seconds += seconds[p];
        out->predicted += predicted[p];
        ratio[out->count++] = x;
    }
    jf_statistics_quantiles(out->count, ratio, 3, parts, quantile);
    out->low = quantile[0];
    out->median = quantile[1];
    out->high = quantile[2];
    free(ratio);
    return JF_OK;
}
