//! Tensors hold what the images hold.

use burn::tensor::Device;
use hemline_data::{BatchIndices, Error, Images, LabelledImages, TensorSet};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::num::NonZeroUsize;

fn small() -> (LabelledImages, TensorSet) {
    let images = Images::new((0..42).map(|pixel| pixel * 6).collect(), 7, 2, 3).unwrap();
    let data = LabelledImages::new(images, vec![0, 1, 2, 3, 4, 5, 6], 7).unwrap();
    let set = TensorSet::new(&data, &Device::flex());
    (data, set)
}

fn size(size: usize) -> NonZeroUsize {
    NonZeroUsize::new(size).unwrap()
}

#[test]
fn minibatches_are_the_rows_that_were_drawn() {
    let (data, set) = small();
    assert_eq!(
        set.images()
            .clone()
            .into_data()
            .try_to_vec::<f32>()
            .unwrap(),
        data.images().to_f32()
    );
    let rng = || ChaCha8Rng::seed_from_u64(11);
    let batches: Vec<_> = set.minibatches(size(3), &mut rng()).collect();
    assert_eq!(batches.len(), set.minibatches(size(3), &mut rng()).len());
    for (indices, batch) in BatchIndices::new(7, size(3), &mut rng()).zip(&batches) {
        let expected = data.subset(&indices).unwrap();
        assert_eq!(batch.images.dims(), [indices.len(), 6]);
        assert_eq!(
            batch.images.to_data().try_to_vec::<f32>().unwrap(),
            expected.images().to_f32()
        );
        let labels: Vec<u32> = batch
            .labels
            .to_data()
            .iter::<i64>()
            .map(|label| label as u32)
            .collect();
        assert_eq!(labels, expected.labels());
    }
    let last = set.minibatches(size(3), &mut rng()).nth(2).unwrap();
    assert_eq!(last.labels.to_data(), batches[2].labels.to_data());
    assert_eq!(last.images.dims(), [1, 6]);
}

#[test]
fn chunks_keep_the_order() {
    let (_, set) = small();
    let chunks: Vec<_> = set.chunks(size(4)).collect();
    assert_eq!(
        chunks
            .iter()
            .map(|chunk| chunk.images.dims()[0])
            .collect::<Vec<_>>(),
        [4, 3]
    );
    let labels: Vec<i64> = chunks
        .iter()
        .flat_map(|c| c.labels.to_data().iter::<i64>().collect::<Vec<_>>())
        .collect();
    assert_eq!(labels, [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn rows_that_are_not_there() {
    let (_, set) = small();
    assert!(matches!(
        set.rows(&[0, 7]),
        Err(Error::IndexOutOfRange { index: 7, count: 7 })
    ));
    assert!(set.rows(&[]).is_err());
    assert_eq!(set.rows(&[6, 6]).unwrap().labels.dims(), [2]);
}
