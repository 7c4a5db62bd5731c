//! What depends on chance, over and over: in a few rounds for every run of the tests, in a thousand for `.ci/soak.sh`.
//! Rounds mostly wait, so many go on at a time, each in a process with a display of its own.

use std::env;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{HOSTS_OWN, INSIDE, test_name};

/// How many processes at a time.
const MAX_WORKERS: usize = 16;
/// How a round tells its outcome to the outer test.
const SIGN: &str = "ROUND ";

/// `PALPABL_ROUNDS` unset: `short`; `long`: `long`; a number: that many.
pub(crate) fn rounds(short: usize, long: usize) -> usize {
    match env::var("PALPABL_ROUNDS").as_deref() {
        Err(_) | Ok("") => short,
        Ok("long") => long,
        Ok(number) => number.parse().expect("PALPABL_ROUNDS is \"long\" or a number"),
    }
}

/// What became of a round, and a time that counts in it.
pub(crate) type Outcome = (&'static str, Duration);

/// What became of some rounds: how many ended so, the shortest time and the longest.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) what: String,
    pub(crate) count: usize,
    pub(crate) shortest: Duration,
    pub(crate) longest: Duration,
}

/// Runs `round` for each number below `rounds`; `outside` prepares the environment of a worker, by its number. A round
/// that does not hold panics. Answers in the inner processes with nothing.
pub(crate) fn in_parallel<D, B>(
    rounds: usize,
    outside: impl Fn(usize) -> (D, Vec<(&'static str, String)>),
    round: B,
) -> Vec<Tally>
where
    B: AsyncFn(usize) -> Outcome,
{
    if let Ok(own) = env::var(INSIDE) {
        work(&own, round);
        return vec![];
    }
    let workers = rounds.min(MAX_WORKERS);
    let running: Vec<_> = (0..workers)
        .map(|worker| {
            let (desktop, environment) = outside(worker);
            let mut command = Command::new(env::current_exe().unwrap());
            command.args([test_name(&round).as_str(), "--exact", "--nocapture"]);
            command.env(INSIDE, format!("{worker} {workers} {rounds}")).stdout(Stdio::piped());
            for name in HOSTS_OWN {
                command.env_remove(name);
            }
            (command.envs(environment).spawn().unwrap(), desktop)
        })
        .collect();
    let (mut tallies, mut hold) = (vec![], true);
    for (child, desktop) in running {
        let output = child.wait_with_output().unwrap();
        drop(desktop);
        hold &= output.status.success();
        let said = String::from_utf8(output.stdout).unwrap();
        // What the test's own harness prints may stand before it on the line.
        said.lines().filter_map(|line| line.split_once(SIGN)).for_each(|(_, told)| add(&mut tallies, told));
    }
    assert!(hold, "a round does not hold, see above; these did: {tallies:?}");
    assert_eq!(tallies.iter().map(|tally| tally.count).sum::<usize>(), rounds, "each round told its outcome");
    tallies.sort_by(|one, other| one.what.cmp(&other.what));
    tallies
}

fn work<B: AsyncFn(usize) -> Outcome>(own: &str, round: B) {
    let [worker, workers, rounds] = own.split(' ').map(|number| number.parse().unwrap()).collect::<Vec<usize>>()[..]
    else {
        panic!("{own:?} names no rounds")
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    for number in (worker..rounds).step_by(workers) {
        let (what, time) = runtime.block_on(round(number));
        // With nobody to read it there is nobody to tell.
        let _ = writeln!(io::stdout().lock(), "{SIGN}{} {what}", time.as_micros());
    }
}

fn add(tallies: &mut Vec<Tally>, told: &str) {
    let (time, what) = told.split_once(' ').unwrap();
    let time = Duration::from_micros(time.parse().unwrap());
    match tallies.iter_mut().find(|tally| tally.what == what) {
        Some(tally) => {
            tally.count += 1;
            tally.shortest = tally.shortest.min(time);
            tally.longest = tally.longest.max(time);
        }
        None => tallies.push(Tally { what: what.to_owned(), count: 1, shortest: time, longest: time }),
    }
}

/// Tells what became of them to whoever reads the test's output.
pub(crate) fn tell(promise: &str, tallies: &[Tally]) {
    for Tally { what, count, shortest, longest } in tallies {
        // With nobody to read it there is nobody to tell.
        let _ = writeln!(io::stdout().lock(), "FIGURE {promise}: {count} {what}, {shortest:.3?} to {longest:.3?}");
    }
}
