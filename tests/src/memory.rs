//! Copies of a secret in the memory of processes, in every form in which a program is likely to hold one.
//!
//! Performs I/O: reads `/proc`; needs the right to look into the processes (the same user is enough for ordinary ones).

use std::fs::File;
use std::os::unix::fs::FileExt;

use base64::Engine;

/// Where copies were found.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// The process.
    pub pid: u32,
    /// Its name.
    pub name: String,
    /// The form: `utf-8`, `utf-16`, `hex`, `base64`, `middle`; of a picture `bgra`, `rgba`, `png`.
    pub form: &'static str,
    /// How many.
    pub copies: usize,
}

/// What was looked through, so that a scan that saw nothing cannot pass for one that found nothing.
#[derive(Debug)]
pub struct Scan {
    /// All copies.
    pub found: Vec<Found>,
    /// How many processes were looked through.
    pub processes: usize,
    /// How many bytes.
    pub bytes: u64,
}

const BLOCK: usize = 8 << 20;
/// Longer than any pattern, so that one across two blocks is seen.
const OVERLAP: usize = 256;
/// The longest that can be looked for, in bytes.
pub const MAX_PATTERN: usize = OVERLAP;

/// Looks for a secret in the memory of these processes.
#[track_caller]
pub fn scan(processes: &[(u32, String)], secret: &str) -> Scan {
    scan_for(processes, &forms(secret))
}

/// Looks for a picture: a stretch of its pixels (blue, green, red, opaque; at most [`MAX_PATTERN`] bytes) as it is drawn
/// and as it is decoded, and the head of its file.
#[track_caller]
pub fn scan_picture(processes: &[(u32, String)], stretch: &[u8], (width, height): (u32, u32)) -> Scan {
    assert!(stretch.len() <= MAX_PATTERN, "one across two blocks would not be seen");
    let turned = stretch.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0], pixel[3]]).collect();
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    head.extend([width, height].into_iter().flat_map(u32::to_be_bytes));
    scan_for(processes, &[("bgra", stretch.to_vec()), ("rgba", turned), ("png", head)])
}

fn scan_for(processes: &[(u32, String)], forms: &[(&'static str, Vec<u8>)]) -> Scan {
    let mut scan = Scan { found: vec![], processes: 0, bytes: 0 };
    for (pid, name) in processes {
        let Some((counts, bytes)) = scan_process(*pid, forms) else { continue };
        scan.processes += 1;
        scan.bytes += bytes;
        let found = forms.iter().zip(counts).filter(|(_, copies)| *copies > 0);
        scan.found.extend(found.map(|((form, _), copies)| Found { pid: *pid, name: name.clone(), form, copies }));
    }
    scan
}

/// The forms in which a secret stands in what was heard or read.
pub fn forms_in(text: &[u8], secret: &str) -> Vec<&'static str> {
    let forms = forms(secret).into_iter().filter(|(_, pattern)| occurrences(text, pattern) > 0);
    forms.map(|(form, _)| form).collect()
}

/// The patterns. The middle tells of pieces that were left when the rest was overwritten.
fn forms(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let middle = bytes.len() / 2;
    vec![
        ("utf-8", bytes.to_vec()),
        ("utf-16", secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hex", bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()),
        ("base64", base64::engine::general_purpose::STANDARD_NO_PAD.encode(bytes).into_bytes()),
        ("middle", bytes[middle - 8..middle + 8].to_vec()),
    ]
}

/// `None` when the process has ended or may not be looked into.
fn scan_process(pid: u32, forms: &[(&'static str, Vec<u8>)]) -> Option<(Vec<usize>, u64)> {
    let mappings = std::fs::read_to_string(format!("/proc/{pid}/smaps")).ok()?;
    let pages = File::open(format!("/proc/{pid}/pagemap")).ok()?;
    let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let (mut counts, mut bytes) = (vec![0; forms.len()], 0);
    for range in used_mappings(&mappings) {
        for (start, end) in used_pages(&pages, range) {
            bytes += scan_range(&memory, start, end, forms, &mut counts);
        }
    }
    (bytes > 0).then_some((counts, bytes))
}

/// The readable mappings that hold anything: a web view reserves many gigabytes that it never touches.
fn used_mappings(mappings: &str) -> Vec<(u64, u64)> {
    let (mut used, mut current) = (vec![], None);
    for line in mappings.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next()) {
            (Some("Rss:" | "Swap:"), Some(size)) if size != "0" => used.extend(current.take()),
            (Some(range), Some(rights)) if !range.ends_with(':') => current = readable(range, rights),
            _ => {}
        }
    }
    used
}

fn readable(range: &str, rights: &str) -> Option<(u64, u64)> {
    let (start, end) = range.split_once('-')?;
    let range = (u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?);
    rights.starts_with('r').then_some(range)
}

/// The stretches of a mapping that are in memory or swapped out.
fn used_pages(pages: &File, (start, end): (u64, u64)) -> Vec<(u64, u64)> {
    const PRESENT_OR_SWAPPED: u8 = 0b1100_0000;
    let page = rustix::param::page_size() as u64;
    let mut stretches: Vec<(u64, u64)> = vec![];
    let mut entries = vec![0; usize::try_from((end - start) / page).unwrap_or(0) * 8];
    let read = pages.read_at(&mut entries, start / page * 8).unwrap_or(0);
    for (at, entry) in (start..).step_by(rustix::param::page_size()).zip(entries[..read].chunks_exact(8)) {
        if entry[7] & PRESENT_OR_SWAPPED == 0 {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if last.1 == at => last.1 = at + page,
            _ => stretches.push((at, at + page)),
        }
    }
    stretches
}

fn scan_range(memory: &File, start: u64, end: u64, forms: &[(&'static str, Vec<u8>)], counts: &mut [usize]) -> u64 {
    let size = usize::try_from(end - start).unwrap_or(BLOCK).min(BLOCK);
    let mut block = vec![0; size + OVERLAP];
    let (mut at, mut kept, mut bytes) = (start, 0, 0);
    while at < end {
        let wanted = usize::try_from(end - at).unwrap_or(BLOCK).min(BLOCK);
        let Ok(read @ 1..) = memory.read_at(&mut block[kept..kept + wanted], at) else { break };
        for ((_, pattern), count) in forms.iter().zip(counts.iter_mut()) {
            // What lies wholly within the kept tail was counted with the block before.
            let from = kept.saturating_sub(pattern.len() - 1);
            *count += occurrences(&block[from..kept + read], pattern);
        }
        at += read as u64;
        bytes += read as u64;
        let filled = kept + read;
        kept = filled.min(OVERLAP);
        block.copy_within(filled - kept..filled, 0);
    }
    bytes
}

/// How often `pattern` stands in `text`.
pub fn occurrences(text: &[u8], pattern: &[u8]) -> usize {
    memchr::memmem::find_iter(text, pattern).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_this_process_is_found_in_each_form() {
        let secret = format!("pnms_pat_{:046}", std::process::id());
        let kept: Vec<Vec<u8>> = forms(&secret).into_iter().map(|(_, pattern)| pattern).collect();
        let scan = scan(&[(std::process::id(), "me".into())], &secret);
        let found: Vec<_> = scan.found.iter().map(|found| found.form).collect();
        assert_eq!(found, ["utf-8", "utf-16", "hex", "base64", "middle"]);
        assert_eq!(kept.len(), 5);
    }

    #[test]
    fn occurrences_are_counted_wherever_they_stand() {
        for (text, count) in [("", 0), ("ab", 1), ("abab", 2), ("aab", 1), ("ba", 0), ("xxabxxab", 2)] {
            assert_eq!(occurrences(text.as_bytes(), b"ab"), count, "{text}");
        }
    }
}
