//! The texts that put a token to use, read as the programs that they are for read them, whatever paths and names hold.
//!
//! That Prometheus, Python and curl really run with them is shown beside the built-in server (`src-tauri/tests`).

use std::{
    ffi::OsStr,
    io::Write,
    os::unix::ffi::OsStrExt,
    path::Path,
    process::{Command, Stdio},
};

use nms_client::{
    ServerAddress,
    snippets::{FILE_PLACEHOLDER, Form, Snippet, VALUE_PLACEHOLDER, compose},
};
use proptest::{collection::vec, prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};
use yaml_rust2::{Yaml, YamlLoader};

const TOKEN: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

fn address() -> ServerAddress {
    ServerAddress::parse("http://127.0.0.1:26780").unwrap()
}

/// A text, which names this file and this token.
fn text(form: Form, name: Option<&str>, file: &str) -> String {
    let Snippet::ReadsFile(text) = compose(form, &address(), name, Some(Path::new(file))) else {
        panic!("{form:?} names no file: {file:?}")
    };
    text
}

fn yaml(text: &str) -> Yaml {
    YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")).remove(0)
}

/// Letters of every kind, among them many that mean something somewhere.
fn odd(allowed: fn(&char) -> bool) -> impl Strategy<Value = String> {
    let telling: Vec<char> = "'\"\\$`{}%#:-!&*|>@~ \n\t,[]?=é\u{202e}\u{2028}\u{85}\u{feff}🔑n0".chars().collect();
    let letter = prop_oneof![3 => select(telling), 1 => any::<char>()].prop_filter("not in a path", allowed);
    vec(letter, 1..30).prop_map(String::from_iter)
}

/// What a path may hold.
fn path() -> impl Strategy<Value = String> {
    odd(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
}

fn name() -> impl Strategy<Value = String> {
    odd(|_| true)
}

proptest! {
    /// <https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config>
    #[test]
    fn prometheus_reads_the_name_and_the_path_as_they_are(name in name(), path in path()) {
        let document = yaml(&text(Form::Prometheus, Some(&name), &path));
        prop_assert_eq!(document.as_hash().unwrap().len(), 1);
        assert_scrapes(&document["scrape_configs"], &name, &path);
    }

    /// <https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/receiver/prometheusreceiver>; of
    /// dollars: <https://opentelemetry.io/docs/collector/configuration/#environment-variables>.
    #[test]
    fn the_collector_reads_the_name_and_the_path_as_they_are(name in name(), path in path()) {
        let document = yaml(&text(Form::Collector, Some(&name), &path));
        let scraped = &document["receivers"]["prometheus"]["config"]["scrape_configs"];
        for member in [&scraped[0]["job_name"], &scraped[0]["authorization"]["credentials_file"]] {
            let lone = member.as_str().unwrap().replace("$$", "");
            prop_assert!(!lone.contains('$'), "a dollar alone begins a variable: {:?}", member);
        }
        assert_scrapes(&undoubled(scraped), &name, &path);
        let pipeline = &document["service"]["pipelines"]["metrics"];
        prop_assert_eq!(&pipeline["receivers"], &yaml("[prometheus]"));
        prop_assert_eq!(&pipeline["exporters"], &yaml("[debug]"));
        prop_assert!(document["exporters"]["debug"].as_hash().is_some());
    }

    /// <https://github.com/influxdata/telegraf/blob/master/plugins/inputs/prometheus/README.md>; of dollars:
    /// <https://docs.influxdata.com/telegraf/v1/configuration/environment-variables/>.
    #[test]
    fn telegraf_reads_the_path_as_it_is(path in path()) {
        let text = text(Form::Telegraf, None, &path);
        prop_assert!(!text.contains('$'), "a dollar begins a variable: {}", text);
        let document: toml::Table = toml::from_str(&text).unwrap();
        let plugin = document["inputs"]["prometheus"][0].as_table().unwrap();
        prop_assert_eq!(plugin.len(), 2);
        prop_assert_eq!(plugin["urls"][0].as_str(), Some("http://127.0.0.1:26780/metrics"));
        prop_assert_eq!(plugin["bearer_token"].as_str(), Some(path.as_str()));
    }

    /// <https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/>; of names: RFC 1123.
    #[test]
    fn kubernetes_takes_every_name_and_the_token_as_it_is(name in name()) {
        let document = yaml(&filled(Form::Kubernetes, Some(&name)));
        prop_assert_eq!((document["apiVersion"].as_str(), document["kind"].as_str()), (Some("v1"), Some("Secret")));
        prop_assert_eq!(document["type"].as_str(), Some("Opaque"));
        prop_assert_eq!(document["stringData"]["token"].as_str(), Some(TOKEN));
        prop_assert_eq!(document["stringData"]["url"].as_str(), Some("http://127.0.0.1:26780"));
        let label = document["metadata"]["name"].as_str().unwrap();
        let is_taken = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        prop_assert!(label.len() <= 63 && label.chars().all(is_taken) && !label.ends_with('-'), "{}", label);
    }
}

#[track_caller]
fn assert_scrapes(configurations: &Yaml, name: &str, path: &str) {
    let scraped = &configurations[0];
    assert_eq!(configurations.as_vec().unwrap().len(), 1);
    assert_eq!(scraped.as_hash().unwrap().len(), 5);
    assert_eq!(scraped["job_name"].as_str(), Some(name));
    assert_eq!((scraped["scheme"].as_str(), scraped["metrics_path"].as_str()), (Some("http"), Some("/metrics")));
    assert_eq!(scraped["authorization"]["type"].as_str(), Some("Bearer"));
    assert_eq!(scraped["authorization"]["credentials_file"].as_str(), Some(path));
    assert_eq!(scraped["static_configs"][0]["targets"], yaml("[\"127.0.0.1:26780\"]"));
}

/// After the Collector has expanded variables, of which there are none.
fn undoubled(node: &Yaml) -> Yaml {
    match node {
        Yaml::String(text) => Yaml::String(text.replace("$$", "$")),
        Yaml::Array(members) => Yaml::Array(members.iter().map(undoubled).collect()),
        Yaml::Hash(members) => Yaml::Hash(members.iter().map(|(key, value)| (key.clone(), undoubled(value))).collect()),
        other => other.clone(),
    }
}

/// A text that carries the token, with it.
fn filled(form: Form, name: Option<&str>) -> String {
    let Snippet::Carries { before, after } = compose(form, &address(), name, Some(Path::new("/saved"))) else {
        panic!("{form:?} does not carry the token")
    };
    format!("{before}{TOKEN}{after}")
}

/// One hundred paths, the same in each run that fails.
fn paths() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    (0..100).map(|_| path().new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn python_reads_the_path_as_it_is() {
    const READ: &str = "import ast, json, sys\n\
        def opened(text):\n\
        \x20   calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]\n\
        \x20   return next(call.args[0].value for call in calls if getattr(call.func, 'id', '') == 'open')\n\
        json.dump([opened(text) for text in json.load(sys.stdin)], sys.stdout)\n";
    let paths = paths();
    let texts: Vec<_> = paths.iter().map(|path| text(Form::Python, None, path)).collect();
    let mut child =
        Command::new("python3").args(["-c", READ]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&serde_json::to_vec(&texts).unwrap()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(serde_json::from_slice::<Vec<String>>(&output.stdout).unwrap(), paths);
}

#[test]
fn a_shell_reads_the_path_as_it_is() {
    let said = "cat() { printf '%s' \"$1\" >&2; }; curl() { while IFS= read -r _; do :; done; }; ";
    for path in paths() {
        let line = format!("{said}{}", text(Form::Curl, None, &path));
        let output = Command::new("sh").arg("-c").arg(&line).output().unwrap();
        let read = String::from_utf8(output.stderr).unwrap();
        // So that it is no option.
        let expected = if path.starts_with('-') { format!("./{path}") } else { path };
        assert_eq!(read, expected, "{line}");
    }
}

#[test]
fn a_configuration_looks_like_what_it_is_whatever_turns_the_direction_of_writing() {
    for form in [Form::Python, Form::Prometheus, Form::Collector, Form::Telegraf] {
        let text = text(form, Some("a\u{202e}b"), "/home/\u{2066}nekot\u{200f}/t");
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200f}']), "{text:?}");
    }
}

#[test]
fn an_environment_file_is_what_systemd_and_docker_read_alike() {
    // systemd.exec(5), EnvironmentFile=; docker run --env-file: a name, an equals sign, and the value as it stands.
    assert_eq!(
        filled(Form::Environment, Some("poller-03")),
        format!("PNMS_URL=http://127.0.0.1:26780\nPNMS_TOKEN={TOKEN}\n")
    );
}

#[test]
fn without_a_file_a_text_says_where_its_path_belongs() {
    let unsaved = |form| compose(form, &address(), None, None);
    for form in [Form::Python, Form::Prometheus, Form::Collector, Form::Telegraf] {
        let Snippet::LacksFile(text) = unsaved(form) else { panic!("{form:?}") };
        assert!(text.contains(FILE_PLACEHOLDER), "{text}");
    }
    assert!(matches!(unsaved(Form::Curl), Snippet::Asks(_)));
    for form in [Form::Environment, Form::Kubernetes] {
        assert!(unsaved(form).text().contains(VALUE_PLACEHOLDER));
    }
    // A path that no text can hold is none.
    for path in [b"/home/\xff".as_slice(), b"/home/\x1b[201~", b""] {
        let composed = compose(Form::Python, &address(), None, Some(Path::new(OsStr::from_bytes(path))));
        assert!(matches!(composed, Snippet::LacksFile(_)), "{composed:?}");
    }
}

#[test]
fn another_server_is_named_as_it_is_reached() {
    let remote = ServerAddress::parse("https://[2001:db8::7]:8443").unwrap();
    let of = |form| compose(form, &remote, None, None).text();
    let scraped = &yaml(&of(Form::Prometheus))["scrape_configs"][0];
    assert_eq!(scraped["scheme"].as_str(), Some("https"));
    assert_eq!(scraped["static_configs"][0]["targets"][0].as_str(), Some("[2001:db8::7]:8443"));
    assert!(of(Form::Telegraf).contains("\"https://[2001:db8::7]:8443/metrics\""));
    assert!(of(Form::Python).contains("\"https://[2001:db8::7]:8443/api/v1/token\""));
    // There a proxy may be needed; on this computer it would only learn the token.
    assert!(of(Form::Python).contains("build_opener()"));
    assert!(
        compose(Form::Python, &address(), None, None).text().contains("build_opener(urllib.request.ProxyHandler({}))")
    );
}

#[test]
fn what_a_text_asks_for_needs_what_it_says() {
    let needing: Vec<_> = Form::ALL.into_iter().filter(|form| form.needs() == Some("metrics:read")).collect();
    assert_eq!(needing, [Form::Prometheus, Form::Collector, Form::Telegraf]);
    for form in Form::ALL {
        let asks_for_figures = compose(form, &address(), None, None).text().contains("/metrics");
        assert_eq!(asks_for_figures, form.needs().is_some(), "{form:?}");
    }
}
