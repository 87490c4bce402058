#include "jepaflow/results/plot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jepaflow/base/log.h"
#include "jepaflow/results/amplification.h"
#include "jepaflow/results/scaling.h"
#include "jepaflow/results/trajectories.h"

/* Make a folder and those above it. */
static jf_status make_folder(const char *folder)
{
    struct stat status;
    char *path = strdup(folder);

    if (path == NULL) {
        return jf_fail_memory("a folder's name");
    }
    for (char *c = path + 1; path[0] != '\0' && *c != '\0'; c++) {
        if (*c == '/') {
            *c = '\0';
            (void)mkdir(path, 0777); /* whether all went well shows at the last one */
            *c = '/';
        }
    }
    const int failed = mkdir(path, 0777) != 0 && errno != EEXIST ? errno : 0;
    free(path);
    if (failed != 0 || stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return jf_fail(JF_ERR_FILE, "%s: cannot make this folder: %s", folder,
                       failed != 0 ? strerror(failed) : "a file has this name");
    }
    return JF_OK;
}

static jf_status draw_all(const jf_atlas *a)
{
    static jf_status (*const kinds[])(const jf_atlas *) = {
        jf_trajectories_draw,
        jf_scaling_draw,
        jf_amplification_draw,
    };

    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        JF_TRY(kinds[k](a));
    }
    return JF_OK;
}

jf_status jf_plot_all(const jf_dataset *dataset, const char *folder, jf_plot_format format,
                      FILE *out)
{
    const size_t spectra = dataset->axis[JF_P_SPECTRUM].extent;
    jf_survey survey;
    jf_atlas a = {
        .survey = &survey,
        .dataset = dataset,
        .folder = folder,
        .format = format,
        .out = out,
        .objectives = dataset->axis[JF_P_OBJECTIVE].extent,
        .spectra = spectra < JF_PANEL_COLUMNS ? spectra : JF_PANEL_COLUMNS,
    };

    JF_TRY(jf_dataset_setting(dataset, JF_P_THRESHOLD, 0, &a.threshold));
    JF_TRY(make_folder(folder));
    JF_TRY(jf_survey_init(dataset, &survey));
    const jf_status status = draw_all(&a);
    jf_survey_clear(&survey);
    return status;
}
