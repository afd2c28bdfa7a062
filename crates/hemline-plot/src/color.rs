//! Colours: one colour, the categorical palette, and the perceptual colour maps.

/// An sRGB colour with an opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
    /// Opacity, 0 (invisible) to 1 (opaque).
    pub alpha: f64,
}

impl Color {
    /// Opaque white.
    pub const WHITE: Self = Self::hex(0xff_ff_ff);
    /// Opaque black.
    pub const BLACK: Self = Self::hex(0);

    /// The opaque colour `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self {
            red,
            green,
            blue,
            alpha: 1.0,
        }
    }

    /// The same colour with the opacity `alpha`, clamped to [0, 1]; NaN counts as 1.
    pub const fn with_alpha(self, alpha: f64) -> Self {
        let alpha = if alpha.is_nan() {
            1.0
        } else {
            alpha.clamp(0.0, 1.0)
        };
        Self { alpha, ..self }
    }

    /// The opaque colour that lies the share `t` ∈ [0, 1] of the way to `other`.
    pub fn mix(self, other: Self, t: f64) -> Self {
        let blend = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
        Self {
            red: blend(self.red, other.red),
            green: blend(self.green, other.green),
            blue: blend(self.blue, other.blue),
            alpha: 1.0,
        }
    }

    /// Black or white, whichever stands out more against this colour.
    ///
    /// The relative luminance is that of WCAG 2.2; 0.179 is where the contrast ratios to black and to
    /// white are equal: (1.05)/(L + 0.05) = (L + 0.05)/0.05.
    pub fn readable_ink(self) -> Self {
        const EQUAL_CONTRAST: f64 = 0.179;
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 {
                c / 12.92
            } else {
                ((c + 0.055) / 1.055).powf(2.4)
            }
        };
        let luminance =
            0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue);
        if luminance > EQUAL_CONTRAST {
            Self::BLACK
        } else {
            Self::WHITE
        }
    }

    pub(crate) const fn rgb(self) -> [u8; 3] {
        [self.red, self.green, self.blue]
    }
}

/// Ten colours that people with colour-vision deficiencies can tell apart, in the order of use.
///
/// Source: M. A. Petroff, "Accessible Color Sequences for Data Visualization", arXiv:2107.02270.
pub const PALETTE: [Color; 10] = [
    Color::hex(0x3f_90_da),
    Color::hex(0xff_a9_0e),
    Color::hex(0xbd_1f_01),
    Color::hex(0x94_a4_a2),
    Color::hex(0x83_2d_b6),
    Color::hex(0xa9_6b_59),
    Color::hex(0xe7_63_00),
    Color::hex(0xb9_ac_70),
    Color::hex(0x71_75_81),
    Color::hex(0x92_da_dd),
];

/// A perceptually even map from [0, 1] to a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColorMap {
    /// From dark violet over green to yellow.
    #[default]
    Viridis,
    /// From dark blue to yellow, made for colour-vision deficiencies.
    Cividis,
    /// From white to dark blue: for counts, where nothing should look like nothing.
    Blues,
    /// From blue over white to red: for signed values.
    BlueWhiteRed,
}

impl ColorMap {
    /// The colour at `t`, clamped to [0, 1]; NaN maps to the middle.
    pub fn at(self, t: f64) -> Color {
        let t = if t.is_nan() { 0.5 } else { t.clamp(0.0, 1.0) };
        let color = match self {
            Self::Viridis => colorous::VIRIDIS.eval_continuous(t),
            Self::Cividis => colorous::CIVIDIS.eval_continuous(t),
            Self::Blues => colorous::BLUES.eval_continuous(t),
            Self::BlueWhiteRed => colorous::RED_BLUE.eval_continuous(1.0 - t),
        };
        Color {
            red: color.r,
            green: color.g,
            blue: color.b,
            alpha: 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_have_their_published_ends() {
        assert_eq!(ColorMap::Viridis.at(0.0), Color::hex(0x44_01_54));
        assert_eq!(ColorMap::Viridis.at(1.0).rgb(), [0xfd, 0xe7, 0x25]);
        assert_eq!(ColorMap::Viridis.at(f64::NAN), ColorMap::Viridis.at(0.5));
        assert_eq!(
            ColorMap::Viridis.at(f64::INFINITY),
            ColorMap::Viridis.at(1.0)
        );
    }

    #[test]
    fn ink_is_readable() {
        assert_eq!(Color::WHITE.readable_ink(), Color::BLACK);
        assert_eq!(Color::hex(0x08_30_6b).readable_ink(), Color::WHITE);
        assert_eq!(Color::hex(0xff_a9_0e).readable_ink(), Color::BLACK);
    }
}
