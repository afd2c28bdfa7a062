//! The landscape's work: principal components, and the loss on a grid by the plain and the fast path.
#![allow(missing_docs, reason = "Criterion's macros write undocumented items")]

#[path = "../examples/support/loss_landscape/dense.rs"]
mod dense;

use std::num::NonZeroUsize;

use burn::tensor::Device;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hemline_data::{SyntheticGarments, TensorSet};
use hemline_landscape::{
    DenseLoss, Entry, EntryKind, Grid, Layout, ModuleLoss, Normalization, Pca, Plane, PlaneLoss,
    RunningStatistics, SamplingConfig, Surface, SurfaceConfig, Trajectory, flatten,
    softmax_cross_entropy,
};
use hemline_models::{Mlp, MlpConfig, Pass, cross_entropy};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The examples that a loss is the mean over.
const EXAMPLES: usize = 2_500;

/// Points along each side of the grid.
const SIDE: usize = 50;

/// Snapshots and parameters of a usual trajectory.
const SNAPSHOTS: usize = 200;
const PARAMETERS: usize = 45_000;

fn components(criterion: &mut Criterion) {
    let layout = Layout {
        entries: vec![Entry {
            name: "all".to_owned(),
            shape: vec![PARAMETERS],
            offset: 0,
            kind: EntryKind::Parameter,
        }],
        running_statistics: RunningStatistics::Fixed,
    };
    let mut trajectory =
        Trajectory::new("walk", layout, &SamplingConfig::every(1)).expect("the settings are valid");
    let mut generator = ChaCha8Rng::seed_from_u64(0);
    let mut point = vec![0.0_f32; PARAMETERS];
    for iteration in 0..SNAPSHOTS {
        for value in &mut point {
            *value += generator.random_range(-0.01..0.01);
        }
        trajectory
            .push(iteration, &point)
            .expect("it is as long as the layout");
    }
    let mut group = criterion.benchmark_group("components");
    group.sample_size(10);
    group.bench_function(format!("first_2_of_{SNAPSHOTS}x{PARAMETERS}"), |bencher| {
        bencher.iter(|| Pca::of(&[&trajectory], 2).expect("a walk has two directions"));
    });
    group.finish();
}

fn grid(criterion: &mut Criterion) {
    let device = Device::flex();
    let garments = SyntheticGarments {
        train: EXAMPLES,
        test: 10,
        ..Default::default()
    };
    let data = garments.draw().expect("the sizes are valid");
    let images = data.development();
    let tensors = TensorSet::new(images, &device);
    let pixels = images.images().to_f32();
    for hidden in [vec![50, 50], vec![50, 50, 50]] {
        let name: String = hidden.iter().map(|width| format!("{width}-")).collect();
        let mlp = MlpConfig::new(784, hidden, 10)
            .init(&mut ChaCha8Rng::seed_from_u64(0), &device)
            .expect("the settings are valid");
        let layout = Layout::of(&mlp, RunningStatistics::Fixed);
        let center = flatten(&mlp, &layout).expect("the layout is the module's");
        let plane = Plane::random(&layout, &center, Normalization::Filter, 0).expect("a plane");
        let points = Grid::around([[-1.0, -1.0], [1.0, 1.0]], 0.0, [SIDE, SIDE]).expect("a grid");
        let chunk = NonZeroUsize::new(1_000).expect("it is not zero");
        let plain = ModuleLoss::new(&mlp, &layout, &plane, "bench", |mlp: &Mlp| {
            let mut sum = 0.0;
            for batch in tensors.chunks(chunk) {
                let count = batch.images.dims()[0] as f64;
                let logits = mlp.forward(batch.images, &mut Pass::Evaluate);
                let loss = cross_entropy(logits, batch.labels).try_into_scalar::<f32>()?;
                sum += count * f64::from(loss);
            }
            Ok(sum / EXAMPLES as f64)
        })
        .expect("the plane is the module's");
        let compute = |loss: &dyn PlaneLoss| {
            Surface::compute(loss, &points, &SurfaceConfig::default(), &mut ()).expect("a surface")
        };
        let mut group = criterion.benchmark_group(format!("loss_on_{SIDE}x{SIDE}_784-{name}10"));
        group
            .throughput(Throughput::Elements((SIDE * SIDE) as u64))
            .sample_size(10);
        let network = dense::network(&mlp, &layout).expect("its layers are dense");
        // With what it computes once for the whole plane.
        group.bench_function("fast", |bencher| {
            bencher.iter(|| {
                let head = softmax_cross_entropy(images.labels());
                let loss = DenseLoss::new(&network, &layout, &plane, &pixels, "bench", head);
                compute(&loss.expect("the layers are the module's"))
            });
        });
        group.bench_function("plain", |bencher| bencher.iter(|| compute(&plain)));
        group.finish();
    }
}

criterion_group!(benches, components, grid);
criterion_main!(benches);
