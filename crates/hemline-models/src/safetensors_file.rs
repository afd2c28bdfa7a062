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

use crate::{Error, Mlp, MlpConfig, NamedTensor, StateDict};

/// The entry of a file's metadata that holds the model's config as JSON.
const CONFIG: &str = "hemline.config";

impl Mlp {
    /// The tensors with the names and layouts of the equivalent `nn.Sequential`.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] where they cannot be read.
    pub fn state_dict(&self) -> Result<StateDict, Error> {
        let mut dict = StateDict::default();
        self.stack.save_into(&mut dict, "")?;
        Ok(dict)
    }

    /// Puts the tensors of a state dict in the place of this network's, on the same device.
    ///
    /// # Errors
    ///
    /// [`Error::Tensor`] naming the first tensor that is missing, too many or of another shape.
    pub fn load_state_dict(mut self, mut dict: StateDict) -> Result<Self, Error> {
        self.stack = self.stack.load_from(&mut dict, "")?;
        dict.finish()?;
        Ok(self)
    }

    /// Writes the network with its config to a safetensors file, at once or not at all.
    ///
    /// # Errors
    ///
    /// [`Error::Device`] or [`Error::Io`].
    pub fn save(&self, config: &MlpConfig, path: impl AsRef<Path>) -> Result<(), Error> {
        self.state_dict()?.save(config, path)
    }

    /// Reads a network and its config from a file that [`save`](Mlp::save) wrote.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], [`Error::Safetensors`], [`Error::Metadata`] where the file does not say what
    /// it holds, [`Error::Tensor`] where its tensors do not fit what it says.
    pub fn load(path: impl AsRef<Path>, device: &Device) -> Result<(Self, MlpConfig), Error> {
        let path = path.as_ref();
        let dict = StateDict::load(path)?;
        let config: MlpConfig = dict.config(path)?;
        dict.check_parameters(config.parameters())?;
        // The weights drawn here are all replaced.
        let mlp = config.init(&mut ChaCha8Rng::seed_from_u64(0), device)?;
        Ok((mlp.load_state_dict(dict)?, config))
    }
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
