//! A landscape in files that other programs read.

mod npz;
mod vtk;

use std::io::{BufWriter, Write};
use std::path::Path as FilePath;

use atomic_write_file::AtomicWriteFile;

use crate::{Error, Path, Plane, Surface};

/// A surface, the plane it stands on, and the trajectories seen from it.
#[derive(Clone, Copy, Debug)]
pub struct Landscape<'a> {
    /// The loss on the grid.
    pub surface: &'a Surface,
    /// The plane.
    pub plane: &'a Plane,
    /// The shares of the variance along the directions, where they are principal components.
    pub explained_variance_ratio: Option<[f64; 2]>,
    /// The trajectories.
    pub paths: &'a [Path],
}

impl Landscape<'_> {
    /// Writes NumPy's `.npz`, under a temporary name first: `x` \[nx\], `y` \[ny\], `loss` \[ny, nx\],
    /// `origin` \[p\], `directions` \[2, p\], `explained_variance_ratio` \[2\] if it is known, and for each
    /// run r, counted from 0, of k points `path_r` \[k, 2\], `path_loss_r`, `path_plane_loss_r`,
    /// `path_distance_r` and `path_iteration_r` \[k\]. The iterations are i64, everything else f64.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn save_npz(&self, path: impl AsRef<FilePath>) -> Result<(), Error> {
        save(path.as_ref(), |file| npz::write(self, file))
    }

    /// Writes a legacy VTK file for ParaView and the like, under a temporary name first: the cells of the
    /// grid as quadrilaterals and the trajectories as lines, with the point data `loss`, `run` and
    /// `iteration` (both −1 on the surface). Heights are losses; a trajectory's points are at the loss of
    /// their true parameters. What is not finite is left out.
    ///
    /// Source: *The VTK User's Guide*, "VTK File Formats", legacy, version 3.0.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn save_vtk(&self, path: impl AsRef<FilePath>) -> Result<(), Error> {
        save(path.as_ref(), |file| {
            file.write_all(vtk::text(self).as_bytes())
        })
    }
}

fn save(
    path: &FilePath,
    write: impl FnOnce(&mut BufWriter<AtomicWriteFile>) -> std::io::Result<()>,
) -> Result<(), Error> {
    let attempt = || {
        let mut file = BufWriter::new(AtomicWriteFile::open(path)?);
        write(&mut file)?;
        file.into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .commit()
    };
    attempt().map_err(Error::io("write", path))
}
