//! How the gradients of several devices become one: by burn's accumulator, or by its collectives.

use std::panic::{AssertUnwindSafe, catch_unwind};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::distributed::{CollectiveTensor, ReduceOperation, all_reduce};
use burn::tensor::{Device, Tensor};

use crate::Error;
use crate::error::panic_message;

/// The way in which a [`DataParallelStep`](crate::DataParallelStep) adds up the gradients of its shards.
///
/// Both give g = Σ_k (n_k/n) g_k on the main device, the sum in f32; they may round it differently, as the
/// order of the terms is the device's own in a collective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reduction {
    /// Each gradient is copied to the main device and added there, in the order of the shards, by burn's
    /// `GradientsAccumulator`. It works on every device, and on different ones together.
    Accumulator,
    /// burn's `all_reduce`, by which the devices exchange gradients themselves. In burn 0.22 NVIDIA cards
    /// have it, where NCCL is installed. **Not tested by us**: we had no two cards. What is tested is all
    /// but the exchange itself.
    Collective,
}

impl Reduction {
    /// The best way for these devices: collectives where they have been seen to work.
    pub(crate) fn of(devices: &[Device]) -> Self {
        if exchange_gradients(devices) {
            Self::Collective
        } else {
            Self::Accumulator
        }
    }

    /// Brings a shard's gradient to where it is added to the others. The shard's own thread calls this.
    pub(crate) fn send<M: Module>(
        self,
        module: &M,
        gradient: GradientsParams,
        main: &Device,
    ) -> GradientsParams {
        match self {
            Self::Accumulator => gradient.to_device(main, module),
            Self::Collective => gradient,
        }
    }

    /// The gradient of the whole minibatch on `main`, from those of the shards as they were sent.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] where burn panics during a collective.
    pub(crate) fn sum<M: Module>(
        self,
        module: &M,
        shards: Vec<GradientsParams>,
        main: &Device,
    ) -> Result<GradientsParams, Error> {
        match self {
            Self::Accumulator => {
                let mut sum = GradientsAccumulator::new();
                for shard in shards {
                    sum.accumulate(module, shard);
                }
                Ok(sum.grads())
            }
            Self::Collective => {
                let exchanged = || sum_each(module, shards, main, &Collective);
                catch_unwind(AssertUnwindSafe(exchanged)).map_err(|panic| Error::Device {
                    action: "exchanging gradients",
                    message: panic_message(&*panic).to_owned(),
                })
            }
        }
    }
}

/// Adds up tensors of one shape that lie on different devices.
trait Exchange {
    /// The sum, on the device of the first; there are at least two.
    fn sum<const D: usize>(&self, shards: Vec<Tensor<D>>) -> Tensor<D>;
}

/// By burn's collectives.
struct Collective;

impl Exchange for Collective {
    fn sum<const D: usize>(&self, shards: Vec<Tensor<D>>) -> Tensor<D> {
        let devices: Vec<Device> = shards.iter().map(Tensor::device).collect();
        let share = |shard| all_reduce(shard, ReduceOperation::Sum, devices.clone());
        // None is waited for before all have begun: each waits for the others.
        let begun: Vec<_> = shards.into_iter().map(share).collect();
        let mut sums: Vec<_> = begun.into_iter().map(CollectiveTensor::resolve).collect();
        sums.swap_remove(0)
    }
}

/// Adds up the shards' gradients, parameter by parameter.
fn sum_each<M: Module>(
    module: &M,
    shards: Vec<GradientsParams>,
    main: &Device,
    exchange: &impl Exchange,
) -> GradientsParams {
    let mut sums = Sums {
        shards,
        main,
        exchange,
        sums: GradientsParams::new(),
    };
    module.visit(&mut sums);
    sums.sums
}

struct Sums<'a, E> {
    shards: Vec<GradientsParams>,
    main: &'a Device,
    exchange: &'a E,
    sums: GradientsParams,
}

impl<E: Exchange> ModuleVisitor for Sums<'_, E> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // A loss may leave a parameter out, on one shard and not on another.
        let found = self.shards.iter_mut().filter_map(|it| it.remove(param.id));
        let mut found: Vec<Tensor<D>> = found.collect();
        let sum = match found.len() {
            0 => return,
            1 => found.swap_remove(0),
            _ => self.exchange.sum(found),
        };
        self.sums.register(param.id, sum.to_device(self.main));
    }
}

/// Whether these devices are different ones that can exchange tensors, which is tried.
fn exchange_gradients(devices: &[Device]) -> bool {
    // A device that is twice in a group waits for itself.
    let different = (1..devices.len()).all(|n| !devices[..n].contains(&devices[n]));
    if devices.len() < 2 || !different {
        return false;
    }
    // burn panics where there are no collectives, and its cards have none without NCCL.
    let tried = || all_are_cards(devices) && sums_ones(devices, &Collective);
    catch_unwind(AssertUnwindSafe(tried)).unwrap_or(false)
}

/// Whether ones on all devices add up to how many there are.
fn sums_ones(devices: &[Device], exchange: &impl Exchange) -> bool {
    // Without differentiation, as gradients are.
    let ones = |device: &Device| Tensor::<1>::ones([3], &device.clone().without_autodiff());
    let ones = devices.iter().map(ones).collect();
    let expected = devices.len() as f32;
    match exchange.sum(ones).try_into_data() {
        Ok(sum) => sum.iter::<f32>().all(|sum| sum == expected),
        Err(_) => false,
    }
}

/// Whether all are NVIDIA cards of this machine. Of the other devices that burn may have, a remote one
/// would have collectives where its server has; but one without them loses the session by being asked.
#[cfg(feature = "cuda")]
fn all_are_cards(devices: &[Device]) -> bool {
    let cards = Device::enumerate(burn::tensor::DeviceType::Cuda).into_vec();
    let is_card = |device: &Device| cards.contains(&device.clone().without_autodiff());
    devices.iter().all(is_card)
}

#[cfg(not(feature = "cuda"))]
fn all_are_cards(_: &[Device]) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use burn::nn::{Linear, LinearConfig};

    use super::*;

    /// What a collective does, on one device: adds in order, and counts.
    struct InOrder(std::cell::Cell<usize>);

    impl Exchange for InOrder {
        fn sum<const D: usize>(&self, shards: Vec<Tensor<D>>) -> Tensor<D> {
            self.0.set(self.0.get() + 1);
            assert!(shards.len() > 1);
            shards.into_iter().reduce(|sum, shard| sum + shard).unwrap()
        }
    }

    fn gradients(net: &Linear, input: f32, bias: bool) -> GradientsParams {
        let input = Tensor::<2>::full([1, 3], input, &net.devices()[0]);
        let output = if bias {
            net.forward(input)
        } else {
            input.matmul(net.weight.val())
        };
        GradientsParams::from_grads(output.powi_scalar(2).sum().backward(), net)
    }

    fn values(net: &Linear, of: &GradientsParams) -> [Option<Vec<f32>>; 2] {
        let weight = of.get::<2>(net.weight.id).map(Tensor::into_data);
        let bias = net.bias.as_ref().unwrap();
        let bias = of.get::<1>(bias.id).map(Tensor::into_data);
        [weight, bias].map(|data| data.map(|data| data.iter().collect()))
    }

    #[test]
    fn both_ways_sum_the_same_gradients() {
        let device = Device::flex().autodiff();
        let net = LinearConfig::new(3, 2).init(&device);
        // Of the three shards the second has no gradient of the bias; then only one has; then none.
        for (biases, exchanges) in [
            ([true, false, true], 2),
            ([false, false, true], 1),
            ([false; 3], 1),
        ] {
            let shards = || {
                let inputs = [0.3, -1.7, 2.9].into_iter().zip(biases);
                inputs.map(|(x, bias)| gradients(&net, x, bias)).collect()
            };
            let exchange = InOrder(Default::default());
            let exchanged = values(&net, &sum_each(&net, shards(), &device, &exchange));
            let accumulated = Reduction::Accumulator.sum(&net, shards(), &device).unwrap();
            assert_eq!(exchanged, values(&net, &accumulated));
            assert!(exchanged[0].as_ref().unwrap().iter().all(|g| *g != 0.0));
            assert_eq!(exchanged[1].is_some(), biases.contains(&true));
            assert_eq!(exchange.0.get(), exchanges);
        }
    }

    #[test]
    fn a_panic_of_a_collective_is_an_error() {
        let device = Device::flex().autodiff();
        let net = LinearConfig::new(3, 2).init(&device);
        let shards = vec![gradients(&net, 0.3, true), gradients(&net, 0.4, true)];
        let error = Reduction::Collective
            .sum(&net, shards, &device)
            .unwrap_err();
        let expected = "the device failed while exchanging gradients: ";
        assert!(error.to_string().starts_with(expected), "{error}");
    }

    #[test]
    fn devices_without_collectives_are_found_out() {
        let flex = Device::flex;
        assert_eq!(Reduction::of(&[flex()]), Reduction::Accumulator);
        assert_eq!(Reduction::of(&[flex(), flex()]), Reduction::Accumulator);
        // What keeps burn's panic in a build with cards but without NCCL from the caller.
        let tried = || sums_ones(&[flex(), flex()], &Collective);
        assert!(catch_unwind(AssertUnwindSafe(tried)).is_err());
        assert!(sums_ones(&[flex(), flex()], &InOrder(Default::default())));
    }
}
