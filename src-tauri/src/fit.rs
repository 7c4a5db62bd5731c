//! A window that fits its monitor: whatever was remembered, or is usual, may be larger than the monitor of today.

use tauri::{PhysicalPosition, PhysicalRect, PhysicalSize, WebviewWindow};

/// Makes the window smaller, and on X11 moves it, until it lies within its monitor.
pub(crate) fn within_monitor(window: &WebviewWindow, may_move: bool) -> tauri::Result<()> {
    let Some(monitor) = window.current_monitor()?.or(window.primary_monitor()?) else { return Ok(()) };
    if window.is_maximized()? {
        return Ok(());
    }
    let (room, size) = (monitor.work_area(), window.inner_size()?);
    let fitting = size_within(room.size, size);
    if fitting != size {
        window.set_size(fitting)?;
    }
    if may_move {
        let position = window.outer_position()?;
        let inside = position_within(room, fitting, position);
        // What was remembered may still be on its way to the toolkit: one that had to shrink is told its place always.
        if inside != position || fitting != size {
            window.set_position(inside)?;
        }
    }
    Ok(())
}

fn size_within(room: PhysicalSize<u32>, size: PhysicalSize<u32>) -> PhysicalSize<u32> {
    PhysicalSize::new(size.width.min(room.width), size.height.min(room.height))
}

/// The nearest position at which a window of this size, which fits, sticks out nowhere.
fn position_within(
    room: &PhysicalRect<i32, u32>,
    size: PhysicalSize<u32>,
    position: PhysicalPosition<i32>,
) -> PhysicalPosition<i32> {
    let along = |from: i32, room: u32, length: u32, at: i32| {
        let slack = i32::try_from(room.saturating_sub(length)).unwrap_or(i32::MAX);
        at.clamp(from, from.saturating_add(slack))
    };
    PhysicalPosition::new(
        along(room.position.x, room.size.width, size.width, position.x),
        along(room.position.y, room.size.height, size.height, position.y),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_never_larger_than_its_monitor() {
        let check = |room: (u32, u32), size: (u32, u32), expected: (u32, u32)| {
            assert_eq!(size_within(room.into(), size.into()), expected.into());
        };
        check((1024, 700), (1270, 890), (1024, 700));
        check((1024, 700), (1000, 890), (1000, 700));
        check((1920, 1080), (1040, 760), (1040, 760));
    }

    #[test]
    fn a_window_that_sticks_out_is_moved_and_no_other() {
        let room = PhysicalRect { position: (100, 0).into(), size: (1024, 700).into() };
        let check = |size: (u32, u32), at: (i32, i32), expected: (i32, i32)| {
            assert_eq!(position_within(&room, size.into(), at.into()), expected.into());
        };
        check((1024, 700), (180, 60), (100, 0));
        check((800, 600), (150, 50), (150, 50));
        check((800, 600), (500, 500), (324, 100));
        check((800, 600), (-50, -50), (100, 0));
    }
}
