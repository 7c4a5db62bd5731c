//! Configurations of programs that collect the server's figures. Each reads the token from a file, anew for each
//! collection, so that a token that was rotated needs no restart.

use crate::ServerAddress;

use super::quoting::{double_quoted, unexpanded};

/// What a token without a name is for.
const JOB: &str = "palpabl-nms";

/// An entry of `scrape_configs`, with its key, as
/// <https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config> has it.
pub(super) fn prometheus(address: &ServerAddress, name: Option<&str>, file: &str) -> String {
    scrape_configs(address, &double_quoted(name.unwrap_or(JOB)), &double_quoted(file), "")
}

/// The receiver takes a configuration of Prometheus:
/// <https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/prometheusreceiver>. Before, the
/// Collector expands variables in every text of it; a dollar is written twice.
pub(super) fn collector(address: &ServerAddress, name: Option<&str>, file: &str) -> String {
    let doubled = |text: &str| double_quoted(&text.replace('$', "$$"));
    let scraped = scrape_configs(address, &doubled(name.unwrap_or(JOB)), &doubled(file), "      ");
    format!(
        "receivers:\n  prometheus:\n    config:\n{scraped}\
         exporters:\n  debug: {{}}\n\
         service:\n  pipelines:\n    metrics:\n      receivers: [prometheus]\n      exporters: [debug]\n"
    )
}

fn scrape_configs(address: &ServerAddress, job: &str, file: &str, margin: &str) -> String {
    let (scheme, target) = address.as_str().split_once("://").unwrap_or(("https", address.as_str()));
    let target = double_quoted(target);
    let lines = [
        "scrape_configs:".to_owned(),
        format!("  - job_name: {job}"),
        format!("    scheme: {scheme}"),
        "    metrics_path: /metrics".to_owned(),
        "    authorization:".to_owned(),
        "      type: Bearer".to_owned(),
        format!("      credentials_file: {file}"),
        "    static_configs:".to_owned(),
        format!("      - targets: [{target}]"),
    ];
    lines.iter().map(|line| format!("{margin}{line}\n")).collect()
}

/// <https://github.com/influxdata/telegraf/blob/master/plugins/inputs/prometheus/README.md>: `bearer_token` names a file.
pub(super) fn telegraf(address: &ServerAddress, file: &str) -> String {
    let (url, file) = (double_quoted(&format!("{address}/metrics")), unexpanded(&double_quoted(file)));
    format!("[[inputs.prometheus]]\n  urls = [{url}]\n  bearer_token = {file}\n")
}
