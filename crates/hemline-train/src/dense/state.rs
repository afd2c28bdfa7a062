//! The state of a fast step as bytes: what a checkpoint keeps.

use super::DenseStep;
use super::net::{Layer, Net};
use crate::{Error, Snapshot};

/// What a state begins with, so that no other learner's is taken for one.
const HEAD: &[u8; 8] = b"dense 3\n";

impl<P> Snapshot for DenseStep<P> {
    fn snapshot(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = HEAD.to_vec();
        bytes.extend(self.steps.to_le_bytes());
        let mut failed = None;
        visit(&self.crew.work().net, &mut |name, values| {
            if values.iter().any(|value| !value.is_finite()) {
                failed.get_or_insert_with(|| name.to_owned());
            }
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        });
        match failed {
            Some(name) => Err(Error::NonFiniteParameter { name }),
            None => Ok(bytes),
        }
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        let mut numbers = 0;
        visit(&self.crew.work().net, &mut |_, values| {
            numbers += values.len()
        });
        let expected = HEAD.len() + 8 + 4 * numbers;
        let wrong = |message| Error::Restore {
            part: "model",
            message,
        };
        let rest = state.strip_prefix(HEAD).ok_or_else(|| {
            wrong("this is not the state of a dense step, but another learner's".to_owned())
        })?;
        let size = || wrong(format!("it takes {expected} bytes, found {}", state.len()));
        let (steps, rest) = rest.split_first_chunk::<8>().ok_or_else(size)?;
        if state.len() != expected {
            return Err(size());
        }
        self.steps = u64::from_le_bytes(*steps);
        let mut bytes = rest.as_chunks::<4>().0.iter();
        visit_mut(&self.crew.work().net, &mut |values| {
            for (value, bytes) in values.iter_mut().zip(&mut bytes) {
                *value = f32::from_le_bytes(*bytes);
            }
        });
        Ok(())
    }
}

/// All that training changes, in a fixed order, by the name of the layer and the part: nothing of how a
/// processor has it laid out.
fn visit(net: &Net, f: &mut impl FnMut(&str, &[f32])) {
    for (index, layer) in net.layers.read().iter().enumerate() {
        f(
            &format!("{index}.weight"),
            &net.matrix(layer, |block| &block.weights),
        );
        for moment in 0..layer.bias.moments() {
            let moments = net.matrix(layer, |block| &block.moments[moment]);
            f(&format!("{index}.moment"), &moments);
        }
        let Layer {
            bias, norm, slope, ..
        } = layer;
        let affine = norm.iter().flat_map(|norm| [&norm.scale, &norm.shift]);
        for vector in std::iter::once(bias).chain(slope).chain(affine) {
            for values in vector.parts() {
                f(&format!("{index}.bias, slope or normalisation"), values);
            }
        }
        for values in norm.iter().flat_map(|norm| norm.running()) {
            f(&format!("{index}.running statistics"), values);
        }
    }
}

/// The same to be changed.
fn visit_mut(net: &Net, f: &mut impl FnMut(&mut [f32])) {
    for layer in net.layers.write().iter_mut() {
        let mut matrix = vec![0.0; layer.inputs * layer.outputs];
        f(&mut matrix);
        net.hand_out(layer, &matrix, |block| &mut block.weights);
        for moment in 0..layer.bias.moments() {
            f(&mut matrix);
            net.hand_out(layer, &matrix, |block| &mut block.moments[moment]);
        }
        let mut vectors = vec![&mut layer.bias];
        vectors.extend(&mut layer.slope);
        if let Some(norm) = &mut layer.norm {
            vectors.extend([&mut norm.scale, &mut norm.shift]);
        }
        for vector in vectors {
            for values in vector.parts_mut() {
                f(values);
            }
        }
        for values in layer.norm.iter_mut().flat_map(|norm| norm.running_mut()) {
            f(values);
        }
    }
}
