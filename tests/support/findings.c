#include "findings.h"

#include <string.h>

#include "check.h"

void found_open(found *f)
{
    assert_ok(jf_dataset_open(f->s.path, &f->dataset));
    assert_ok(jf_findings_init(&f->dataset, &f->findings));
}

void found_begin(const char *text, const char *set, double factor, found *f)
{
    sweep_begin(text, set, &f->s);
    sweep_write(&f->s, 0, f->s.plan.points, factor);
    found_open(f);
}

void found_end(found *f)
{
    jf_findings_clear(&f->findings);
    jf_dataset_close(&f->dataset);
    sweep_end(&f->s);
}

void found_fill(const found *f, const jf_section *(*list)(size_t *), const char *name,
                jf_table *table)
{
    size_t count, k = 0;
    const jf_section *sections = list(&count);

    while (k < count && strcmp(sections[k].form.name, name) != 0) {
        k++;
    }
    assert_true(k < count);
    assert_ok(jf_section_fill(&sections[k], &f->findings, table));
}
