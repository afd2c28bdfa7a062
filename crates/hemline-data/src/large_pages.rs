//! Memory for large tensors, in pages so large that the first touch of each costs next to nothing.

use burn::tensor::{AllocationProperty, Bytes};
use memmap2::MmapMut;

/// From how many bytes on memory is asked for in large pages, which have 2 MiB on most machines: with
/// fewer, the part that is not a whole page would not be small.
const LARGE: usize = 1 << 24;

/// The bytes of `count` numbers, which are 0 until `fill` has written them.
///
/// Linux hands out memory in pages of 4 KiB, each cleared at its first touch, which takes longer than to
/// convert the pixels in it. In large pages it does so where a program asks for them, as numpy does.
/// Where there are none, the memory is the usual one.
pub(crate) fn filled(count: usize, fill: impl FnOnce(&mut [f32])) -> Bytes {
    let size = count.saturating_mul(size_of::<f32>());
    if size >= LARGE
        && let Ok(mut memory) = MmapMut::map_anon(size)
    {
        // It is advice: whether it was taken changes no number.
        #[cfg(target_os = "linux")]
        let _ = memory.advise(memmap2::Advice::HugePage);
        fill(bytemuck::cast_slice_mut(&mut memory));
        return Bytes::from_shared(bytes::Bytes::from_owner(memory), AllocationProperty::Other);
    }
    let mut numbers = vec![0.0; count];
    fill(&mut numbers);
    Bytes::from_elems(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_memory_hold_what_was_written() {
        for count in [0, 1, LARGE / 4 - 1, LARGE / 4, LARGE / 4 + 1] {
            let bytes = filled(count, |numbers| {
                assert!(numbers.iter().all(|number| *number == 0.0));
                for (index, number) in numbers.iter_mut().enumerate() {
                    *number = index as f32;
                }
            });
            let numbers: &[f32] = bytemuck::cast_slice(&bytes);
            assert_eq!(numbers.len(), count);
            let mut pairs = numbers.iter().enumerate();
            assert!(pairs.all(|(index, number)| *number == index as f32));
        }
    }
}
