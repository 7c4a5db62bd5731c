use proptest::prelude::*;

use super::*;

const TOKEN: &str = "pnms_pat_EXAMPLE1TheQuickBrownFoxJumpsOverLazyDog4eHpXV";

fn draw(look: Look) -> Drawn {
    Drawn::of(&Secret::new(TOKEN.into()), look).unwrap_or_else(|error| panic!("{error}"))
}

/// Width, height and palette indices of a picture, read back by the decoder of others.
fn decode(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::IDENTITY);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, pixels)
}

#[test]
fn a_picture_holds_both_inks_on_plain_ground() {
    for (scale, dark) in [(1.0, false), (1.0, true), (2.0, false), (4.0, true)] {
        let drawn = draw(Look { scale, dark, width_px: 560 });
        let (_, _, pixels) = decode(&drawn.picture.png);
        let share = |range: std::ops::RangeInclusive<u8>| {
            pixels.iter().filter(|pixel| range.contains(pixel)).count() as f64 / pixels.len() as f64
        };
        assert!(share(100..=127) > 0.01, "letters: {}", share(100..=127));
        assert!(share(228..=255) > 0.0005, "digits: {}", share(228..=255));
        assert!(share(0..=0) > 0.5, "ground: {}", share(0..=0));
    }
}

#[test]
fn the_size_in_css_pixels_is_the_same_at_every_scale() {
    let at = |scale| draw(Look { scale, dark: false, width_px: 400 });
    let (single, triple) = (at(1.0), at(3.0));
    assert_eq!(
        (single.address.width_px, single.address.height_px),
        (triple.address.width_px, triple.address.height_px)
    );
    let (width, height, _) = decode(&triple.picture.png);
    assert_eq!((width, height), (3 * triple.address.width_px, 3 * triple.address.height_px));
}

#[test]
fn every_address_is_another_one() {
    let look = Look { scale: 1.0, dark: false, width_px: 560 };
    let addresses: std::collections::HashSet<_> = (0..20).map(|_| draw(look).address.address).collect();
    assert_eq!(addresses.len(), 20);
    assert!(addresses.iter().all(|address| address.len() == 32));
}

#[test]
fn another_value_is_another_picture() {
    let look = Look { scale: 1.0, dark: false, width_px: 560 };
    let other = Drawn::of(&Secret::new(TOKEN.replace('Q', "O")), look).unwrap_or_else(|error| panic!("{error}"));
    assert_ne!(*draw(look).picture.png, *other.picture.png);
}

/// How it looks is reviewed by eye: `UPDATE=1 cargo nextest run -p nms-custody looks_as_reviewed` draws it anew.
#[test]
fn the_picture_looks_as_reviewed() {
    for (name, dark) in [("light", false), ("dark", true)] {
        let drawn = draw(Look { scale: 2.0, dark, width_px: 560 });
        let path = format!("{}/tests/pictures/reveal-{name}.png", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &*drawn.picture.png).unwrap();
        }
        let reviewed = std::fs::read(&path).unwrap();
        assert_eq!(decode(&drawn.picture.png), decode(&reviewed), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn no_look_makes_a_picture_of_an_insane_size(scale in any::<f32>(), dark in any::<bool>(), width_px in any::<u32>()) {
        let drawn = draw(Look { scale, dark, width_px });
        let (width, height, _) = decode(&drawn.picture.png);
        prop_assert!((100..=6400).contains(&width), "{width}");
        prop_assert!((40..=2400).contains(&height), "{height}");
    }
}
