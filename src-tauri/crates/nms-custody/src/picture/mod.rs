//! The picture of a revealed value: what a page may show instead of the text.
//!
//! It can be read and typed off, not selected. Everything of it is wiped when it is dropped.

mod layout;
mod paint;

use nms_api::Secret;
use zeroize::Zeroizing;

use crate::Error;

/// How a picture shall look. Whatever is asked, it is brought into bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Device pixels for each CSS pixel, 1 to 4.
    pub scale: f32,
    /// Light letters on dark ground.
    pub dark: bool,
    /// The room there is, in CSS pixels.
    pub width_px: u32,
}

impl Look {
    const SCALES: (f32, f32) = (1.0, 4.0);
    const WIDTHS_PX: (u32, u32) = (240, 1600);

    /// The nearest look that makes a picture of a sane size.
    fn in_bounds(self) -> Self {
        let scale = if self.scale.is_finite() { self.scale } else { Self::SCALES.0 };
        Self {
            scale: scale.clamp(Self::SCALES.0, Self::SCALES.1),
            dark: self.dark,
            width_px: self.width_px.clamp(Self::WIDTHS_PX.0, Self::WIDTHS_PX.1),
        }
    }
}

/// Where a picture can be fetched, once, and the room that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureAddress {
    /// Random, not to be guessed; 32 hexadecimal digits.
    pub address: String,
    /// CSS pixels.
    pub width_px: u32,
    /// CSS pixels.
    pub height_px: u32,
}

/// A picture as it goes to the page. Wiped when dropped.
pub struct Picture {
    /// The bytes of a PNG file.
    pub png: Zeroizing<Vec<u8>>,
}

/// A picture that waits to be fetched.
pub(crate) struct Drawn {
    address: PictureAddress,
    picture: Picture,
}

impl Drawn {
    /// Draws the value.
    ///
    /// # Errors
    /// [`Error::NotDrawable`] when the font lacks a character, or there are too many.
    pub(crate) fn of(secret: &Secret, look: Look) -> Result<Self, Error> {
        let look = look.in_bounds();
        let layout = layout::Layout::of(secret.expose(), look.width_px).ok_or(Error::NotDrawable)?;
        let png = paint::png(&layout, look).ok_or(Error::NotDrawable)?;
        let address = PictureAddress {
            address: random_address().ok_or(Error::NotDrawable)?,
            width_px: layout.width_px,
            height_px: layout.height_px,
        };
        Ok(Self { address, picture: Picture { png } })
    }

    pub(crate) fn address(&self) -> PictureAddress {
        self.address.clone()
    }

    pub(crate) fn is_at(&self, address: &str) -> bool {
        self.address.address == address
    }

    pub(crate) fn into_picture(self) -> Picture {
        self.picture
    }
}

/// 128 random bits in hexadecimal digits.
fn random_address() -> Option<String> {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).ok()?;
    Some(format!("{:032x}", u128::from_be_bytes(bits)))
}

#[cfg(test)]
mod tests;
