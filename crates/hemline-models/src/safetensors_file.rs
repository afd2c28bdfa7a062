//! State dicts in safetensors files, which PyTorch and everybody else reads.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use atomic_write_file::AtomicWriteFile;
use burn::tensor::Device;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use safetensors::{Dtype, SafeTensors, View, serialize};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Autoencoder, AutoencoderConfig, Error, Mlp, MlpConfig, NamedTensor, Stack, StateDict};

/// The entry of a file's metadata that holds the model's config as JSON.
const CONFIG: &str = "hemline.config";

/// A model as files see it: some stacks of layers, each under a prefix, and a config to build them from.
pub(crate) trait Saved: Sized {
    type Config: Serialize + DeserializeOwned;

    /// The number of trainable parameters that a config asks for.
    fn parameters(config: &Self::Config) -> usize;

    /// A new model.
    fn draw(
        config: &Self::Config,
        generator: &mut ChaCha8Rng,
        device: &Device,
    ) -> Result<Self, Error>;

    /// The stacks with the beginnings of their tensors' names.
    fn stacks(&self) -> Vec<(&'static str, &Stack)>;

    /// The same, to be changed.
    fn stacks_mut(&mut self) -> Vec<(&'static str, &mut Stack)>;
}

/// What every [`Saved`] model offers, as methods of its own, so that nobody has to import a trait.
macro_rules! methods {
    ($model:ident, $config:ident, $pytorch:literal) => {
        impl $model {
            #[doc = concat!("The tensors with the names and layouts of ", $pytorch, ".")]
            ///
            /// # Errors
            ///
            /// [`Error::Device`] where they cannot be read.
            pub fn state_dict(&self) -> Result<StateDict, Error> {
                let mut dict = StateDict::default();
                for (prefix, stack) in self.stacks() {
                    stack.save_into(&mut dict, prefix)?;
                }
                Ok(dict)
            }

            /// Puts the tensors of a state dict in the place of this network's, on the same device.
            ///
            /// # Errors
            ///
            /// [`Error::Tensor`] naming the first tensor that is missing, too many or of another shape.
            pub fn load_state_dict(mut self, dict: StateDict) -> Result<Self, Error> {
                replace_tensors(&mut self, dict)?;
                Ok(self)
            }

            /// Writes the network with its config to a safetensors file, at once or not at all.
            ///
            /// # Errors
            ///
            /// [`Error::Device`] or [`Error::Io`].
            pub fn save(&self, config: &$config, path: impl AsRef<Path>) -> Result<(), Error> {
                self.state_dict()?.save(config, path)
            }

            #[doc = concat!("Reads a network and its config from a file that [`save`](", stringify!($model), "::save) wrote.")]
            ///
            /// # Errors
            ///
            /// [`Error::Io`], [`Error::Safetensors`], [`Error::Metadata`] where the file does not say
            /// what it holds or holds another kind of model, [`Error::Tensor`] where its tensors do not
            /// fit what it says.
            pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<(Self, $config), Error> {
                load(path.as_ref(), device)
            }
        }
    };
}

methods!(Mlp, MlpConfig, "the equivalent `nn.Sequential`");
methods!(
    Autoencoder,
    AutoencoderConfig,
    "an `nn.Module` whose `encoder` and `decoder` are the equivalent `nn.Sequential`s"
);

fn load<M>(path: &Path, device: &Device) -> Result<(M, M::Config), Error>
where
    M: Saved,
{
    let dict = StateDict::load(path)?;
    let config: M::Config = dict.config(path)?;
    dict.check_parameters(M::parameters(&config))?;
    // The weights drawn here are all replaced.
    let mut model = M::draw(&config, &mut ChaCha8Rng::seed_from_u64(0), device)?;
    replace_tensors(&mut model, dict)?;
    Ok((model, config))
}

/// Puts the tensors of `dict`, all of them, in the place of the model's.
fn replace_tensors(model: &mut impl Saved, mut dict: StateDict) -> Result<(), Error> {
    for (prefix, stack) in model.stacks_mut() {
        stack.load_from(&mut dict, prefix)?;
    }
    dict.finish()
}

impl StateDict {
    /// Writes the tensors to a safetensors file with `config` in its metadata, at once or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Metadata`].
    pub fn save(&self, config: &impl Serialize, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let config = serde_json::to_string(config).map_err(metadata_error(path))?;
        let metadata = HashMap::from([(CONFIG.to_owned(), config)]);
        let tensors = self.tensors.iter().map(|tensor| (&tensor.name, tensor));
        let bytes = serialize(tensors, Some(metadata)).map_err(|source| Error::Safetensors {
            path: path.to_path_buf(),
            source,
        })?;
        AtomicWriteFile::open(path)
            .and_then(|mut file| {
                file.write_all(&bytes)?;
                file.commit()
            })
            .map_err(io_error("write", path))
    }

    /// Reads a safetensors file, written by [`save`](StateDict::save) or by PyTorch. PyTorch's
    /// `num_batches_tracked` counters are left out: nothing here depends on them.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], [`Error::Safetensors`], or [`Error::Tensor`] for a tensor that is not of f32.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(io_error("read", path))?;
        let wrong = |source| Error::Safetensors {
            path: path.to_path_buf(),
            source,
        };
        let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(wrong)?;
        let file = SafeTensors::deserialize(&bytes).map_err(wrong)?;
        let mut dict = Self {
            tensors: Vec::new(),
            metadata: metadata
                .metadata()
                .clone()
                .unwrap_or_default()
                .into_iter()
                .collect(),
        };
        for (name, tensor) in file.iter() {
            if name.ends_with("num_batches_tracked") {
                continue;
            }
            if tensor.dtype() != Dtype::F32 {
                return Err(Error::Tensor {
                    name: name.to_owned(),
                    expected: "f32".to_owned(),
                    found: format!("{:?}", tensor.dtype()),
                });
            }
            let (values, _) = tensor.data().as_chunks::<4>();
            dict.tensors.push(NamedTensor {
                name: name.to_owned(),
                shape: tensor.shape().to_vec(),
                values: values
                    .iter()
                    .map(|bytes| f32::from_le_bytes(*bytes))
                    .collect(),
            });
        }
        Ok(dict)
    }

    /// The config that [`save`](StateDict::save) put into the file at `path`.
    pub(crate) fn config<C: DeserializeOwned>(&self, path: &Path) -> Result<C, Error> {
        let config = self.metadata.get(CONFIG).ok_or_else(|| Error::Metadata {
            path: path.to_path_buf(),
            key: CONFIG,
            message: "there is no such entry".to_owned(),
        })?;
        serde_json::from_str(config).map_err(metadata_error(path))
    }
}

impl View for &NamedTensor {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        self.values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    }

    fn data_len(&self) -> usize {
        size_of_val(self.values.as_slice())
    }
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    move |source| Error::Io {
        action,
        path: path.to_path_buf(),
        source,
    }
}

fn metadata_error(path: &Path) -> impl FnOnce(serde_json::Error) -> Error {
    move |error| Error::Metadata {
        path: path.to_path_buf(),
        key: CONFIG,
        message: error.to_string(),
    }
}
