#include "jepaflow/sweep/size.h"

#include "jepaflow/base/text.h"
#include "jepaflow/sweep/record.h"

double jf_size_of_record(size_t features, size_t samples)
{
    size_t count;
    const jf_field *fields = jf_record_fields(&count);
    double bytes = 0.0;

    for (size_t f = 0; f < count; f++) {
        if (!fields[f].optional) { /* few records hold such */
            bytes += (double)jf_field_bytes(&fields[f], features, samples);
        }
    }
    return bytes;
}

jf_status jf_size_check_points(const jf_node *place, double points, size_t features, size_t samples)
{
    char text[JF_BYTES_TEXT];

    if (points <= (double)JF_MOST_POINTS) {
        return JF_OK;
    }
    return jf_node_fail(
        place, "the sweep has %.6g points, a dataset of %s; expected at most %zu points", points,
        jf_text_bytes(points * jf_size_of_record(features, samples), text), JF_MOST_POINTS);
}

jf_status jf_size_check_record(const jf_node *place, size_t features, size_t samples)
{
    const double bytes = jf_size_of_record(features, samples);
    char found[JF_BYTES_TEXT], allowed[JF_BYTES_TEXT];

    if (bytes <= (double)JF_MOST_RECORD) {
        return JF_OK;
    }
    return jf_node_fail(place,
                        "%zu samples of %zu features are %s for each point, expected at most %s: "
                        "fewer samples",
                        samples, features, jf_text_bytes(bytes, found),
                        jf_text_bytes((double)JF_MOST_RECORD, allowed));
}
