//! Why a part of `PromQL` is not evaluated, and the way out.

/// Gives the reason and the way out for something that is not evaluated.
pub(crate) fn reason(kind: &str, name: &str) -> Option<&'static str> {
    if kind == "duration expression" {
        return Some(
            "it is experimental in Prometheus 3; write the duration out, such as 10m, or let a Prometheus evaluate the rule",
        );
    }
    Some(match name {
        "double_exponential_smoothing"
        | "first_over_time"
        | "mad_over_time"
        | "sort_by_label"
        | "sort_by_label_desc"
        | "ts_of_first_over_time"
        | "ts_of_last_over_time"
        | "ts_of_max_over_time"
        | "ts_of_min_over_time"
        | "histogram_quantiles"
        | "info"
        | "limitk"
        | "limit_ratio"
        | "start"
        | "end"
        | "step"
        | "range"
        | "start_timestamp"
        | "min_of"
        | "max_of"
        | "integral"
        | "anchored"
        | "smoothed"
        | "fill" => "it is experimental in Prometheus 3; let a Prometheus evaluate the rule",
        "histogram_avg" | "histogram_count" | "histogram_fraction" | "histogram_stddev"
        | "histogram_stdvar" | "histogram_sum" | "</" | ">/" => {
            "it is about native histograms; classic ones have _bucket, _count and _sum"
        }
        "or" => "write the selectors apart with `or` between them",
        _ => return None,
    })
}
