//! Memory for large tensors and sets of images, in pages so large that their first touch costs next to nothing,
//! and a processor remembers where all of them lie.

use bytes::Bytes;
use memmap2::MmapMut;

/// From how many bytes on memory is asked for in large pages, which have 2 MiB on most machines: with
/// fewer, the part that is not a whole page would not be small.
const LARGE: usize = 1 << 24;

/// The bytes of `count` numbers, which are 0 until `fill` has written them; none where the numbers are
/// few or the memory is not to be had, and then memory of the usual kind serves.
///
/// Linux hands out memory in pages of 4 KiB, each cleared at its first touch, which takes longer than to
/// convert the pixels in it. In large pages it does so where a program asks for them, as numpy does.
pub(crate) fn filled<T: bytemuck::Pod>(count: usize, fill: impl FnOnce(&mut [T])) -> Option<Bytes> {
    let size = count.checked_mul(size_of::<T>())?;
    if size < LARGE {
        return None;
    }
    let mut memory = MmapMut::map_anon(size).ok()?;
    // It is advice: whether it was taken changes no number.
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    fill(bytemuck::cast_slice_mut(&mut memory));
    Some(Bytes::from_owner(memory))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_memory_holds_what_was_written_and_small_is_left_to_others() {
        assert_eq!(filled(0, |_: &mut [f32]| ()), None);
        assert_eq!(filled(LARGE / 4 - 1, |_: &mut [f32]| ()), None);
        assert_eq!(filled(usize::MAX, |_: &mut [f32]| ()), None);
        for count in [LARGE / 4, LARGE / 4 + 1] {
            let bytes = filled(count, |numbers: &mut [f32]| {
                assert!(numbers.iter().all(|number| *number == 0.0));
                for (index, number) in numbers.iter_mut().enumerate() {
                    *number = index as f32;
                }
            });
            let bytes = bytes.expect("16 MiB can be had");
            let numbers: &[f32] = bytemuck::cast_slice(&bytes);
            assert_eq!(numbers.len(), count);
            let mut pairs = numbers.iter().enumerate();
            assert!(pairs.all(|(index, number)| *number == index as f32));
        }
    }
}
