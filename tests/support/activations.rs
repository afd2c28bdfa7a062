//! Every activation that a network can have, with parameters that are not the usual ones.

use hemline_init::Activation as Function;
use hemline_models::Activation;

pub(crate) fn every_activation() -> [Activation; 13] {
    [
        Activation::PRELU,
        Function::Identity.into(),
        Function::Relu.into(),
        Function::LeakyRelu { slope: 0.1 }.into(),
        Function::Elu { alpha: 0.7 }.into(),
        Function::Selu.into(),
        Function::Gelu.into(),
        Function::GeluTanh.into(),
        Function::Silu.into(),
        Function::Mish.into(),
        Function::Softplus.into(),
        Function::Tanh.into(),
        Function::Sigmoid.into(),
    ]
}
