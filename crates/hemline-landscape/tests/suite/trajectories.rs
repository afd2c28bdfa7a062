//! Layouts with buffers, and what a trajectory keeps.

use hemline_landscape::{
    EntryKind, Layout, RunningStatistics, SamplingConfig, Trajectory, assign, flatten,
};

use crate::common::{Network, Point, layout};

#[test]
fn running_statistics_are_in_the_vector_only_if_they_are_to_move() {
    let network = Network::new(5);
    let fixed = Layout::of(&network, RunningStatistics::Fixed);
    let names: Vec<&str> = fixed
        .entries
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    let expected = ["first", "first_bias", "norm.gamma", "norm.beta", "second"];
    assert_eq!(names, expected);
    assert_eq!(fixed.dimension(), 20 + 4 + 4 + 4 + 12);
    assert!(
        fixed
            .entries
            .iter()
            .all(|entry| entry.kind == EntryKind::Parameter)
    );

    let moving = Layout::of(&network, RunningStatistics::Moving);
    assert_eq!(moving.dimension(), fixed.dimension() + 8);
    let mean = moving.entry("norm.running_mean").unwrap();
    assert_eq!(
        (mean.kind, mean.shape.as_slice()),
        (EntryKind::Buffer, &[4][..])
    );
    let offsets: usize = moving.entries.iter().map(|entry| entry.len()).sum();
    assert_eq!(offsets, moving.dimension());
    // The same on a module in training.
    assert_eq!(
        Layout::of(
            &burn::module::Module::train(network),
            RunningStatistics::Moving
        ),
        moving
    );
}

#[test]
fn assigning_changes_a_copy_alone() {
    let network = Network::new(5);
    for statistics in [RunningStatistics::Fixed, RunningStatistics::Moving] {
        let layout = Layout::of(&network, statistics);
        let before = flatten(&network, &layout).unwrap();
        let wanted: Vec<f32> = (0..layout.dimension()).map(|i| i as f32).collect();
        let moved = assign(&network, &layout, &wanted).unwrap();
        assert_eq!(flatten(&moved, &layout).unwrap(), wanted);
        assert_eq!(flatten(&network, &layout).unwrap(), before);
    }
}

#[test]
fn a_frozen_parameter_does_not_move() {
    use burn::module::Module;
    let mut network = Network::new(5).train();
    network.first_bias = network.first_bias.set_require_grad(false);
    let names = |layout: &Layout| layout.entry("first_bias").is_some();
    assert!(!names(&Layout::of(&network, RunningStatistics::Fixed)));
}

#[test]
fn a_layout_survives_its_file() {
    let layout = Layout::of(&Network::new(3), RunningStatistics::Moving);
    let text = serde_json::to_string(&layout).unwrap();
    assert_eq!(serde_json::from_str::<Layout>(&text).unwrap(), layout);
}

#[test]
fn a_trajectory_is_bounded_and_even() {
    let folder = tempfile::tempdir().unwrap();
    let start = Point::new(&[0.0; 3]);
    for config in [
        SamplingConfig::every(3),
        SamplingConfig::every(3).spilled(folder.path()),
    ] {
        let config = config.at_most(10);
        let mut run = Trajectory::new("run", layout(&start), &config).unwrap();
        for iteration in 0..=1000 {
            let at = iteration as f32;
            let due = run.is_due(iteration);
            let taken = run.sample(iteration, &Point::new(&[at, -at, 1.0]));
            assert_eq!(taken.unwrap(), due, "iteration {iteration}");
            assert!(run.len() <= 10);
        }
        run.finish(1001, &Point::new(&[1001.0, -1001.0, 1.0]))
            .unwrap();
        run.finish(1001, &Point::new(&[0.0; 3])).unwrap();
        let steps: Vec<usize> = run.iterations().windows(2).map(|w| w[1] - w[0]).collect();
        let (last, even) = steps.split_last().unwrap();
        assert!(
            even.iter().all(|step| *step == even[0]),
            "{:?}",
            run.iterations()
        );
        assert!(*last <= even[0] && run.len() > 5);
        for (index, &iteration) in run.iterations().iter().enumerate() {
            let at = iteration as f32;
            assert_eq!(run.snapshot(index).unwrap(), [at, -at, 1.0]);
        }
    }
    // The file has no name that could be left behind.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
