//! Ink on a bitmap, and the bitmap as a PNG.

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use zeroize::Zeroizing;

use super::Look;
use super::layout::{Cell, FONT_PX, LINE_PX, Layout, PADDING_PX};

/// The 94 visible characters of ASCII; see `font/README.md`.
const FONT: &[u8] = include_bytes!("../../font/DejaVuSansMono-ascii.ttf");

type Colour = [u8; 3];

/// Ground, letters and signs, digits. Digits differ in colour beside the shape, never by it alone; both inks have a
/// contrast of at least 7:1 on their ground.
const LIGHT: [Colour; 3] = [[0xff, 0xff, 0xff], [0x1b, 0x1b, 0x1f], [0x0b, 0x47, 0xa8]];
const DARK: [Colour; 3] = [[0x1b, 0x1c, 0x20], [0xf1, 0xf1, 0xf4], [0x9c, 0xc4, 0xff]];

/// Each ink has this many shades from ground to full, so that a pixel is one byte.
const SHADES: u8 = 128;

/// One byte for each pixel: its ink (letters below [`SHADES`], digits from there on) and how much of it.
struct Bitmap {
    pixels: Zeroizing<Vec<u8>>,
    width: u32,
    height: u32,
}

pub(super) fn png(layout: &Layout, look: Look) -> Option<Zeroizing<Vec<u8>>> {
    encode(&paint(layout, look.scale)?, if look.dark { DARK } else { LIGHT })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "bounded")]
fn paint(layout: &Layout, scale: f32) -> Option<Bitmap> {
    let font = FontRef::try_from_slice(FONT).ok()?;
    let device = |css: u32| (css as f32 * scale).round();
    let (width, height) = (device(layout.width_px) as u32, device(layout.height_px) as u32);
    let mut bitmap = Bitmap { pixels: Zeroizing::new(vec![0; width as usize * height as usize]), width, height };
    let size = PxScale::from(device(FONT_PX));
    // Centred on its line, on whole pixels.
    let baseline = font.as_scaled(size).ascent() + (device(LINE_PX) - device(FONT_PX)) / 2.0;
    for Cell { character, left_px, line } in &layout.cells {
        let id = font.glyph_id(*character);
        if id.0 == 0 {
            return None;
        }
        let top = device(PADDING_PX + line * LINE_PX);
        let glyph: Glyph = id.with_scale_and_position(size, point(device(*left_px), (top + baseline).round()));
        bitmap.ink(font.outline_glyph(glyph)?, character.is_ascii_digit());
    }
    Some(bitmap)
}

impl Bitmap {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by the bitmap")]
    fn ink(&mut self, glyph: ab_glyph::OutlinedGlyph, digit: bool) {
        let corner = glyph.px_bounds().min;
        let base = if digit { SHADES } else { 0 };
        glyph.draw(|x, y, coverage| {
            let (x, y) = (corner.x as u32 + x, corner.y as u32 + y);
            let shade = (coverage.clamp(0.0, 1.0) * f32::from(SHADES - 1)).round() as u8;
            if x < self.width && y < self.height && shade > 0 {
                self.pixels[(y * self.width + x) as usize] = base + shade;
            }
        });
    }
}

/// Shades of both inks on the ground, in the order of the pixels' values.
fn palette([ground, letters, digits]: [Colour; 3]) -> Vec<u8> {
    let blend = |ink: Colour, shade: u8| {
        (0..3).map(move |part| {
            let (from, to, of) = (u32::from(ground[part]), u32::from(ink[part]), u32::from(SHADES - 1));
            // Between two bytes, so a byte.
            ((from * (of - u32::from(shade)) + to * u32::from(shade)) / of) as u8
        })
    };
    [letters, digits].into_iter().flat_map(|ink| (0..SHADES).flat_map(move |shade| blend(ink, shade))).collect()
}

fn encode(bitmap: &Bitmap, colours: [Colour; 3]) -> Option<Zeroizing<Vec<u8>>> {
    // Room for all of it at once: growing would leave copies behind.
    let mut file = Zeroizing::new(Vec::with_capacity(bitmap.pixels.len() + 4096));
    let mut encoder = png::Encoder::new(&mut *file, bitmap.width, bitmap.height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette(colours));
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&bitmap.pixels).ok()?;
    writer.finish().ok()?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pixels of one character, as bytes.
    fn shape(character: char) -> Vec<u8> {
        let layout = Layout { cells: vec![Cell { character, left_px: 0, line: 0 }], width_px: 40, height_px: 60 };
        paint(&layout, 2.0).unwrap().pixels.iter().map(|pixel| pixel % SHADES).collect()
    }

    #[test]
    fn the_font_has_every_character_that_is_laid_out_and_each_has_ink() {
        for byte in b'!'..=b'~' {
            let ink = shape(char::from(byte)).iter().filter(|pixel| **pixel > SHADES / 2).count();
            assert!(ink > 20, "{:?} has {ink} dark pixels", char::from(byte));
        }
    }

    #[test]
    fn characters_that_are_mixed_up_look_different() {
        for (one, other) in [('0', 'O'), ('0', 'o'), ('O', 'Q'), ('1', 'l'), ('1', 'I'), ('l', 'I'), ('5', 'S')] {
            let (one_shape, other_shape) = (shape(one), shape(other));
            let apart = one_shape.iter().zip(&other_shape).filter(|(a, b)| a.abs_diff(**b) > SHADES / 2).count();
            assert!(apart > 20, "{one:?} and {other:?} differ in {apart} pixels only");
        }
    }

    #[test]
    fn both_inks_contrast_with_their_ground() {
        for [ground, letters, digits] in [LIGHT, DARK] {
            assert!(contrast(ground, letters) >= 7.0);
            assert!(contrast(ground, digits) >= 7.0);
            assert_ne!(letters, digits);
        }
    }

    /// WCAG 2.2, "contrast ratio".
    fn contrast(one: Colour, other: Colour) -> f64 {
        let luminance = |colour: Colour| {
            let [red, green, blue] = colour.map(|part| {
                let part = f64::from(part) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
