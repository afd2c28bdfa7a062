//! One step on numbers that f32 multiplies and adds without rounding, at least up to the last kink: every
//! example is on the same side of every kink in both steps, so that they agree as closely as without kinks.

use hemline_init::Activation as Function;
use hemline_models::{Activation, Mlp};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::agree;
use super::case::{Case, cases};

/// Inputs are multiples of 1/8 below 1.
pub(crate) fn input(draws: &mut ChaCha8Rng) -> f32 {
    f32::from(draws.random_range(0..8_u8)) / 8.0
}

/// The network with weights that are multiples of 1/16, and biases so fine that no sum is 0.
///
/// What goes into the second layer is then a multiple of 2⁻¹² (by the activation's 1/8 and the dropout's 2),
/// and what comes out of it one of 2⁻¹⁶ that has not 24 binary places.
pub(crate) fn rounded(network: Mlp) -> Mlp {
    let mut tensors = network.state_dict().unwrap();
    let mut biases = [2.0_f32.powi(-8), 2.0_f32.powi(-17)].into_iter();
    for tensor in &mut tensors.tensors {
        if tensor.shape.len() == 2 {
            let round = |weight: &mut f32| *weight = (*weight * 16.0).round() / 16.0;
            tensor.values.iter_mut().for_each(round);
        } else if tensor.name.ends_with("bias") {
            tensor.values.fill(biases.next().unwrap_or(0.0));
        }
    }
    network.load_state_dict(tensors).unwrap()
}

fn dyadic_cases() -> impl Strategy<Value = Case> {
    let kinked = prop_oneof![
        Just(Function::Relu.into()),
        Just(Function::LeakyRelu { slope: 0.125 }.into()),
        Just(Activation::PRELU),
    ];
    (cases(), kinked, any::<bool>()).prop_map(|(mut case, activation, dropout)| {
        case.model.activation = activation;
        case.model.batch_norm = false;
        case.model.dropout = if dropout { 0.5 } else { 0.0 };
        case.model.hidden.truncate(2);
        Case {
            dyadic: true,
            ..case
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_step_agrees_closely_where_no_kink_is_in_doubt(case in dyadic_cases()) {
        agree(&case, 1)?;
    }
}
