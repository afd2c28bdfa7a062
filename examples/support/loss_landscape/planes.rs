//! Chooses the plane, the grid on it, and what its axes are called.

use anyhow::Context;
use burn::tensor::Tensor;
use hemline_data::TensorSet;
use hemline_landscape::{
    Grid, HessianConfig, HessianPlane, Layout, Normalization, Path, Pca, Plane, assign, gradient,
};
use hemline_models::{Mlp, Pass, cross_entropy};
use hemline_train::Purpose;
use rand::RngExt;
use serde::Serialize;

use super::args::PlaneName;
use super::runs::Run;

/// How far the grid reaches beyond the paths, as a share of their extent.
const MARGIN: f64 = 0.25;

/// How far it reaches from the end of the first run, where the directions are as long as the weights.
const REACH: f64 = 1.0;

/// The same in units of length, along directions of length 1.
const CURVED_REACH: f64 = 1.0;

/// How far a line reaches beyond its two ends, as a share of the distance between them.
const BEYOND: f64 = 0.5;

/// A plane with what is known of it.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) plane: Plane,
    pub(crate) axes: [String; 2],
    pub(crate) facts: PlaneFacts,
    /// Points that the grid should hold besides the paths.
    extra: Vec<[f64; 2]>,
}

/// What the report says of a plane.
#[derive(Debug, Serialize)]
pub(crate) struct PlaneFacts {
    pub(crate) name: PlaneName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explained_variance_ratio: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hessian_eigenvalues: Option<[f64; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hessian_residuals: Option<[f64; 2]>,
}

impl Chosen {
    pub(crate) fn new(
        name: PlaneName,
        runs: &[Run],
        examples: &TensorSet,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let first = runs.first().context("there is no run")?;
        let layout = first.trajectory.layout();
        let end = |run: &Run| run.trajectory.snapshot(run.trajectory.len() - 1);
        let facts = PlaneFacts {
            name,
            explained_variance_ratio: None,
            hessian_eigenvalues: None,
            hessian_residuals: None,
        };
        let corners = |reach: f64| vec![[-reach, -reach], [reach, reach]];
        Ok(match name {
            PlaneName::Pca => {
                let trajectories: Vec<_> = runs.iter().map(|run| &run.trajectory).collect();
                let pca = Pca::of(&trajectories, 2)?;
                let ratio = [0, 1].map(|i| pca.explained_variance_ratio[i]);
                let axis = |i: usize| {
                    let share = 100.0 * ratio[i];
                    format!("component {} ({share:.1} % of the variance)", i + 1)
                };
                Self {
                    plane: Plane::of_components(&pca, pca.mean.clone())?,
                    axes: [axis(0), axis(1)],
                    facts: PlaneFacts {
                        explained_variance_ratio: Some(ratio),
                        ..facts
                    },
                    extra: Vec::new(),
                }
            }
            PlaneName::Random => {
                let seed = hemline_train::generator(seed, Purpose::Evaluation, 1).random();
                Self {
                    plane: Plane::random(layout, &end(first)?, Normalization::Filter, seed)?,
                    axes: [1, 2].map(|i| format!("random direction {i} (filter lengths)")),
                    facts,
                    extra: corners(REACH),
                }
            }
            PlaneName::Hessian => {
                let found = hessian(&first.model, layout, &end(first)?, examples)?;
                let axis = |i: usize| {
                    format!(
                        "eigenvector {} (curvature {:.3})",
                        i + 1,
                        found.eigenvalues[i]
                    )
                };
                Self {
                    axes: [axis(0), axis(1)],
                    facts: PlaneFacts {
                        hessian_eigenvalues: Some(found.eigenvalues),
                        hessian_residuals: Some(found.residuals),
                        ..facts
                    },
                    plane: found.plane,
                    extra: corners(CURVED_REACH),
                }
            }
            PlaneName::Line => {
                let second = runs.get(1).context("a line needs a second run")?;
                Self {
                    plane: Plane::line(&end(first)?, &end(second)?)?,
                    axes: [
                        "share of the way to the other end".to_owned(),
                        String::new(),
                    ],
                    facts,
                    extra: Vec::new(),
                }
            }
        })
    }

    /// What the plane is, for a person.
    pub(crate) fn describe(&self) -> String {
        let [x, y] = &self.axes;
        let what = match self.facts.name {
            PlaneName::Pca => "through the mean of all snapshots",
            PlaneName::Random | PlaneName::Hessian => "through the end of the first run",
            PlaneName::Line => return "the line between the ends of the first two runs".to_owned(),
        };
        let converged = match (self.facts.hessian_eigenvalues, self.facts.hessian_residuals) {
            (Some([first, _]), Some(residuals)) => {
                let largest = residuals[0].max(residuals[1]) / first.abs();
                format!(
                    "; residuals at most {:.1} % of the first curvature",
                    100.0 * largest
                )
            }
            _ => String::new(),
        };
        format!("{what}, along {x} and {y}{converged}")
    }

    /// The grid that holds every path with a margin.
    pub(crate) fn grid(&self, runs: &[Run], points: usize) -> anyhow::Result<Grid> {
        if self.plane.is_line() {
            return Ok(Grid::line(-BEYOND, 1.0 + BEYOND, 2 * points + 1)?);
        }
        let mut held = self.extra.clone();
        for run in runs {
            held.extend(Path::project(&run.trajectory, &self.plane)?);
        }
        Ok(Grid::around(held, MARGIN, [points, points])?)
    }
}

/// The plane of the largest curvature at the end of a run.
fn hessian(
    model: &Mlp,
    layout: &Layout,
    end: &[f32],
    examples: &TensorSet,
) -> anyhow::Result<HessianPlane> {
    let images: Tensor<2> = examples.images().clone().autodiff();
    let labels = examples.labels().clone().autodiff();
    let slope = |at: &[f32]| {
        gradient(&assign(model, layout, at)?, layout, |model| {
            let logits = model.forward(images.clone(), &mut Pass::Evaluate);
            cross_entropy(logits, labels.clone())
        })
    };
    let config = HessianConfig {
        iterations: 30,
        ..HessianConfig::default()
    };
    Ok(HessianPlane::find(end, slope, &config)?)
}
