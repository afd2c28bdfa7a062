//! What a search shows: tables, bars and parallel coordinates.

use hemline_plot::*;

use super::*;

pub(crate) fn importance() -> BarChart {
    BarChart::new(
        "Importance of each hyper-parameter",
        "share of the variance of validation accuracy",
        &[
            "learning rate",
            "L2 strength",
            "minibatch",
            "epochs",
            "units",
            "hidden layers",
        ],
        &[0.612, 0.148, 0.101, 0.0721, 0.0413, 0.000_95],
    )
    .unwrap()
}

pub(crate) fn confusion() -> HeatMap {
    let mut counts = vec![0_u64; 100];
    let mut noise = Noise(17);
    for true_class in 0..10 {
        let mut left = 1000;
        for predicted in 0..10 {
            let near = [(0, 6), (2, 4), (4, 6), (2, 6), (7, 9), (5, 7), (3, 0)];
            let confused = near.iter().any(|&(a, b)| {
                (true_class, predicted) == (a, b) || (true_class, predicted) == (b, a)
            });
            let count = if confused {
                40.0 + 90.0 * noise.uniform()
            } else {
                8.0 * noise.uniform()
            } as u64;
            if predicted != true_class {
                counts[true_class * 10 + predicted] = count;
                left -= count;
            }
        }
        counts[true_class * 11] = left;
    }
    HeatMap::confusion("Confusion matrix of the test set", &CLASSES, &counts).unwrap()
}

pub(crate) fn study(trials: usize) -> ParallelCoordinates {
    let mut noise = Noise(19);
    let mut pick =
        |values: &[f64]| values[(noise.uniform() * values.len() as f64) as usize % values.len()];
    let layers: Vec<f64> = (0..trials).map(|_| pick(&[3.0, 4.0, 5.0])).collect();
    let units: Vec<f64> = (0..trials).map(|_| pick(&[30.0, 40.0, 50.0])).collect();
    let batch: Vec<f64> = (0..trials)
        .map(|_| pick(&[16.0, 32.0, 64.0, 128.0, 256.0]))
        .collect();
    let rate: Vec<f64> = (0..trials)
        .map(|_| 10_f64.powf(-3.0 + 2.7 * noise.uniform()))
        .collect();
    let decay: Vec<f64> = (0..trials)
        .map(|_| 10_f64.powf(-6.0 + 4.0 * noise.uniform()))
        .collect();
    let activation: Vec<&str> = (0..trials)
        .map(|_| ["ReLU", "LeakyReLU", "SiLU"][(noise.uniform() * 3.0) as usize])
        .collect();
    let scores: Vec<f64> = (0..trials)
        .map(|i| {
            let off = (rate[i].log10() + 1.3).abs();
            let score = 0.888 - 0.02 * off * off
                + 0.002 * (units[i] - 40.0) / 10.0
                + 0.003 * noise.normal();
            if rate[i] > 0.45 { f64::NAN } else { score }
        })
        .collect();
    ParallelCoordinates::new(
        format!("{trials} trials, by validation accuracy"),
        vec![
            Dimension::choices("hidden layers", &layers).unwrap(),
            Dimension::choices("units", &units).unwrap(),
            Dimension::new(Axis::logarithmic("learning rate"), &rate).unwrap(),
            Dimension::choices("minibatch", &batch).unwrap(),
            Dimension::new(Axis::logarithmic("L2 strength"), &decay).unwrap(),
            Dimension::names("activation", &activation).unwrap(),
        ],
        Axis::linear("validation accuracy"),
        &scores,
        Better::Higher,
    )
    .unwrap()
}

pub(crate) fn tuning() -> Panels {
    let mut noise = Noise(23);
    let x = upto(100);
    let y: Vec<f64> = x
        .iter()
        .map(|_| 0.885 - 0.01 * noise.normal().abs())
        .collect();
    let best: Vec<f64> = y
        .iter()
        .scan(0.0_f64, |best, y| {
            *best = best.max(*y);
            Some(*best)
        })
        .collect();
    let history = Plot::new("History")
        .x(Axis::linear("trial").whole_numbers())
        .y(Axis::linear("validation accuracy"))
        .layer(Points::new("trial", &x, &y).unwrap())
        .layer(
            Line::new("best so far", &x, &best)
                .unwrap()
                .stepped()
                .color(PALETTE[2]),
        );
    Panels::rows().panel(1.35, study(100)).panel(
        1.0,
        Panels::columns()
            .panel(1.0, importance())
            .panel(1.0, history),
    )
}

pub(crate) fn errors() -> HeatMap {
    let rates = ["0.001", "0.01", "0.1", "0.5"];
    let values: Vec<f64> = (0..20)
        .map(|i| {
            if i == 19 {
                f64::NAN
            } else {
                f64::from(i).sin().abs() + 0.01
            }
        })
        .collect();
    HeatMap::new(
        "Grid search",
        ("minibatch", &["16", "32", "64", "128", "256"]),
        ("learning rate", &rates),
        "validation loss",
        &values,
    )
    .unwrap()
    .color_axis(Axis::logarithmic("validation loss"))
}
