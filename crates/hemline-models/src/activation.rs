//! The activation functions a network may use between its layers.

use burn::tensor::{Tensor, activation};
use hemline_init::Activation as Function;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The activation of a network's hidden layers: a fixed function, or one with a learnt slope.
///
/// In a file it is `"relu"`, `{"leaky_relu": {"slope": 0.01}}` or `{"prelu": {"initial_slope": 0.25}}`.
///
/// ```
/// use hemline_models::Activation;
///
/// assert_eq!(Activation::RELU.name(), "relu");
/// let elu = Activation::Fixed(hemline_init::Activation::Elu { alpha: 1.0 });
/// assert_ne!(elu, Activation::RELU);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Activation {
    /// z for z > 0, a·z below, with one slope a for each layer, which is learnt. He et al., 2015.
    Prelu {
        /// The finite slope a that training starts from; PyTorch's is 0.25.
        initial_slope: f64,
    },
    /// A function that training does not change.
    #[serde(untagged)]
    Fixed(Function),
}

impl Activation {
    /// max(0, z).
    pub const RELU: Self = Self::Fixed(Function::Relu);
    /// σ(z) = 1/(1 + e⁻ᶻ).
    pub const SIGMOID: Self = Self::Fixed(Function::Sigmoid);
    /// z·σ(z), also called swish.
    pub const SILU: Self = Self::Fixed(Function::Silu);
    /// PReLU that starts from the slope 0.25.
    pub const PRELU: Self = Self::Prelu {
        initial_slope: 0.25,
    };

    /// The name used in files and tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Prelu { .. } => "prelu",
            Self::Fixed(function) => function.name(),
        }
    }

    /// The function that training starts with, which is what the law of the initial weights needs.
    pub fn initial(&self) -> Function {
        match *self {
            Self::Prelu {
                initial_slope: slope,
            } => Function::LeakyRelu { slope },
            Self::Fixed(function) => function,
        }
    }

    /// The number of trainable parameters.
    pub(crate) fn parameters(&self) -> usize {
        match self {
            Self::Prelu { .. } => 1,
            Self::Fixed(_) => 0,
        }
    }

    /// Checks the parameters against their domains; `field` is the setting that this is.
    pub(crate) fn check(&self, field: &'static str) -> Result<(), Error> {
        self.initial()
            .validate()
            .map_err(|error| Error::InvalidConfig {
                field,
                expected: "one with finite parameters".to_owned(),
                found: error.to_string(),
            })
    }
}

impl Default for Activation {
    fn default() -> Self {
        Self::RELU
    }
}

impl From<Function> for Activation {
    fn from(function: Function) -> Self {
        Self::Fixed(function)
    }
}

/// f(z), element by element, by burn's operations.
pub(crate) fn apply(function: Function, z: Tensor<2>) -> Tensor<2> {
    match function {
        Function::Relu => activation::relu(z),
        Function::LeakyRelu { slope } => activation::leaky_relu(z, slope),
        Function::Elu { alpha } => activation::elu(z, alpha),
        Function::Selu => activation::selu(z),
        Function::Gelu => activation::gelu(z),
        Function::GeluTanh => activation::gelu_approximate(z),
        Function::Silu => activation::silu(z),
        Function::Mish => activation::mish(z),
        Function::Softplus => activation::softplus(z, 1.0),
        Function::Tanh => activation::tanh(z),
        Function::Sigmoid => activation::sigmoid(z),
        Function::Identity => z,
        // The crates share a version, so a function added there is added here; a test holds every
        // one of them against the values of hemline-init.
        other => unreachable!("hemline-init has the activation {other:?}, which is missing here"),
    }
}
