//! How large the tiles of a product are that are summed up in registers.

use pulp::Simd;

/// The lanes of AVX-512, which has 32 registers instead of 16.
pub(super) const WIDE: usize = 16;

/// The number of vectors of `lanes` numbers in the next panel where `left` are left.
///
/// Four, with as many rows as make sums of all registers but those for what is multiplied. On AVX2 the last six go
/// together: a tile of these has two rows, and the fewer rows it has, the more zeros it leaves out. A single vector
/// would leave the arithmetic units waiting for memory, so it is kept together with others where that can be.
#[inline(always)]
pub(super) fn panel(left: usize, lanes: usize) -> usize {
    match (lanes, left) {
        (_, 5) | (WIDE, 6) => 3,
        (_, 6) => 6,
        _ => left.min(4),
    }
}

/// For each panel of rows of `vectors` vectors of `lanes` numbers: the number of vectors before it, and in it.
pub(super) fn panels(vectors: usize, lanes: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut before = 0;
    std::iter::from_fn(move || {
        let width = panel(vectors - before, lanes);
        before += width;
        (width > 0).then_some((before - width, width))
    })
}

/// The most sums of a tile: they and what is multiplied fill the registers.
#[inline(always)]
pub(super) const fn most<S: Simd>() -> usize {
    if S::F32_LANES == WIDE { 24 } else { 12 }
}

/// The number of rows in the next tile of `width` vectors, where `left` rows are left.
///
/// As many sums as hide the delay of an addition, no more than there are registers, and no remainder of a
/// row or two where it can be helped.
#[inline(always)]
pub(super) fn height<S: Simd>(width: usize, left: usize) -> usize {
    let room = most::<S>() / width.max(1);
    match left {
        0..=4 => left,
        5 => 3,
        7 if room < 8 => 4,
        8 if (4..8).contains(&room) => 4,
        _ if room >= 8 => {
            if left >= 8 {
                8
            } else {
                4
            }
        }
        _ => room.min(left),
    }
    .min(room)
}

/// The rows of most tiles that leave zeros out.
pub(super) const SPARSE: usize = 4;

/// The sums of such a tile: enough to hide the delay of an addition and no more, since the more rows a tile has, the
/// more terms it goes over.
const SPARSE_SUMS: usize = 12;

/// The same as [`height`] where a tile of a product goes over the terms that any of its rows has.
#[inline(always)]
pub(super) fn sparse_height(width: usize, left: usize) -> usize {
    left.min((SPARSE_SUMS / width.max(1)).min(SPARSE))
}

/// The same for a tile of gradients, whose rows are a part of [`SPARSE`] or all of these.
#[inline(always)]
pub(super) fn sparse_part<S: Simd>(width: usize, left: usize) -> usize {
    left.min(if width * SPARSE > most::<S>() {
        SPARSE / 2
    } else {
        SPARSE
    })
}

/// Adds the outer product of some factors and some vectors to the sums of a tile.
///
/// By value, and by plain loops: sums that are never lent stay in registers, and what is not inlined here is
/// called for every number. Of factors and vectors the fewer are in registers all the time, the others one after the
/// other, or AVX2 would not have enough.
#[inline(always)]
pub(super) fn add_outer<S: Simd, const V: usize, const R: usize>(
    simd: S,
    mut sums: [[S::f32s; V]; R],
    factors: &[f32; R],
    vectors: &[S::f32s; V],
) -> [[S::f32s; V]; R] {
    if V > R {
        let mut broadcast = [simd.splat_f32s(0.0); R];
        let mut r = 0;
        while r < R {
            broadcast[r] = simd.splat_f32s(factors[r]);
            r += 1;
        }
        let mut v = 0;
        while v < V {
            let vector = vectors[v];
            let mut r = 0;
            while r < R {
                sums[r][v] = simd.mul_add_f32s(broadcast[r], vector, sums[r][v]);
                r += 1;
            }
            v += 1;
        }
        return sums;
    }
    let vectors = *vectors;
    let mut r = 0;
    while r < R {
        let factor = simd.splat_f32s(factors[r]);
        let mut v = 0;
        while v < V {
            sums[r][v] = simd.mul_add_f32s(factor, vectors[v], sums[r][v]);
            v += 1;
        }
        r += 1;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_cover_every_vector_once() {
        for (vectors, lanes) in (0..20).flat_map(|vectors| [(vectors, 8), (vectors, WIDE)]) {
            let mut next = 0;
            for (before, width) in panels(vectors, lanes) {
                assert_eq!(before, next);
                let last_six = lanes < WIDE && width == 6 && next + width == vectors;
                assert!((1..=4).contains(&width) || last_six);
                next += width;
            }
            assert_eq!(next, vectors);
        }
    }
}
