//! Where each character goes: the prefix, then groups of four, wrapped in whole groups.

use nms_api::token_format::PREFIX;

/// More than any token has, and little enough that the tallest picture stays small.
const MOST_CHARACTERS: usize = 512;
const GROUP: usize = 4;

/// Sizes in CSS pixels. The advance of the font at [`FONT_PX`] is a little less than [`ADVANCE_PX`]: letters that are
/// read one by one want air.
pub(super) const FONT_PX: u32 = 28;
const ADVANCE_PX: u32 = 16;
const GAP_PX: u32 = 12;
pub(super) const LINE_PX: u32 = 42;
pub(super) const PADDING_PX: u32 = 12;

/// One character and the left end of its cell on its line, in CSS pixels.
pub(super) struct Cell {
    pub(super) character: char,
    pub(super) left_px: u32,
    pub(super) line: u32,
}

pub(super) struct Layout {
    pub(super) cells: Vec<Cell>,
    pub(super) width_px: u32,
    pub(super) height_px: u32,
}

impl Layout {
    /// None when it is too long, empty, or holds anything but visible ASCII, which the font has.
    pub(super) fn of(text: &str, room_px: u32) -> Option<Self> {
        if text.is_empty() || text.len() > MOST_CHARACTERS || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let (mut cells, mut left_px, mut line, mut widest_px) = (Vec::with_capacity(text.len()), PADDING_PX, 0, 0);
        for group in groups(text) {
            let group_px = u32::try_from(group.len()).ok()? * ADVANCE_PX;
            if left_px > PADDING_PX && left_px + group_px + PADDING_PX > room_px {
                (left_px, line) = (PADDING_PX, line + 1);
            }
            for character in group.chars() {
                cells.push(Cell { character, left_px, line });
                left_px += ADVANCE_PX;
            }
            widest_px = widest_px.max(left_px);
            left_px += GAP_PX;
        }
        Some(Self { cells, width_px: widest_px + PADDING_PX, height_px: (line + 1) * LINE_PX + 2 * PADDING_PX })
    }
}

/// The prefix of a token stands alone; nobody has to count through it.
fn groups(text: &str) -> impl Iterator<Item = &str> {
    let (prefix, rest) = if text.starts_with(PREFIX) { text.split_at(PREFIX.len()) } else { ("", text) };
    let fours = (0..rest.len()).step_by(GROUP).map(move |at| &rest[at..rest.len().min(at + GROUP)]);
    std::iter::once(prefix).filter(|prefix| !prefix.is_empty()).chain(fours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(groups(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_token_is_its_prefix_and_groups_of_four() {
        check("pnms_pat_EXAMPLE1Qu", &["pnms_pat_", "EXAM", "PLE1", "Qu"]);
        check("other-1234", &["othe", "r-12", "34"]);
        check("pnms_pat_", &["pnms_pat_"]);
    }

    #[test]
    fn lines_break_between_groups_and_stay_in_the_room() {
        for room_px in [240, 333, 560, 1600] {
            let layout = Layout::of("pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV", room_px).unwrap();
            assert!(layout.width_px <= room_px, "{} in {room_px}", layout.width_px);
            for pair in layout.cells.windows(2).filter(|pair| pair[0].line == pair[1].line) {
                assert!(pair[1].left_px >= pair[0].left_px + ADVANCE_PX);
            }
        }
    }

    #[test]
    fn what_the_font_lacks_and_what_is_too_long_is_not_drawn_at_all() {
        for text in ["", "a b", "né", "tab\t", "\u{202e}abc", &"x".repeat(MOST_CHARACTERS + 1)] {
            assert!(Layout::of(text, 560).is_none(), "{text:?}");
        }
    }
}
