//! Draws per second of hemline-init: the samplers, the streaming moments, and the whole table of checks.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "Criterion's macros write undocumented items"
)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hemline_init::{
    Activation, IndependentNeuron, Initializer, Law, Moments, Plan, WeightDistribution, check_all,
    counter_examples, normal_law, rectified_normal_law, weight_law,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const SHAPES: [WeightDistribution; 3] = [
    WeightDistribution::Normal,
    WeightDistribution::Uniform,
    WeightDistribution::TruncatedNormal,
];

fn samplers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("he_784x128");
    group.throughput(Throughput::Elements(784 * 128));
    for shape in SHAPES {
        let initializer = Initializer::he(shape);
        group.bench_function(format!("{shape:?}"), |bencher| {
            let mut rng = ChaCha8Rng::seed_from_u64(0);
            bencher.iter(|| {
                initializer
                    .sample(784, 128, Activation::Relu, &mut rng)
                    .unwrap()
            });
        });
    }
    group.finish();
}

fn moments(criterion: &mut Criterion) {
    const COUNT: usize = 1 << 16;
    let mut values = vec![0.0; COUNT];
    normal_law(1.0, 2.0)
        .unwrap()
        .fill(&mut values, &mut ChaCha8Rng::seed_from_u64(1));
    let mut group = criterion.benchmark_group("moments");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("blocks of 512", |bencher| {
        bencher.iter_batched_ref(
            Moments::new,
            |moments| {
                for block in black_box(&values).chunks(512) {
                    moments.extend(block).unwrap();
                }
                *moments
            },
            BatchSize::SmallInput,
        );
    });
    group.bench_function("one by one", |bencher| {
        bencher.iter_batched_ref(
            Moments::new,
            |moments| {
                for value in black_box(&values) {
                    moments.push(*value).unwrap();
                }
                *moments
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn checks(criterion: &mut Criterion) {
    const FAN_IN: usize = 16;
    const DRAWS: u64 = 10_000_000;
    let neuron = IndependentNeuron {
        weights: weight_law(WeightDistribution::Normal, 2.0 / FAN_IN as f64).unwrap(),
        inputs: rectified_normal_law(1.0).unwrap(),
    };
    let mut group = criterion.benchmark_group("checks_1e7_draws");
    group
        .throughput(Throughput::Elements(DRAWS))
        .sample_size(10);
    for workers in [1, 2] {
        let plan = Plan {
            draws: DRAWS,
            workers,
            ..Plan::default()
        };
        group.bench_function(format!("table, {workers} workers"), |bencher| {
            bencher.iter(|| check_all(&neuron, FAN_IN, &plan).unwrap());
        });
        group.bench_function(format!("counter-examples, {workers} workers"), |bencher| {
            bencher.iter(|| counter_examples(4, &plan).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, samplers, moments, checks);
criterion_main!(benches);
