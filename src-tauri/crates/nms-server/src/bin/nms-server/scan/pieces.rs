//! Tokens in a file of any size, in memory of one size: it is read in pieces that overlap.

use std::fs::OpenOptions;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nms_api::finding::{self, BORDER_LEN, Found};
use nms_api::token_format::TOKEN_LEN;
use rustix::fs::OFlags;
use zeroize::Zeroizing;

/// How much is looked at at once, in bytes.
const PIECE_BYTES: usize = 256 * 1024;
/// How much of a piece is looked at again with the next one: a value that may go on, and what decides before it.
const OVERLAP_BYTES: usize = BORDER_LEN + TOKEN_LEN;

/// A token, and the line on which it begins.
pub(super) struct Stretch {
    /// From 1.
    pub(super) line: u64,
    pub(super) found: Found,
}

/// Calls `tell` with every token in a file, in order. Performs I/O.
pub(super) fn look_into(file: &Path, tell: &mut dyn FnMut(Stretch)) -> io::Result<()> {
    // Should it have become a link or a pipe meanwhile, it is not followed and not waited for.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(file)?;
    look_at(&mut file, PIECE_BYTES, tell)
}

fn look_at(source: &mut impl Read, piece_bytes: usize, tell: &mut dyn FnMut(Stretch)) -> io::Result<()> {
    // Values may stand in here: it is wiped.
    let mut piece = Zeroizing::new(vec![0; piece_bytes.max(2 * OVERLAP_BYTES)]);
    // What begins before `from` was decided in the piece before.
    let (mut kept, mut lines, mut from) = (0, 1, 0);
    loop {
        let read = fill(source, &mut piece[kept..])?;
        let is_last = read < piece.len() - kept;
        let length = kept + read;
        let seen = &piece[..length];
        for found in finding::find(seen) {
            // One that touches the end may go on in the next piece.
            if found.at >= from && (is_last || found.at + TOKEN_LEN < length) {
                tell(Stretch { line: lines + newlines(&seen[..found.at]), found });
            }
        }
        if is_last {
            return Ok(());
        }
        let next = length - OVERLAP_BYTES;
        lines += newlines(&seen[..next]);
        piece.copy_within(next..length, 0);
        (kept, from) = (OVERLAP_BYTES, BORDER_LEN);
    }
}

/// Reads until there is no more room, or no more to read.
fn fill(source: &mut impl Read, mut room: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while !room.is_empty() {
        match source.read(room) {
            Ok(0) => break,
            Ok(read) => {
                filled += read;
                room = &mut room[read..];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

    /// Gives one byte at a time, as a slow source may.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            let (Some(to), Some((from, rest))) = (room.first_mut(), self.0.split_first()) else { return Ok(0) };
            *to = *from;
            self.0 = rest;
            Ok(1)
        }
    }

    /// Lines and places of what is found in pieces of the smallest size.
    fn in_pieces(bytes: &[u8]) -> Vec<(u64, Found)> {
        let mut told = Vec::new();
        look_at(&mut Drip(bytes), 0, &mut |Stretch { line, mut found }| {
            // Places are those of a piece.
            found.at = 0;
            told.push((line, found));
        })
        .unwrap();
        told
    }

    fn at_once(bytes: &[u8]) -> Vec<(u64, Found)> {
        finding::find(bytes).map(|found| (1 + newlines(&bytes[..found.at]), Found { at: 0, ..found })).collect()
    }

    #[test]
    fn pieces_find_what_one_look_finds_wherever_a_value_lies_across_their_ends() {
        for before in ["", " ", "x", "3D", "%3D", "\\u003d", "\n"] {
            for behind in ["", " ", "x"] {
                for lead in 0..300 {
                    for filler in [b'\n', b'x', 0xff] {
                        let mut bytes = vec![filler; lead];
                        bytes.extend_from_slice(format!("{before}{VALUE}{behind}").as_bytes());
                        bytes.extend(vec![filler; lead % 130]);
                        assert_eq!(in_pieces(&bytes), at_once(&bytes), "{lead} {before:?} {behind:?} {filler}");
                    }
                }
            }
        }
    }

    #[test]
    fn values_that_follow_each_other_are_each_told_of_once() {
        let bytes = format!("{VALUE}\n{VALUE},{VALUE}\n\n{VALUE}").repeat(7);
        let lines: Vec<u64> = in_pieces(bytes.as_bytes()).into_iter().map(|(line, _)| line).collect();
        assert_eq!(lines, at_once(bytes.as_bytes()).into_iter().map(|(line, _)| line).collect::<Vec<_>>());
    }
}
