//! Where a held secret lies: pages of its own, never swapped, never in a core dump, wiped before they are given back.

mod dumps;
mod pages;

use nms_api::Secret;
use zeroize::Zeroizing;

pub(crate) use dumps::Undumpable;
use pages::Pages;

/// A secret in locked pages. Where the system gives none, it stays in the heap and is wiped all the same.
pub(crate) struct LockedSecret(Place);

enum Place {
    Pages(Pages),
    Heap(Secret),
}

impl LockedSecret {
    /// Moves the secret. The heap copy is wiped.
    pub(crate) fn new(secret: Secret) -> Self {
        match Pages::holding(secret.expose().as_bytes()) {
            Ok(pages) => Self(Place::Pages(pages)),
            Err(error) => {
                tracing::warn!(%error, "no locked pages: the secret is held in ordinary memory");
                Self(Place::Heap(secret))
            }
        }
    }

    /// The bytes in clear. Every caller of this is a place to review.
    pub(crate) fn bytes(&self) -> &[u8] {
        match &self.0 {
            Place::Pages(pages) => pages.bytes(),
            Place::Heap(secret) => secret.expose().as_bytes(),
        }
    }

    /// A copy for one way out, to be dropped as soon as it was taken.
    pub(crate) fn hand_out(&self) -> Secret {
        let mut text = Zeroizing::new(Vec::with_capacity(self.bytes().len()));
        text.extend_from_slice(self.bytes());
        // It was a `String` when it came in; a broken one would be a broken page.
        Secret::new(String::from_utf8(std::mem::take(&mut *text)).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_out_as_it_went_in_whatever_its_length() {
        for length in [0, 1, 55, 4095, 4096, 4097, 10_000] {
            let text = "x".repeat(length);
            let locked = LockedSecret::new(Secret::new(text.clone()));
            assert_eq!(locked.bytes(), text.as_bytes());
            assert!(locked.hand_out().matches(text.as_bytes()));
        }
    }

    #[test]
    fn its_pages_are_locked_and_left_out_of_dumps() {
        let locked = LockedSecret::new(Secret::new("pnms_pat_".repeat(6)));
        let flags = flags_of_mapping(locked.bytes().as_ptr() as usize);
        assert!(flags.iter().any(|flag| flag == "lo"), "not locked: {flags:?}");
        assert!(flags.iter().any(|flag| flag == "dd"), "would be dumped: {flags:?}");
    }

    /// What the kernel says of the mapping that holds `address` (`VmFlags` in proc(5)).
    fn flags_of_mapping(address: usize) -> Vec<String> {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        for line in maps.lines() {
            if let Some((range, _)) = line.split_once(' ').filter(|(range, _)| range.contains('-')) {
                let (from, to) = range.split_once('-').unwrap();
                let parse = |text| usize::from_str_radix(text, 16).unwrap();
                inside = (parse(from)..parse(to)).contains(&address);
            } else if let Some(flags) = line.strip_prefix("VmFlags:").filter(|_| inside) {
                return flags.split_whitespace().map(str::to_owned).collect();
            }
        }
        panic!("no mapping holds the secret");
    }
}
