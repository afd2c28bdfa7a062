//! Where snapshots are kept: in memory or in a temporary file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::Error;

/// Vectors of the same length.
#[derive(Debug)]
pub(super) enum Store {
    Memory {
        dimension: usize,
        values: Vec<f32>,
    },
    File {
        dimension: usize,
        folder: PathBuf,
        file: Mutex<File>,
        count: usize,
    },
}

impl Store {
    pub(super) fn new(dimension: usize, spill: Option<&Path>) -> Result<Self, Error> {
        Ok(match spill {
            None => Self::Memory {
                dimension,
                values: Vec::new(),
            },
            Some(folder) => Self::File {
                dimension,
                folder: folder.to_owned(),
                file: Mutex::new(
                    tempfile::tempfile_in(folder)
                        .map_err(Error::io("make a temporary file in", folder))?,
                ),
                count: 0,
            },
        })
    }

    pub(super) fn push(&mut self, vector: &[f32]) -> Result<(), Error> {
        match self {
            Self::Memory { values, .. } => values.extend_from_slice(vector),
            Self::File {
                dimension,
                folder,
                file,
                count,
            } => {
                let file = file.get_mut().unwrap_or_else(PoisonError::into_inner);
                write(file, *count * *dimension, vector)
                    .map_err(Error::io("write a temporary file in", folder))?;
                *count += 1;
            }
        }
        Ok(())
    }

    /// Keeps the vectors at `indices`, which ascend, and drops the others.
    pub(super) fn keep(&mut self, indices: &[usize]) -> Result<(), Error> {
        match self {
            Self::Memory { dimension, values } => {
                for (to, &from) in indices.iter().enumerate() {
                    let start = from * *dimension;
                    values.copy_within(start..start + *dimension, to * *dimension);
                }
                values.truncate(indices.len() * *dimension);
            }
            Self::File {
                dimension,
                folder,
                file,
                count,
            } => {
                let file = file.get_mut().unwrap_or_else(PoisonError::into_inner);
                let mut vector = vec![0.0; *dimension];
                for (to, &from) in indices.iter().enumerate() {
                    read(file, from * *dimension, &mut vector)
                        .and_then(|()| write(file, to * *dimension, &vector))
                        .map_err(Error::io("thin a temporary file in", folder))?;
                }
                *count = indices.len();
                file.set_len((*count * *dimension * size_of::<f32>()) as u64)
                    .map_err(Error::io("thin a temporary file in", folder))?;
            }
        }
        Ok(())
    }

    /// Reads some elements of the vector at `index`, which is there.
    pub(super) fn read(
        &self,
        index: usize,
        elements: Range<usize>,
        into: &mut [f32],
    ) -> Result<(), Error> {
        match self {
            Self::Memory { dimension, values } => {
                let start = index * dimension;
                into.copy_from_slice(&values[start + elements.start..start + elements.end]);
                Ok(())
            }
            Self::File {
                dimension,
                folder,
                file,
                ..
            } => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                read(&mut file, index * dimension + elements.start, into)
                    .map_err(Error::io("read a temporary file in", folder))
            }
        }
    }
}

fn seek(file: &mut File, element: usize) -> std::io::Result<()> {
    let position = element as u64 * size_of::<f32>() as u64;
    file.seek(SeekFrom::Start(position)).map(|_| ())
}

fn write(file: &mut File, element: usize, values: &[f32]) -> std::io::Result<()> {
    seek(file, element)?;
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    file.write_all(&bytes)
}

fn read(file: &mut File, element: usize, values: &mut [f32]) -> std::io::Result<()> {
    seek(file, element)?;
    let mut bytes = vec![0; size_of_val(values)];
    file.read_exact(&mut bytes)?;
    for (value, bytes) in values.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *value = f32::from_le_bytes(*bytes);
    }
    Ok(())
}
