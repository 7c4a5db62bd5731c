//! An X server of a test's own, and the clipboard as other programs see it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::{Running, output, until};

/// Xvfb on a display number that it found free.
pub(crate) struct Display {
    pub(crate) server: Running,
    pub(crate) number: u32,
}

impl Display {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// On the number of one that has gone.
    pub(crate) fn start_at(number: u32) -> Self {
        Self::start_with(&[format!(":{number}")])
    }

    fn start_with(arguments: &[String]) -> Self {
        let mut command = Command::new("Xvfb");
        command.args(arguments).args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()));
        let mut line = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { server, number: line.trim().parse().expect("Xvfb started") }
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![("DISPLAY", format!(":{}", self.number))]
    }
}

/// For [`super::inside`].
pub(crate) fn with_display() -> (Display, Vec<(&'static str, String)>) {
    let display = Display::start();
    let environment = display.environment();
    (display, environment)
}

/// For [`super::inside`], where the inner test starts the server itself, on this number, when it wants it. The number
/// is far above those that servers choose by themselves, which are the lowest that are free.
pub(crate) fn with_a_number_only() -> ((), Vec<(&'static str, String)>) {
    ((), vec![("DISPLAY", format!(":{}", 1000 + std::process::id() % 50_000))])
}

/// In the inner test.
pub(crate) fn own_number() -> u32 {
    std::env::var("DISPLAY").unwrap()[1..].parse().unwrap()
}

/// What another program pastes; none when there is nothing to paste.
pub(crate) fn paste(selection: &str) -> Option<Vec<u8>> {
    let (bytes, success) = output(Command::new("xclip").args(["-selection", selection, "-o"]));
    success.then_some(bytes)
}

/// What another program gets when it asks for this target.
pub(crate) fn paste_as(target: &str) -> Option<Vec<u8>> {
    let (bytes, success) = output(Command::new("xclip").args(["-selection", "clipboard", "-t", target, "-o"]));
    success.then_some(bytes)
}

/// A program that copies what it is told on its standard input, and serves it until it ends or loses the selection.
pub(crate) fn copies(xclip: &mut Command) -> &mut Command {
    xclip.args(["-quiet", "-selection", "clipboard", "-i"]);
    xclip.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// Another program copies; it serves what it copied until it is dropped or loses the selection.
pub(crate) fn copy_elsewhere(selection: &str, text: &str) -> Running {
    // The last one named counts.
    let mut program = Running::start(copies(&mut Command::new("xclip")).args(["-selection", selection]));
    program.0.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    until("the other program's copy", || paste(selection).as_deref() == Some(text.as_bytes()));
    program
}
