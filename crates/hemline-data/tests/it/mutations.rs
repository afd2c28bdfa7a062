//! Random damage to valid files, and noise: an error or sound content, never a panic.

use crate::common::{gzip, idx, npy};
use hemline_data::{parse_images, parse_labels};
use proptest::prelude::*;

fn valid_files() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(vec![
        idx(8, &[2, 3, 3], &[9; 18]),
        idx(0x0e, &[1, 2, 2], &[0; 32]),
        npy(1, "|u1", "False", "(2, 3, 3)", &[9; 18]),
        npy(2, "<f8", "True", "(1, 2, 2)", &[0; 32]),
        npy(3, "<i8", "False", "(4,)", &[0; 32]),
        gzip(&idx(8, &[2, 3, 3], &[9; 18])),
        gzip(&npy(1, "<f4", "False", "(2, 4)", &[0; 32])),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn damaged_files_give_an_error_or_sound_images(
        mut file in valid_files(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        shorten: bool,
    ) {
        for (place, value) in changes {
            let place = place.index(file.len());
            file[place] = value;
        }
        if shorten {
            file.truncate(cut.index(file.len()));
        }
        if let Ok(images) = parse_images(&file[..], "damaged") {
            prop_assert_eq!(images.pixels().len(), images.count() * images.pixels_per_image());
            // Nothing inflates by more than deflate can.
            prop_assert!(images.pixels().len() <= 1032 * file.len());
        }
        if let Ok(labels) = parse_labels(&file[..], "damaged") {
            prop_assert!(labels.len() <= 1032 * file.len());
        }
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0..4) {
        let mut file = [&b""[..], b"\x93NUMPY\x01\x00", &[0, 0, 8, 3], &[0x1f, 0x8b, 8, 0]][kind as usize].to_vec();
        file.extend(bytes);
        let _ = parse_images(&file[..], "noise");
        let _ = parse_labels(&file[..], "noise");
    }
}
