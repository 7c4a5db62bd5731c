//! A list as large as that of a whole company: made over HTTP, as scripts would make it, with the session that the app
//! keeps in this desktop's keyring.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use crate::app::App;

const PLACES: [&str; 8] = ["berlin", "hamburg", "wien", "zuerich", "lyon", "porto", "oslo", "krakow"];
const JOBS: [(&str, &str); 5] = [
    ("collector", r#"["collectors:enroll","devices:read","events:ingest","metrics:ingest"]"#),
    ("grafana", r#"["devices:read","metrics:read"]"#),
    ("backup", r#"["configs:backup","configs:read"]"#),
    ("cmdb-sync", r#"["devices:read","devices:write","ipam:read"]"#),
    ("oncall-bot", r#"["alerts:acknowledge","alerts:read"]"#),
];
/// So many are made soon enough one after the other.
const FEW: usize = 50;
/// Days within which their expiries lie, all within the limit of a year.
const DAYS: usize = 300;

impl App<'_> {
    /// Makes so many tokens, named after what they do, where, and their number. Nobody keeps their values.
    #[track_caller]
    pub fn fill_with(&self, tokens: usize) {
        let session = self.session();
        let url = format!("{}/api/v1/tokens", self.server());
        let days = self.days_to_come();
        let mut calls = String::from("fail\nsilent\nshow-error\nno-progress-meter\n");
        // One after the other, few keep their order: which is the newest is no chance then.
        if tokens > FEW {
            calls.push_str("parallel\nparallel-max = 4\n");
        }
        for number in 0..tokens {
            let (job, permissions) = JOBS[number % JOBS.len()];
            let (place, day) = (PLACES[number / JOBS.len() % PLACES.len()], &days[number * 7 % days.len()]);
            let body =
                format!(r#"{{"name":"{job}-{place}-{number:05}","permissions":{permissions},"expires_at":"{day}"}}"#);
            let (separator, body) = (if number == 0 { "" } else { "next\n" }, body.replace('"', "\\\""));
            let written = writeln!(
                calls,
                "{separator}url = \"{url}\"\nheader = \"Authorization: Bearer {session}\"\n\
                 header = \"Content-Type: application/json\"\n\
                 header = \"Idempotency-Key: 00000000-0000-4000-8000-{number:012}\"\ndata = \"{body}\"\noutput = \"/dev/null\""
            );
            written.unwrap();
        }
        self.curl_all(&calls);
    }

    /// What curl's own configuration asks for, through its standard input.
    #[track_caller]
    fn curl_all(&self, configuration: &str) {
        let mut command = self.desktop().command("curl");
        let mut curl = command.args(["--config", "-"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut input = curl.stdin.take().unwrap_or_else(|| panic!("curl takes nothing"));
        input.write_all(configuration.as_bytes()).unwrap();
        drop(input);
        let status = curl.wait().unwrap();
        assert!(status.success(), "curl ended with {status}");
    }

    /// Instants of the days to come, from next week on.
    #[track_caller]
    fn days_to_come(&self) -> Vec<String> {
        let days: String = (7..DAYS).map(|day| format!("{day} days\n")).collect();
        let said = self.desktop().run("date", &["--utc", "--file=-", "+%Y-%m-%dT%H:%M:%SZ"], Some(days.as_bytes()));
        let Some(said) = said else { panic!("date hangs") };
        said.succeeded().text().lines().map(str::to_owned).collect()
    }
}
