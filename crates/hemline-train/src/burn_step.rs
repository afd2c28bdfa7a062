//! The generic step: any burn module, a loss closure and a burn optimizer, on any device.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsParams, ModuleOptimizer, OptimizerRecord};
use burn::store::ModuleRecord;
use burn::tensor::{Bytes, Tensor};
use rand_chacha::ChaCha8Rng;

use crate::{Error, OptimizerConfig, Snapshot, Step, StepContext};

/// One optimizer step on a burn module: loss, gradients by reverse-mode differentiation, update.
///
/// `L` computes the loss of a batch as a tensor of one element: `Fn(&M, Batch, &mut ChaCha8Rng) ->
/// Tensor<1>`. The generator is for dropout masks and other noise. The L2 penalty is no part of the
/// loss: it enters through the optimizer, so the loss that the history keeps is the unregularised one.
#[derive(Clone)]
pub struct BurnStep<M, L> {
    /// Taken out only while the optimizer holds it, so that the update can reuse its memory.
    module: Option<M>,
    optimizer: ModuleOptimizer,
    loss: L,
}

impl<M: Module, L> BurnStep<M, L> {
    /// A step for `module`, which must live on an autodiff device, with an L2 penalty of strength
    /// `l2` ≥ 0 on its weight matrices (see [`WeightDecayTargets`](crate::WeightDecayTargets)).
    pub fn new<Batch>(module: M, optimizer: &OptimizerConfig, l2: f64, loss: L) -> Self
    where
        L: Fn(&M, Batch, &mut ChaCha8Rng) -> Tensor<1>,
    {
        let optimizer = optimizer.init(&module, l2);
        Self {
            module: Some(module),
            optimizer,
            loss,
        }
    }

    /// A copy of the module for evaluation: without autodiff, with its running statistics brought
    /// up to date, and sharing no state with the module in training.
    pub fn valid(&self) -> M {
        self.module().valid()
    }

    /// The module in training.
    pub fn module(&self) -> &M {
        self.module
            .as_ref()
            .expect("the module is taken only within `update`, which puts it back")
    }

    /// A module with the same parameters, to be trained on its own: it shares no running statistics with the
    /// one in training, and none of their pending updates. Those of a clone are shared; `fork` would move
    /// them away to another device, and burn averages what different threads make of them, in no fixed order.
    pub(crate) fn detached(&self) -> M {
        self.valid().train()
    }

    /// The closure that computes the loss of a batch.
    pub(crate) fn loss(&self) -> &L {
        &self.loss
    }

    /// Takes one optimizer step along `gradients`, which must lie on the device of the module.
    pub(crate) fn update(&mut self, learning_rate: f64, gradients: GradientsParams) {
        if let Some(module) = self.module.take() {
            self.module = Some(self.optimizer.step(learning_rate, module, gradients));
        }
    }
}

impl<M: std::fmt::Debug, L> std::fmt::Debug for BurnStep<M, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BurnStep")
            .field("module", &self.module)
            .finish_non_exhaustive()
    }
}

impl<Batch, M, L> Step<Batch> for BurnStep<M, L>
where
    M: Module,
    L: Fn(&M, Batch, &mut ChaCha8Rng) -> Tensor<1>,
{
    fn step(&mut self, batch: Batch, context: StepContext<'_>) -> Result<f64, Error> {
        let loss = (self.loss)(self.module(), batch, context.generator);
        // The graph is walked before the loss is read, so that the device can work meanwhile.
        let gradients = GradientsParams::from_grads(loss.backward(), self.module());
        self.update(context.learning_rate, gradients);
        read_scalar(loss)
    }
}

impl<M: Module, L> Snapshot for BurnStep<M, L> {
    fn snapshot(&self) -> Result<Vec<u8>, Error> {
        // `valid` brings running statistics up to date; a record of the module itself would miss
        // the update of the last batch.
        let module = self.valid();
        let mut finite = FiniteCheck::default();
        module.visit(&mut finite);
        finite.result?;
        let model = module
            .into_record()
            .into_bytes()
            .map_err(restore_error("model"))?;
        let optimizer = self
            .optimizer
            .into_bytes()
            .map_err(restore_error("optimizer"))?;
        let mut state = Vec::with_capacity(8 + model.len() + optimizer.len());
        state.extend_from_slice(&(model.len() as u64).to_le_bytes());
        state.extend_from_slice(&model);
        state.extend_from_slice(&optimizer);
        Ok(state)
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        let (model, optimizer) = split_state(state).ok_or_else(|| Error::Restore {
            part: "model",
            message: format!(
                "{} bytes hold no model followed by an optimizer",
                state.len()
            ),
        })?;
        let model = ModuleRecord::from_bytes(Bytes::from_bytes_vec(model.to_vec()))
            .map_err(restore_error("model"))?;
        let module = self
            .detached()
            .try_load_record(model)
            .map_err(restore_error("model"))?;

        let record = OptimizerRecord::from_bytes(Bytes::from_bytes_vec(optimizer.to_vec()))
            .map_err(restore_error("optimizer"))?;
        let expected = record.len();
        let optimizer = self.optimizer.clone().load_record(record);
        // burn leaves out state that it cannot read and says nothing.
        let found = optimizer.to_record().len();
        if found != expected {
            let message = format!("{found} of {expected} state tensors fit this optimizer");
            return Err(Error::Restore {
                part: "optimizer",
                message,
            });
        }
        self.module = Some(module);
        self.optimizer = optimizer;
        Ok(())
    }
}

/// Cuts a snapshot into the model's bytes and the optimizer's.
fn split_state(state: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = state.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

fn restore_error<E: std::fmt::Display>(part: &'static str) -> impl Fn(E) -> Error {
    move |error| Error::Restore {
        part,
        message: error.to_string(),
    }
}

fn device_error<E: std::fmt::Display>(action: &'static str) -> impl Fn(E) -> Error {
    move |error| Error::Device {
        action,
        message: error.to_string(),
    }
}

/// The one value of a loss tensor, read through the fallible call: on a lost device the infallible
/// one panics.
pub(crate) fn read_scalar(loss: Tensor<1>) -> Result<f64, Error> {
    let data = loss
        .try_into_data()
        .map_err(device_error("reading the loss"))?;
    data.iter::<f64>().next().ok_or_else(|| Error::Device {
        action: "reading the loss",
        message: "the loss has no element".to_owned(),
    })
}

/// Looks for a parameter that is not finite.
struct FiniteCheck {
    path: Vec<String>,
    result: Result<(), Error>,
}

impl Default for FiniteCheck {
    fn default() -> Self {
        Self {
            path: Vec::new(),
            result: Ok(()),
        }
    }
}

impl ModuleVisitor for FiniteCheck {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.result.is_err() {
            return;
        }
        self.result = match param.val().try_into_data() {
            Ok(data) if data.iter::<f32>().all(f32::is_finite) => Ok(()),
            Ok(_) => Err(Error::NonFiniteParameter {
                name: self.path.join("."),
            }),
            Err(error) => Err(device_error("reading the parameters")(error)),
        };
    }
}
