//! The lines for a shell work as they are pasted, and show the token to nobody else on the computer.

use std::{
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use nms_api::token_format;
use nms_client::{
    ServerAddress,
    snippets::{PathRefused, curl_asking, curl_from_file},
};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt,
    process::{Child, Command},
    sync::Semaphore,
};
use uuid::Uuid;

use crate::{
    nms::{Nms, Step},
    samples::{ok, token},
};

/// A folder with programs that write down how they were called, environment included, before they do their work.
fn recorders(folder: &Path) -> PathBuf {
    let programs = folder.join("programs");
    fs::create_dir(&programs).unwrap();
    let real = |name: &str| ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(name));
    for name in ["curl", "cat", "printf", "env"] {
        let program = real(name).into_iter().find(|path| path.exists()).unwrap();
        let script = format!(
            "#!/bin/sh\n{{ echo {name} \"$@\"; /usr/bin/env; }} >> '{}'\nexec {} \"$@\"\n",
            folder.join("record").display(),
            program.display()
        );
        let path = programs.join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    programs
}

/// Starts a shell on a line, in `folder`, with the recorders first on its path.
fn start(shell: &str, line: &str, folder: &Path) -> Child {
    let path = format!("{}:/usr/bin:/bin", folder.join("programs").display());
    let mut command = Command::new(shell);
    command.arg("-c").arg(line).current_dir(folder).env_clear().env("PATH", path).env("HOME", folder);
    // A proxy of this name would see the token.
    command.env("http_proxy", "http://127.0.0.1:9/").env("pnms_token", "exported before");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap()
}

/// Every argument and environment variable of every process that can be seen.
fn visible_to_others() -> String {
    let mut seen = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        for file in ["cmdline", "environ"] {
            // Processes end, and others' environments are theirs.
            seen.extend(fs::read(entry.path().join(file)).unwrap_or_default());
        }
    }
    String::from_utf8_lossy(&seen).into_owned()
}

/// What a line did.
struct Run {
    printed: String,
    /// Whether the token stood in an argument or in the environment of any program, or was printed.
    shown: bool,
}

/// Runs the line until the server has the request, looks around, and lets it end.
async fn run(shell: &str, line: &str, bench: &Bench, typed: &str) -> Run {
    let Bench { folder, nms, gate, value } = bench;
    let asked_before = nms.requests().len();
    let mut child = start(shell, line, folder.path());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).await.unwrap();
    drop(stdin);
    let arrived = tokio::time::timeout(Duration::from_secs(20), nms.came(asked_before + 1)).await;
    assert!(arrived.is_ok(), "{shell} asked nobody: {line}");
    let visible = visible_to_others();
    gate.add_permits(1);
    let output = child.wait_with_output().await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let complained = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{shell}: {line}\n{complained}");
    let record = fs::read_to_string(folder.path().join("record")).unwrap();
    assert!(record.contains("curl "), "{record}");
    let request = nms.requests().pop().unwrap();
    assert_eq!(request.line, "GET /api/v1/token HTTP/1.1");
    assert_eq!(request.header("authorization"), Some(&*format!("Bearer {value}")));
    let shown = [line, &visible, &record, &printed, &complained].iter().any(|text| text.contains(value.as_str()));
    Run { printed, shown }
}

/// Where lines are tried out.
struct Bench {
    folder: TempDir,
    nms: Nms,
    gate: Arc<Semaphore>,
    /// A token that stands nowhere else on this computer: tests that run beside this one have others.
    value: String,
}

async fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    recorders(folder.path());
    let gate = Arc::new(Semaphore::new(0));
    let answer = ok(&json!({"token": token(), "seconds_left": 60}));
    let nms = Nms::playing([Step::Held(Arc::clone(&gate), answer)]).await;
    let random = || Uuid::new_v4().simple().to_string();
    let value = token_format::compose(&random()[..8], &random()).unwrap().expose().to_owned();
    Bench { folder, nms, gate, value }
}

#[tokio::test]
async fn the_line_that_reads_a_file_works_in_every_shell_and_with_every_name() {
    let bench = bench().await;
    let Bench { folder, nms, value, .. } = &bench;
    for name in [
        "token",
        "my token.txt",
        "it's \"mine\" $HOME `id` \\ !1 * ~ #",
        "'",
        "two\nlines\tand a tab",
        "-n",
        "münchen 🔑",
    ] {
        let path = folder.path().join(name);
        fs::write(&path, value).unwrap();
        for shell in ["bash", "sh"] {
            let line = curl_from_file(&nms.address(), &path).unwrap();
            let run = run(shell, &line, &bench, "").await;
            assert!(run.printed.contains("seconds_left") && !run.shown, "{shell}: {line}");
        }
    }
    // Named from where the shell stands; and a file that an editor has given a line break.
    for name in ["token", "-n"] {
        fs::write(folder.path().join(name), format!("{value}\n")).unwrap();
        let line = curl_from_file(&nms.address(), Path::new(name)).unwrap();
        assert!(!run("sh", &line, &bench, "").await.shown, "{line}");
    }
}

#[tokio::test]
async fn the_line_that_asks_works_and_hands_the_value_to_no_program() {
    let bench = bench().await;
    for shell in ["bash", "zsh"] {
        if shell == "zsh" && !Path::new("/usr/bin/zsh").exists() && !Path::new("/bin/zsh").exists() {
            continue;
        }
        for before in ["", "set -a; "] {
            let line = format!("{before}{}; echo \"left: ${{pnms_token-nothing}}\"", curl_asking(&bench.nms.address()));
            let run = run(shell, &line, &bench, &format!("{}\n", bench.value)).await;
            assert!(run.printed.ends_with("left: exported before\n"), "{}", run.printed);
            assert!(!run.shown, "{shell}: {line}");
        }
    }
}

#[tokio::test]
async fn a_line_that_shows_the_token_would_be_noticed() {
    let bench = bench().await;
    fs::write(bench.folder.path().join("token"), &bench.value).unwrap();
    let url = format!("'{}/api/v1/token'", bench.nms.address());
    for line in [
        format!(r#"curl -sS --noproxy '*' -H "Authorization: Bearer $(cat token)" {url}"#),
        format!(
            r#"export T="$(cat token)"; printf 'Authorization: Bearer %s' "$T" | curl -sS --noproxy '*' -H @- {url}"#
        ),
    ] {
        assert!(run("sh", &line, &bench, "").await.shown, "{line}");
    }
}

#[test]
fn the_lines_are_short_enough_to_be_read() {
    let local = ServerAddress::parse("http://[::1]:7474").unwrap();
    let remote = ServerAddress::parse("https://nms.example").unwrap();
    assert_eq!(
        curl_from_file(&remote, Path::new("/home/ada/it's")).unwrap(),
        r"{ printf 'Authorization: Bearer '; cat '/home/ada/it'\''s'; } | curl -sS -H @- 'https://nms.example/api/v1/token'"
    );
    assert!(curl_asking(&local).ends_with("| curl -sS --noproxy '*' -H @- 'http://[::1]:7474/api/v1/token')"));
    assert!(!curl_asking(&local).contains('\n'));
}

#[test]
fn a_path_that_cannot_be_shown_is_refused() {
    let address = ServerAddress::parse("https://nms.example").unwrap();
    let refused = |bytes: &[u8]| curl_from_file(&address, Path::new(std::ffi::OsStr::from_bytes(bytes))).err();
    assert_eq!(refused(b"/home/\xff"), Some(PathRefused::NotUtf8));
    assert_eq!(refused(b"/home/\x1b[201~"), Some(PathRefused::Control));
    assert_eq!(refused(b"/home/\r"), Some(PathRefused::Control));
    assert_eq!(refused(b""), Some(PathRefused::Empty));
}
