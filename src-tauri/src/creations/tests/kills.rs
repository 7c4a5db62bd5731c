//! The app's code, without its window, is killed (SIGKILL) at a random moment of a creation: no token is left that
//! nobody holds and nobody is told of, and none is made twice. The one who is killed is this same test, in a process of
//! its own, with a server and a journal in one folder; whoever looks afterwards is the next start.
//!
//! `PALPABL_KILLS` says how often; `make soak` says 500.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use super::*;

const NAME: &str = "creations::tests::kills::no_kill_leaves_an_orphan_or_makes_a_token_twice";
/// In the child's environment: the folder, and the token that is to be replaced, if any.
const FOLDER: &str = "PALPABL_KILLED_IN";
const REPLACES: &str = "PALPABL_KILLED_REPLACING";
const SAID: &str = "killed: ";
const LIMIT: Duration = Duration::from_secs(20);

/// One start of the app, without its window.
struct Run {
    server: Server,
    session: Client,
    journal: Arc<Journal>,
}

impl Run {
    async fn start(folder: &Path) -> Arc<Self> {
        let listen = ([127, 0, 0, 1], 0).into();
        let settings = Settings { listen, person_name: "P".to_owned(), ..Settings::built_in(folder.join("data")) };
        let server = Server::start(settings, Clock::system()).await.unwrap();
        let address = ServerAddress::parse(&format!("http://{}", server.address())).unwrap();
        // A session of its own each time, as without a keyring.
        let credential = server.open_session().await.unwrap();
        let session = Client::new(address, credential, TimeLimits::default()).unwrap();
        Arc::new(Self { server, session, journal: Arc::new(Journal::open(folder.join("journal.json"), Utc::now())) })
    }

    fn unfinished(self: &Arc<Self>) -> Unfinished<Self> {
        Unfinished::new(Arc::clone(self), Arc::clone(&self.journal))
    }

    async fn tokens(&self) -> Vec<TokenId> {
        let query = nms_api::TokenQuery::default();
        self.session.tokens(&query).await.unwrap().list.tokens.into_iter().map(|token| token.id).collect()
    }
}

impl Nms for Run {
    async fn client(&self) -> Result<Client, Failure> {
        Ok(self.session.clone())
    }

    async fn renewed(&self) -> Result<Client, Failure> {
        panic!("no session ends here")
    }

    async fn whose(&self) -> Result<Whose, Failure> {
        Ok(Whose::of(&self.session.me().await.unwrap(), "built-in".to_owned()))
    }
}

/// What the child is killed in: it makes a token, somebody copies its value, and what it replaces goes.
async fn be_killed(folder: &Path, replaces: Option<TokenId>) {
    let run = Run::start(folder).await;
    let creations = Creations::new(Arc::clone(&run), Arc::clone(&run.journal), PATIENCE);
    say("begin");
    let Wanted::New(new) = wanted("poller") else { panic!("it is new") };
    let wanted = replaces.map_or(Wanted::New(new.clone()), |id| Wanted::Replacing(id, new));
    let Ok(Made::Fresh { token, .. }) = creations.make(wanted, replaces).await else { panic!("it is made") };
    let id = token.id;
    say(&format!("copied {id}"));
    run.journal.work(move |journal| journal.hand_over(id)).await;
    if let Some(old) = replaces {
        run.session.delete_token(old).await.unwrap();
        run.journal.work(move |journal| journal.forget(old)).await;
    }
    say("over");
    std::future::pending().await
}

fn say(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n{SAID}{what}").and_then(|()| out.flush()).unwrap();
}

/// A child, and what it says.
fn child(folder: &Path, replaces: Option<TokenId>) -> (Child, Receiver<String>) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([NAME, "--exact", "--nocapture"]).env(FOLDER, folder).stdin(Stdio::null()).stdout(Stdio::piped());
    if let Some(id) = replaces {
        command.env(REPLACES, id.to_string());
    }
    let mut child = command.spawn().unwrap();
    let (tell, told) = channel();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    std::thread::spawn(move || {
        let said = lines.filter_map(|line| line.strip_prefix(SAID).map(str::to_owned));
        // Nobody listens any more: the test has failed.
        said.for_each(|line| drop(tell.send(line)));
    });
    (child, told)
}

/// How the rounds ended, for the last line.
#[derive(Debug, Default)]
struct Ends {
    nothing_made: usize,
    told_lost: usize,
    told_maybe: usize,
    handed_over: usize,
    replacements_completed: usize,
}

struct Bench {
    folder: TempDir,
    /// From the start of a creation to its end, undisturbed.
    span: Duration,
    ends: Ends,
}

impl Bench {
    async fn round(&mut self, replaces: bool, kill: bool) {
        let folder = self.folder.path().to_owned();
        let old = if replaces { Some(old_token(&folder).await) } else { None };
        let (mut child, told) = child(&folder, old);
        assert_eq!(told.recv_timeout(LIMIT).unwrap(), "begin");
        let begun = Instant::now();
        let mut said = Vec::new();
        if kill {
            // The moment is the point.
            std::thread::sleep(self.span.mul_f64(random() * 1.1));
        } else {
            said.extend([told.recv_timeout(LIMIT).unwrap(), told.recv_timeout(LIMIT).unwrap()]);
            self.span = begun.elapsed();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Until the pipe ends.
        said.extend(told.iter());
        self.judge(&folder, old, &said).await;
    }

    /// What the next start finds, and what a person then does about it.
    async fn judge(&mut self, folder: &Path, old: Option<TokenId>, said: &[String]) {
        let run = Run::start(folder).await;
        let copied: Option<String> = said.iter().find_map(|line| line.strip_prefix("copied ")).map(str::to_owned);
        let is_copied = |id: TokenId| copied.as_deref() == Some(id.to_string().as_str());
        let found = run.unfinished().look().await.unwrap();
        let there = run.tokens().await;
        let told: HashSet<_> = found.tokens.iter().map(|one| one.token.id).collect();
        let new: Vec<_> = there.iter().copied().filter(|id| Some(*id) != old).collect();
        assert!(new.len() <= 1, "made twice: {said:?}");
        for id in &new {
            assert!(is_copied(*id) || told.contains(id), "an orphan: {said:?}, told {told:?}");
        }
        assert!(told.iter().all(|id| there.contains(id)), "told of what is not there");
        let old_is_gone = old.is_some_and(|old| !there.contains(&old));
        assert!(!old_is_gone || copied.is_some(), "the old one went before the new value was had: {said:?}");
        assert!(!said.iter().any(|line| line == "over") || old.is_some() == old_is_gone, "{said:?}");
        assert!(found.ended.iter().all(|token| is_copied(token.id)) && (found.ended.is_empty() || old_is_gone));
        self.count(&found, new.is_empty());

        for one in &found.tokens {
            run.unfinished().settle(one.token.id).await;
        }
        let again = run.unfinished().look().await.unwrap();
        assert_eq!((again.tokens.len(), again.ended.len()), (0, 0), "it was decided");
        for id in there {
            run.session.delete_token(id).await.unwrap();
        }
        Arc::into_inner(run).unwrap().server.stop().await;
        // What was never sent may be on its way for minutes, as far as a start can know. The next round begins anew.
        drop(std::fs::remove_file(folder.join("journal.json")));
    }

    fn count(&mut self, found: &UnfinishedView, nothing_made: bool) {
        self.ends.nothing_made += usize::from(nothing_made);
        self.ends.replacements_completed += found.ended.len();
        self.ends.handed_over += usize::from(!nothing_made && found.tokens.is_empty());
        self.ends.told_maybe += found.tokens.iter().filter(|one| one.may_be_held).count();
        self.ends.told_lost += found.tokens.iter().filter(|one| !one.may_be_held).count();
    }
}

/// A token that somebody holds.
async fn old_token(folder: &Path) -> TokenId {
    let run = Run::start(folder).await;
    let Wanted::New(new) = wanted("old") else { panic!("it is new") };
    let Ok(Made::Fresh { token, .. }) = run.session.create_token(&new, Uuid::new_v4()).await else {
        panic!("it is made")
    };
    Arc::into_inner(run).unwrap().server.stop().await;
    token.id
}

/// Of at least 0 and less than 1.
fn random() -> f64 {
    // 32 of its bits, all of them random.
    f64::from(Uuid::new_v4().as_fields().0) / (f64::from(u32::MAX) + 1.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_kill_leaves_an_orphan_or_makes_a_token_twice() {
    if let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) {
        let replaces = std::env::var(REPLACES).ok().map(|id| TokenId(id.parse().unwrap()));
        return be_killed(&folder, replaces).await;
    }
    let kills = std::env::var("PALPABL_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let mut bench = Bench { folder: tempfile::tempdir().unwrap(), span: Duration::ZERO, ends: Ends::default() };
    for number in 0..kills {
        // Undisturbed first, of each kind, for the time that it takes.
        if number == 0 || number == kills / 2 {
            bench.round(number > 0, false).await;
        }
        bench.round(number >= kills / 2, true).await;
    }
    println!("{kills} kills, 0 orphans, 0 doubled: {:?}", bench.ends);
    let Ends { told_lost, told_maybe, nothing_made, .. } = bench.ends;
    // So many kills meet each step.
    assert!(kills < 200 || (told_lost > 0 && told_maybe > 0 && nothing_made > 0), "the kills all fell elsewhere");
}
