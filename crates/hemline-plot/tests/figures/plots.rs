//! Curves, distributions and points.

use hemline_plot::*;

use super::*;

pub(crate) fn loss_of_last_iterations() -> Plot {
    let mut noise = Noise(7);
    let x: Vec<f64> = (9361..=9380).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|_| 0.21 + 0.03 * noise.normal()).collect();
    Plot::new("Training loss of the last 20 iterations")
        .x(Axis::linear("iteration").whole_numbers())
        .y(Axis::linear("cross-entropy (nats)"))
        .layer(
            Line::new("training loss", &x, &y)
                .unwrap()
                .marker(Marker::Circle),
        )
}

pub(crate) fn curves() -> Plot {
    let mut noise = Noise(3);
    let x = upto(9380);
    let y: Vec<f64> = x
        .iter()
        .map(|i| (0.25 + 2.0 / (1.0 + i / 40.0)) * (1.0 + 0.12 * noise.normal()))
        .collect();
    let epochs: Vec<f64> = (1..=20).map(|e| f64::from(e) * 469.0).collect();
    let valid: Vec<f64> = epochs
        .iter()
        .map(|i| 0.33 + 1.2 / (1.0 + i / 300.0))
        .collect();
    let low: Vec<f64> = valid.iter().map(|v| v * 0.9).collect();
    let high: Vec<f64> = valid.iter().map(|v| v * 1.12).collect();
    Plot::new("Loss while training")
        .x(Axis::linear("iteration").tight())
        .y(Axis::logarithmic("cross-entropy (nats)"))
        .layer(
            Line::new("training, each iteration", &x, &y)
                .unwrap()
                .color(Color::hex(0xa8_cd_ee)),
        )
        .layer(
            Line::new("validation, mean and spread of 5 seeds", &epochs, &valid)
                .unwrap()
                .band(&low, &high)
                .unwrap()
                .marker(Marker::Circle)
                .color(PALETTE[2]),
        )
        .layer(Rule::horizontal("epoch of the best", 0.36))
}

pub(crate) fn variance_by_depth() -> Plot {
    let depth = upto(100);
    let series = [
        ("He", 1.0),
        ("Glorot", 0.93),
        ("LeCun", 0.5),
        ("burn's default", 1.0 / 6.0),
        ("gain 2", 2.0),
    ];
    let mut plot = Plot::new("Variance of the pre-activations by depth (width 256, ReLU)")
        .x(Axis::linear("layer").whole_numbers())
        .y(Axis::logarithmic("Var[z], relative to the first layer"));
    for (index, (name, factor)) in series.into_iter().enumerate() {
        let mut noise = Noise(index as u64 + 1);
        let y: Vec<f64> = depth
            .iter()
            .map(|d| f64::powf(factor, *d - 1.0) * (0.08 * noise.normal()).exp())
            .collect();
        plot = plot.layer(Line::new(name, &depth, &y).unwrap());
    }
    plot.layer(Rule::horizontal("the law: constant", 1.0))
}

pub(crate) fn density() -> Plot {
    let mut noise = Noise(11);
    let samples: Vec<f64> = (0..50_000).map(|_| noise.normal()).collect();
    let bell = |z: f64| (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    Plot::new("Density of z = w·x for x held constant")
        .x(Axis::linear("z"))
        .y(Axis::linear("density").from_zero())
        .layer(Histogram::new("measured, 50,000 draws", &samples).unwrap())
        .layer(
            Line::of_function("predicted: (1/|x|) f_w(z/x)", (-5.0, 5.0), bell)
                .unwrap()
                .color(PALETTE[2]),
        )
}

pub(crate) fn anomaly_scores() -> Plot {
    let mut noise = Noise(5);
    let test: Vec<f64> = (0..10_000)
        .map(|_| 0.009 * (0.45 * noise.normal()).exp())
        .collect();
    let random: Vec<f64> = (0..2_000).map(|_| 0.075 + 0.004 * noise.normal()).collect();
    let range = Some((0.0, 0.095));
    Plot::new("Anomaly score: reconstruction error")
        .x(Axis::linear("mean squared error per pixel").tight())
        .y(Axis::linear("density").from_zero())
        .layer(Histogram::with_bins("test images", &test, 95, range).unwrap())
        .layer(Histogram::with_bins("uniform noise", &random, 95, range).unwrap())
        .layer(Rule::vertical("99th percentile of the test images", 0.026))
}

pub(crate) fn codes() -> Plot {
    let mut noise = Noise(13);
    let (mut x, mut y, mut classes) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..10_000 {
        let class = index % 10;
        let angle = class as f64 * 0.63;
        x.push(6.0 * angle.cos() + 1.3 * noise.normal());
        y.push(4.0 * angle.sin() + 1.1 * noise.normal());
        classes.push(class);
    }
    Plot::new("Codes of the test set in two dimensions")
        .x(Axis::linear("first component (31 % of the variance)"))
        .y(Axis::linear("second component (18 %)"))
        .layer(ClassPoints::new(&x, &y, &classes, &CLASSES).unwrap())
}
