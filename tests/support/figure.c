#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"

void figure_stand_in(const char *folder, const char *commands)
{
    char path[256];

    snprintf(path, sizeof path, "%s/stand-in", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", commands);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0755), 0);
    assert_int_equal(setenv("JEPAFLOW_GNUPLOT", path, 1), 0);
}

void figure_begin(const char *text, const char *set, size_t first, size_t last, figure_case *c)
{
    *c = (figure_case){0};
    sweep_begin(text, set, &c->s);
    sweep_write(&c->s, first, last < c->s.plan.points ? last : c->s.plan.points, 1.0);
    assert_ok(jf_dataset_open(c->s.path, &c->dataset));
    assert_ok(jf_survey_init(&c->dataset, &c->survey));
    figure_stand_in(c->s.folder, "eval \"$2\"; echo drawn >\"$figure\"");
    c->atlas = (jf_atlas){
        .survey = &c->survey,
        .dataset = &c->dataset,
        .folder = c->s.folder,
        .format = JF_PLOT_PNG,
        .style = JF_STYLE_SCREEN,
        .map = {JF_P_INIT_SCALE, JF_P_DEPTH},
        .most_depths = 8,
        .out = open_memstream(&c->said, &c->said_size),
    };
    assert_ok(jf_atlas_init(&c->atlas));
    assert_non_null(c->atlas.out);
}

void figure_end(figure_case *c)
{
    fclose(c->atlas.out);
    free(c->said);
    jf_atlas_clear(&c->atlas);
    jf_survey_clear(&c->survey);
    jf_dataset_close(&c->dataset);
    sweep_end(&c->s);
}

const char *figure_said(figure_case *c)
{
    fflush(c->atlas.out);
    return c->said;
}

const char *figure_file(const figure_case *c, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", c->s.folder, name);
    return sweep_read_file(path);
}

/* The beginning of a block: two empty lines or more part one from the next. */
static const char *find_block(const char *text, size_t index)
{
    for (; index > 0; index--) {
        text = strstr(text, "\n\n\n");
        assert_non_null(text);
        text += strspn(text, "\n");
    }
    return text;
}

size_t figure_block(const figure_case *c, const char *name, size_t index, double *x, double *y)
{
    const char *line = find_block(figure_file(c, name), index);
    size_t rows = 0;

    while (*line != '\0' && strncmp(line, "\n\n", 2) != 0) {
        assert_true(rows < 1000);
        if (*line == '\n') {
            x[rows] = y[rows] = NAN;
            rows++;
        } else if (*line != '#') {
            assert_int_equal(sscanf(line, "%lf %lf", &x[rows], &y[rows]), 2);
            rows++;
        }
        line = strchr(line, '\n');
        assert_non_null(line);
        line++;
    }
    return rows;
}

size_t figure_cells(const figure_case *c, const char *name, size_t index, double cell[][7])
{
    const char *line = strchr(find_block(figure_file(c, name), index), '\n') + 1; /* the comment */
    size_t count = 0;

    for (; sscanf(line, "%lf %lf %lf %lf %lf %lf %lf", &cell[count][0], &cell[count][1],
                  &cell[count][2], &cell[count][3], &cell[count][4], &cell[count][5],
                  &cell[count][6]) == 7;
         count++) {
        assert_true(count < 63);
        line = strchr(line, '\n') + 1;
        if (*line == '\n' || *line == '\0') {
            return count + 1;
        }
    }
    return count;
}
